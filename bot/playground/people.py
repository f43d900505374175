"""The cast, and the two organisations they work for. Both are made up."""

from __future__ import annotations

from bot.playground.workspace import Channel, Person, Workspace

APP_TOKEN = "xapp-1-A0GROUNDSW-1000000000-playground"
SIGNING_SECRET = "playground-signing-secret"


def larkmoor() -> Workspace:
    """Larkmoor Homes, a housing association: lettings, repairs, rents.

    Asha answers the repairs line, Tom the front desk, Morgan manages both. The bot is in every channel
    except #general.
    """
    team = "T0LARKMOOR"
    workspace = Workspace(team, "Larkmoor Homes", "larkmoor-homes", "xoxb-larkmoor-playground")
    asha = Person("U0ASHA00001", "Asha", team, "Repairs line")
    tom = Person("U0TOM000001", "Tom", team, "Front desk")
    morgan = Person("U0MORGAN001", "Morgan", team, "Manager", is_admin=True)
    everyone = {asha.id, tom.id, morgan.id}
    bot = workspace.bot_user_id
    channels = [
        Channel("C0REPAIRS01", "repairs-line", team, everyone | {bot}),
        Channel("C0FRONTDESK", "front-desk", team, everyone | {bot}),
        Channel("C0MANAGERS1", "managers", team, {morgan.id, bot}, is_private=True),
        Channel("C0IMPROVE01", "improvement", team, everyone | {bot}),
        Channel("C0GENERAL01", "general", team, set(everyone)),
    ]
    workspace.people = {person.id: person for person in (asha, tom, morgan)}
    workspace.channels = {channel.id: channel for channel in channels}
    return workspace


def hillcrest() -> Workspace:
    """Hillcrest Water, the neighbours, who must never see Larkmoor's notes.

    Priya has the same user id as Asha, and #general the same channel id: in Slack an id alone is not a key.
    """
    team = "T0HILLCREST"
    workspace = Workspace(
        team,
        "Hillcrest Water",
        "hillcrest-water",
        "xoxb-hillcrest-playground",
        bot_id="B0HILLCREST",
        bot_user_id="U0HILLCRBOT",
    )
    priya = Person("U0ASHA00001", "Priya", team, "Billing line")
    lewis = Person("U0LEWIS0001", "Lewis", team, "Billing manager", is_admin=True)
    everyone = {priya.id, lewis.id}
    channels = [
        Channel("C0GENERAL01", "general", team, everyone | {workspace.bot_user_id}),
        Channel("C0BILLING01", "billing-line", team, everyone | {workspace.bot_user_id}),
    ]
    workspace.people = {person.id: person for person in (priya, lewis)}
    workspace.channels = {channel.id: channel for channel in channels}
    return workspace
