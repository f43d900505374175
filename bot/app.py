"""The composition root: `build` wires every room together, the same way for production, for tests and for the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from slack_bolt import App
from sqlalchemy.exc import SQLAlchemyError

from bot import answering, errors, hearing_back
from bot.blocks import digest_card
from bot.colleagues import Colleagues
from bot.company import Company
from bot.config import SettingError, Settings
from bot.connection import Authorizing, Connection
from bot.conversations.archiving import Archiving
from bot.conversations.arranging import Arranging, Story
from bot.conversations.belonging import Belonging
from bot.conversations.changing import Changing
from bot.conversations.correcting import Correcting
from bot.conversations.detailing import Detailing
from bot.conversations.explaining import Explaining
from bot.conversations.helping import Helping
from bot.conversations.home import Home
from bot.conversations.leaving import Leaving
from bot.conversations.looking import Looking
from bot.conversations.messaging import Messaging
from bot.conversations.noting import Noting
from bot.conversations.owning import Owning
from bot.conversations.pointing import Pointing
from bot.conversations.preferring import Preferring
from bot.conversations.reacting import Reacting
from bot.conversations.relaying import Relaying
from bot.conversations.scheduling import Scheduling
from bot.conversations.showing import Showing
from bot.conversations.tending import Tending
from bot.conversations.theming import Theming
from bot.courtesy import Courtesy
from bot.doorkeeper import Doorkeeper
from bot.installs import locating
from bot.installs.connections import Connections, connect
from bot.installs.flow import Flow
from bot.installs.visiting import Visiting
from bot.interpreter import Interpreter
from bot.learner import Redacts, Tags
from bot.listening import PromptApp
from bot.logbook import Logbook
from bot.marking import Marking
from bot.messenger import Messenger
from bot.notebook import Notebook
from bot.places import Places
from digests import schedule, send
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage.database import Database


@dataclass(frozen=True, slots=True)
class House:
    """Every room, wired together. `open` starts what runs by itself; `close` ends it."""

    settings: Settings
    database: Database
    logbook: Logbook
    connection: Connection
    messenger: Messenger
    slack: App
    clock: schedule.Clock
    leaving: Leaving
    installing: Flow | None = None
    """The way in for workspaces, where there are many."""

    def open(self) -> None:
        """Start carrying messages and watching the clock."""
        if isinstance(self.connection, Connections):
            self.connection.reseal()
        self.messenger.start()
        self.clock.start()

    def close(self) -> None:
        """Finish what is in hand, then stop."""
        self.clock.stop()
        self.messenger.stop()
        self.database.close()


def build(
    settings: Settings,
    *,
    redactor: Redacts | None = None,
    tagger: Tags | None = None,
    now: Callable[[], datetime] | None = None,
) -> House:
    """Wire the rooms together. Nothing runs yet, and Slack has not been spoken to.

    Raises:
        SettingError: the database named in the settings cannot be used.
    """
    answering.share_one_opener()
    now = now or (lambda: datetime.now(UTC))
    database = open_store(settings)
    connection = connect(settings, database, now)
    leaving = Leaving(database, connection, now, grace=settings.grace)
    company, places = Company(connection.patient_client, now), Places(connection.patient_client, now)
    colleagues = Colleagues(database, connection.patient_client, now, company.notice)
    courtesy = Courtesy()
    logbook = Logbook(
        database,
        redactor or Redactor.load(),
        tagger or Tagger.load(model=settings.nlp_model or None),
        clock=now,
        colleagues=colleagues.of,
        courtesy=courtesy,
    )
    doorkeeper = Doorkeeper(company, places, logbook)
    interpreter = Interpreter(database)
    messenger = Messenger(
        database,
        connection.patient_client,
        clock=now,
        on_removal=leaving.removed if settings.many else lambda workspace, why: None,
    )
    flow = Flow(settings, connection, now, messenger.wake) if isinstance(connection, Connections) else None
    slack = PromptApp(
        courtesy=courtesy,
        name="groundswell",
        client=connection.client_to_be(),
        signing_secret=settings.slack_signing_secret,
        before_authorize=locating.locate,
        authorize=Authorizing(connection),
        oauth_flow=flow,
        attaching_function_token_enabled=False,
        raise_error_for_unhandled_request=True,
    )
    slack.use(interpreter.listen)
    slack.use(doorkeeper.look)
    slack.error(errors.answer)
    notebook = Notebook(logbook, now)
    asides: dict[str, Story] = {}
    noting = Noting(logbook, doorkeeper, messenger.wake, asides)
    helping = Helping(settings.reaction)
    home = Home(logbook, notebook, noting, helping)
    looking, owning = Looking(noting.amendments, notebook, helping), Owning(notebook, home, logbook.version)
    preferring = Preferring(notebook, home)
    asides |= {
        "help": helping.help_out,
        "mine": looking.mine,
        "search": doorkeeper.own_people_only(looking.search),
        "undo": looking.undo,
        "misspelt": looking.misspelt,
        "prefs": preferring.show,
        "about": owning.about,
        "privacy": owning.privacy,
    }
    reacting = Reacting(Marking(logbook), noting, interpreter, connection.patient_client, emoji=settings.reaction)
    scheduling = Scheduling(database, now, messenger.wake, connection.patient_client)
    belonging, pointing = Belonging(database, now), Pointing(database, now)
    theming, changing = Theming(logbook), Changing(logbook)
    relaying = Relaying(noting, interpreter.language_of)
    stories = {
        "": Showing(database, now, theming.shown).show,
        "digest": scheduling.arrange,
        "unit": belonging.unit,
        "units": belonging.list_all,
        "mine": belonging.mine,
        "points": pointing.points,
        "point": pointing.point,
        "explain": Explaining(database).explain,
        "search": looking.look_up,
        "changed": changing.changed,
        "changes": changing.list_all,
        "themes": theming.list_all,
        "theme": theming.show,
    }
    for conversation in (
        noting,
        relaying,
        Messaging(noting, noting.amendments, helping),
        reacting,
        Detailing(noting.amendments),
        home,
        Tending(logbook, notebook, home),
        looking,
        owning,
        preferring,
        Correcting(noting),
        scheduling,
        colleagues,
        belonging,
        leaving,
        Archiving(database, places, now, messenger.wake),
        pointing,
        theming,
        changing,
        Arranging(database, now, interpreter, stories, doorkeeper.admit, helping),
    ):
        conversation.register(slack)

    of_many = []
    if isinstance(connection, Connections):
        visiting = Visiting(database, connection.patient_client, now, on_removal=leaving.removed)
        of_many = [connection.renewing.look_again, visiting.look_again]
    clock = schedule.Clock(
        *of_many,
        leaving.purge_due,
        relaying.catch_up,
        lambda: send.send_due(
            database, now=now(), card=digest_card.build, lessons_set_aside=logbook.meanings.lessons_set_aside
        ),
        lambda: hearing_back.tell(database, now=now()),
        logbook.learn,
        logbook.retag,
        partial(logbook.find_themes, aside=True),
        colleagues.look_again,
        reacting.catch_up,
        messenger.wake,
    )
    return House(settings, database, logbook, connection, messenger, slack, clock, leaving, flow)


def open_store(settings: Settings) -> Database:
    """The database, with its tables in today's shape.

    Raises:
        SettingError: it cannot be reached, read or written.
    """
    if not settings.database_url:
        settings.make_home()
    try:
        database = Database(settings.store)
        database.create()
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        name = "DATABASE_URL" if settings.database_url else "GROUNDSWELL_HOME"
        raise SettingError(
            f"The database cannot be used: {reason}. "
            f"Check that {name} points to a place that exists and can be written."
        ) from error
    return database
