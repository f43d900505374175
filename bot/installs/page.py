"""What people read in the browser while they install the app: one plain page, three occasions."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from digests import speech
from digests.speech import N_, _

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Nothing is loaded from anywhere, nobody frames it, and the address with Slack's code in it is told to nobody."""

_WHY = {
    "access_denied": N_("You did not agree in Slack, so nothing was installed. That is fine."),
    "invalid_browser": N_(
        "This came back in another browser than it began in, or after a while, so nothing was installed here. "
        "If you have just seen that it worked, all is well."
    ),
    "invalid_state": N_(
        "This was used already, or took longer than ten minutes, so nothing was installed now. "
        "If you have just seen that it worked, all is well."
    ),
    "missing_code": N_("Slack did not tell us that you agreed, so nothing was installed."),
    "invalid_code": N_("Slack did not take back what it had given us, so nothing was installed. Waiting can do that."),
    "out_of_reach": N_("Slack cannot be reached from here just now, so nothing was installed."),
}
_OTHER = N_("Slack did not let us in, so nothing was installed.")

_templates = Environment(
    loader=PackageLoader("bot.installs", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def door(url: str, *, accepts: str = "") -> str:
    """What stands at the door: what this is, and one button, which leads to Slack's question."""
    with speech.speaking(_language(accepts)):
        return _page(
            title=_("Groundswell for your Slack"),
            sentences=[
                _("People at the front line pass on what customers really ask for, and what gets in the way."),
                _("Every week the people who can change the system hear it in customers' own words."),
                _("Slack asks you next whether that is all right. Nobody is ever counted or compared."),
            ],
            link=url,
            button=_("Add to Slack"),
        )


def arrived(name: str, *, app_id: str, team: str, org_wide: bool, accepts: str = "") -> str:
    """It worked: where it is now, and what to do next."""
    with speech.speaking(_language(accepts)):
        there = _("Groundswell is in {name} now.").format(name=name) if name else _("Groundswell is in your Slack now.")
        wide = _("Whoever looks after the organisation chooses in which workspaces it is there.")
        return _page(
            title=there,
            sentences=[
                *([wide] if org_wide else []),
                _("In Slack, type /groundswell purpose and a sentence: what are you here for, in customers' words?"),
                _("Invite Groundswell to the managers' channel, and type /groundswell digest on managers there."),
                _("Then tell people at the front line about /demand. You can close this page."),
            ],
            link="https://slack.com/app_redirect?" + urlencode({"app": app_id, **({"team": team} if team else {})}),
            button=_("Open Slack"),
        )


def failed(reason: str, *, again: str, accepts: str = "") -> str:
    """It did not work: why, and one button to begin again. `reason` may be anything that came in an address."""
    with speech.speaking(_language(accepts)):
        return _page(
            title=_("That did not work yet"),
            sentences=[_(_WHY.get(reason, _OTHER))],
            link=again,
            button=_("Begin again"),
        )


def known(reason: str) -> str:
    """A reason fit for the log: one of those that we know."""
    return reason if reason in _WHY else "another reason"


def _page(*, title: str, sentences: list[str], link: str, button: str) -> str:
    page = _templates.get_template("page.html")
    return page.render(title=title, sentences=sentences, link=link, button=button, language=speech.spoken())


def _language(accepts: str) -> str:
    """The first language of a browser's that we speak."""
    wanted = (re.split(r"[-;]", one.strip())[0].lower() for one in accepts.split(","))
    return next((code for code in wanted if code in speech.LANGUAGES), speech.ENGLISH)
