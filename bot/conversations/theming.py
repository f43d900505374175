"""People look at what keeps coming, and say what it is called and what belongs together. Their word stands.

    Tom:   /groundswell themes
    Bot:   where is my repair: heard in 11 of the last 12 weeks, at 3 listening points [Open] …
    Tom:   [Open] → [Name it] → nobody tells me when
    Bot:   the theme under its new name, in all of history [Name it] [Merge with…] [Split] [Pin]

Anyone may, and anyone may take the last change back. Who did it is not kept.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot import answering
from bot.asked import Asked
from bot.blocks import pages, theme_card
from bot.blocks.theme_card import Shown
from bot.conversations.noting import workspace_of
from bot.librarian import NoneLeft, NoneSetApart
from bot.listening import guarded
from bot.logbook import Logbook
from digests import mrkdwn
from digests.speech import N_, _
from nlp.theming import NoSuchTheme, NothingToUndo, ThemeBook, naming
from storage import recurring, units, workspaces
from storage.models import Unit

Form = Callable[[str, int, Shown, str], dict[str, Any] | str]
"""Workspace, unit, theme and where to answer become a form, or the sentence that says why there is nothing to ask."""

WEEKS = 12
_LONGEST_QUOTE = 280
_GONE = N_("That theme is no longer there: it was merged or taken back meanwhile.")
_VERBS = {
    "rename": N_("The last change: a theme was given another name."),
    "merge": N_("The last change: themes were merged."),
    "split": N_("The last change: a theme was split."),
    "pin": N_("The last change: a theme was pinned."),
}


class Theming:
    """`/groundswell themes` and `theme`."""

    def __init__(self, logbook: Logbook) -> None:
        self.logbook = logbook
        self.database = logbook.database
        self.librarian = logbook.librarian

    def register(self, app: App) -> None:
        """The doors that lead here, beside the command."""
        app.action(re.compile(rf"{theme_card.TURN}_(earlier|more)"))(guarded(self.turn))
        app.action(theme_card.OPEN)(guarded(self.open))
        app.action(theme_card.NAME)(guarded(self.asking(self.for_name)))
        app.action(theme_card.MERGE)(guarded(self.asking(self.for_other)))
        app.action(theme_card.SPLIT)(guarded(self.asking(self.for_what_leaves)))
        app.action(theme_card.PIN)(guarded(self.pin))
        app.action(theme_card.UNDO)(guarded(self.undo))
        app.view(theme_card.FORM_NAME)(guarded(self.name))
        app.view(theme_card.FORM_MERGE)(guarded(self.merge))
        app.view(theme_card.FORM_SPLIT)(guarded(self.split))

    def list_all(self, asked: Asked) -> None:
        """`themes`: what keeps coming to this unit."""
        asked.say(**self._listed(asked.workspace, self._here(asked)))

    def show(self, asked: Asked) -> None:
        """`theme NAME`: one of them."""
        book = self.librarian.book(asked.workspace)
        wanted = asked.words.strip("“”\"' ").casefold()
        theme = next((theme for theme in book.themes if theme.name.casefold() == wanted), None)
        if theme is None:
            asked.say(_("There is no theme of that name. `/groundswell themes` shows them."))
        else:
            asked.say(**(self._card(asked.workspace, self._here(asked), theme.id) or {"text": _(_GONE)}))

    def turn(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Another page of the list, in place of this one."""
        ack()
        workspace = workspace_of(context)
        unit_id, page = pages.carried(action["value"])
        listed = self._listed(workspace, self._unit(workspace, int(unit_id)), page=page)
        answering.instead(respond, listed)

    def open(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """One theme, in place of the list."""
        ack()
        self._show_again(workspace_of(context), action["value"], respond)

    def asking(self, form: Form) -> Callable[..., None]:
        """What answers a button of a theme with a form, or with the sentence that says why there is nothing to ask; and
        where the theme is gone, with those that are there.
        """

        def ask(
            ack: Ack,
            action: dict[str, Any],
            body: dict[str, Any],
            context: BoltContext,
            client: WebClient,
            respond: Respond,
        ) -> None:
            ack()
            workspace = workspace_of(context)
            unit_id, theme = self._carried(workspace, action["value"])
            if theme is None:
                self._show_again(workspace, action["value"], respond)
                return
            view = form(workspace, unit_id, theme, body.get("response_url", ""))
            if isinstance(view, str):
                answering.say(respond, replace_original=False, text=view)
            else:
                client.views_open(trigger_id=body["trigger_id"], view=view)

        return ask

    def for_name(self, _workspace: str, unit_id: int, theme: Shown, response_url: str) -> dict[str, Any]:
        """The form for another name."""
        return theme_card.name_form(theme, unit_id, response_url)

    def for_other(self, workspace: str, unit_id: int, theme: Shown, response_url: str) -> dict[str, Any] | str:
        """The form that asks which theme this one becomes part of."""
        others = [other for other in self.shown(workspace, self._unit(workspace, unit_id)) if other.id != theme.id]
        if not others:
            return _("There is no other theme to merge it with.")
        return theme_card.merge_form(theme, others, unit_id, response_url)

    def for_what_leaves(self, workspace: str, unit_id: int, theme: Shown, response_url: str) -> dict[str, Any] | str:
        """The form that asks which notes are about something else."""
        might_leave = self.librarian.might_leave(workspace, theme.id)
        if len(might_leave) < 2:
            return _("Too little that differs was said about this to tell it apart.")
        offered = [(note.id or 0, note.verbatim) for note in might_leave]
        return theme_card.split_form(theme, offered, unit_id, response_url)

    def name(self, ack: Ack, view: dict[str, Any], context: BoltContext) -> None:
        """A name comes back. One that no customer would say is asked about once; the person's word stands."""
        workspace = workspace_of(context)
        kept, wanted = theme_card.kept_in(view), " ".join(theme_card.filled_in(view).split())
        if not wanted or self.logbook.without_people(wanted, workspace) != wanted:
            ack(theme_card.refused(_("A theme needs a name, and nobody's own name in it.")))
            return
        why = self._why_not(workspace, wanted)
        if why and kept.get("insists_on") != wanted:
            ack(response_action="update", view=theme_card.are_you_sure(view, wanted, why))
            return
        try:
            self.librarian.change(workspace, lambda book: book.rename(kept["theme"], wanted), once_changed=ack)
        except NoSuchTheme:
            ack(theme_card.refused(_(_GONE)))
            return
        except ValueError:
            ack(theme_card.refused(_("Another theme has that name. You can merge the two.")))
            return
        self._answer(workspace, kept)

    def merge(self, ack: Ack, view: dict[str, Any], context: BoltContext) -> None:
        """The choice comes back, and the theme becomes part of the other."""
        workspace = workspace_of(context)
        kept, into = theme_card.kept_in(view), theme_card.filled_in(view)
        try:
            self.librarian.change(workspace, lambda book: book.merge(into, kept["theme"]), once_changed=ack)
        except (NoSuchTheme, ValueError):
            ack(theme_card.refused(_(_GONE)))
            return
        self._answer(workspace, {**kept, "theme": into})

    def split(self, ack: Ack, view: dict[str, Any], context: BoltContext) -> None:
        """What was ticked comes back, and becomes a theme of its own. A name is asked about as any other."""
        workspace = workspace_of(context)
        kept, (chosen, wanted) = theme_card.kept_in(view), theme_card.set_apart(view)
        if self.logbook.without_people(wanted, workspace) != wanted:
            ack(theme_card.refused(_("Nobody's own name, please."), at="name"))
            return
        why = self._why_not(workspace, wanted) if wanted else ""
        if why and kept.get("insists_on") != wanted:
            ack(response_action="update", view=theme_card.are_you_sure_to_split(view, wanted, why))
            return
        try:
            name = self.librarian.split(workspace, kept["theme"], chosen, name=wanted, once_split=ack)
        except NoSuchTheme:
            ack(theme_card.refused(_(_GONE)))
        except NoneSetApart:
            ack(theme_card.refused(_("Tick at least one note. Those that you ticked are no longer in this theme.")))
        except NoneLeft:
            ack(theme_card.refused(_("Leave at least one. If all are about the same, give the theme another name.")))
        except ValueError:
            ack(theme_card.refused(_("A theme has that name already."), at="name"))
        else:
            said = _("“{theme}” is a theme of its own now.").format(theme=mrkdwn.escape(name))
            self._answer(workspace, kept, said=said)

    def pin(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """The theme stays as it is through later passes."""
        ack()
        workspace, (_unit_id, theme_id) = workspace_of(context), action["value"].split("/")
        with contextlib.suppress(NoSuchTheme):  # then what is shown again says so
            self.librarian.change(workspace, lambda book: book.pin(theme_id))
        self._show_again(workspace, action["value"], respond)

    def undo(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Take the last change back, whoever made it."""
        ack()
        workspace, said = workspace_of(context), ""
        try:
            self.librarian.change(workspace, ThemeBook.undo)
        except NothingToUndo:
            said = _("There is nothing to take back any more.")
        unit = self._unit(workspace, int(action["value"].split("/")[0]))
        answering.instead(respond, self._listed(workspace, unit), said=said)

    def _show_again(self, workspace: str, carried: str, respond: Respond, *, said: str = "") -> None:
        """The theme as it is now; if it is gone, those that are there."""
        unit_id, theme_id = carried.split("/")
        unit = self._unit(workspace, int(unit_id))
        card = self._card(workspace, unit, theme_id)
        if card is None:
            answering.instead(respond, self._listed(workspace, unit), said=_(_GONE))
        else:
            answering.instead(respond, card, said=said)

    def _answer(self, workspace: str, kept: dict[str, Any], *, said: str = "") -> None:
        if kept["response_url"]:
            respond = answering.back_to(kept["response_url"])
            self._show_again(workspace, f"{kept['unit']}/{kept['theme']}", respond, said=said)

    def _why_not(self, workspace: str, name: str) -> str:
        """Why a customer would hardly say it; nothing, if they might."""
        jargon = naming.flagged(name)
        if jargon:
            said = _("“{words}” sounds like us, not like a customer. How would they say it? If it is right, keep it.")
            return said.format(words=", ".join(jargon))
        with self.database.reading() as session:
            known = {unit.name.casefold() for unit in units.of_workspace(session, workspace)}
        if name.casefold() in known:
            return _("That is the name of a unit. What do customers ask it for? If it is right, keep it.")
        return ""

    def _listed(self, workspace: str, unit: Unit, *, page: int = 0) -> dict[str, Any]:
        said = self.librarian.book(workspace).said
        undo = _(_VERBS[said[-1].verb]) if said else ""
        return theme_card.many(self.shown(workspace, unit), unit.id or 0, unit.name, undo=undo, page=page)

    def _card(self, workspace: str, unit: Unit, theme_id: str) -> dict[str, Any] | None:
        theme = next((shown for shown in self.shown(workspace, unit, every=True) if shown.id == theme_id), None)
        if theme is None:
            return None
        examples = self.librarian.book(workspace).theme(theme_id).examples
        quotes = [text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…" for text in examples[:3]]
        return theme_card.one(theme, unit.id or 0, quotes)

    def shown(self, workspace: str, unit: Unit, *, every: bool = False) -> list[Shown]:
        """The unit's themes of the last twelve weeks, the ones heard in most weeks first."""
        now = self.logbook.clock()
        back = [(now - timedelta(weeks=n + 1), now - timedelta(weeks=n)) for n in range(WEEKS - 1, -1, -1)]
        with self.database.reading() as session:
            lately = recurring.lately(session, back, workspace=workspace, unit_id=unit.id or 0)
        weeks = {theme.theme: sum(many > 0 for many in theme.by_week) for theme in lately.themes}
        shown = [
            Shown(
                id=theme.id,
                name=theme.name,
                weeks=weeks.get(theme.name, 0),
                points=lately.points_of_any_demand.get(theme.name, 0),
                held=theme.held,
            )
            for theme in self.librarian.book(workspace).themes
            if every or theme.held or weeks.get(theme.name)
        ]
        return sorted(shown, key=lambda theme: (-theme.weeks, -theme.points, theme.name))

    def _carried(self, workspace: str, value: str) -> tuple[int, Shown | None]:
        """The unit and the theme that a button carries; none, if the theme is gone."""
        unit_id, theme_id = value.split("/")
        try:
            theme = self.librarian.book(workspace).theme(theme_id)
        except NoSuchTheme:
            return int(unit_id), None
        return int(unit_id), Shown(id=theme.id, name=theme.name, weeks=0, points=0, held=theme.held)

    def _here(self, asked: Asked) -> Unit:
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.logbook.clock())
            return units.where(session, asked.workspace, channel=asked.channel, person=asked.person)[0]

    def _unit(self, workspace: str, unit_id: int) -> Unit:
        with self.database.transaction() as session:
            return units.get(session, unit_id, workspace=workspace) or workspaces.home_unit(session, workspace)
