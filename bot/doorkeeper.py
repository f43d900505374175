"""Looks who comes in, at every door: outsiders are refused kindly, guests are shown what is theirs, and no more.

What Slack says beside an act, or has said before, is looked at before anything else. What must be asked for is asked
once somebody's words are safe and Slack has its answer; words that were not ours to keep are then taken back at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import BoltContext

from bot.asked import Asked
from bot.company import Company, Standing
from bot.errors import KeptAllTheSame
from bot.logbook import Logbook, LogbookError
from bot.places import Place, Places
from storage import notes
from storage.models import Note

SPOKEN = (None, "file_share", "thread_broadcast", "me_message")
"""The subtypes of a message that somebody has just written."""


class FromOutside(LogbookError):
    """Groundswell keeps what an organisation's own people pass on, so nothing of this was kept. Thank you all the
    same.
    """


class SharedOutside(LogbookError):
    """People of another organisation are in this channel, so this was not kept. Please write to me directly instead."""


class ForOwnPeople(LogbookError):
    """Guests can pass things on and see what they passed on: `/demand mine`. What others said is for the organisation's
    own people.
    """


class Doorkeeper:
    """One for all doors."""

    def __init__(self, company: Company, places: Places, logbook: Logbook) -> None:
        self.company = company
        self.places = places
        self.logbook = logbook

    def look(self, body: dict[str, Any], context: BoltContext, next: Callable[[], None]) -> None:
        """Bolt's middleware in front of everything: turn away whoever is certainly from outside.

        Raises:
            FromOutside: they are.
        """
        person, team = _who_acts(body)
        workspace = context.team_id or ""
        if person and workspace:
            elsewhere = bool(team) and team != workspace and context.enterprise_id is None
            if elsewhere or self.company.known(workspace, person) is Standing.OUTSIDE:
                raise FromOutside
        next()

    def is_outside(self, workspace: str, person: str) -> bool:
        """Whether somebody is of another organisation, as far as Slack tells us."""
        return self.company.of(workspace, person) is Standing.OUTSIDE

    def refuse_known(self, workspace: str, channel: str, *, by: str = "") -> None:
        """Before somebody's words are kept: is the channel they came from known to be shared with outsiders, or are
        they known to be an outsider themselves?

        Raises:
            FromOutside: they are.
            SharedOutside: it is.
        """
        if by and self.company.known(workspace, by) is Standing.OUTSIDE:
            raise FromOutside
        place = self.places.known(workspace, channel)
        if place is not None and place.is_shared_outside:
            raise SharedOutside

    def confirm(self, note: Note, *, by: str | None, channel: str = "") -> Note:
        """Once somebody's words are safe: may they stay? Then a note from a public channel says which it was. `by` is
        none where a workflow handed them over and names nobody.

        Raises:
            FromOutside: somebody of another organisation said them; they are taken back.
            SharedOutside: people of another organisation read that channel; they are taken back.
            KeptAllTheSame: we could not tell just now. The words stay.
        """
        try:
            return self._confirm(note, by=by, channel=channel)
        except LogbookError:
            raise
        except Exception as error:
            raise KeptAllTheSame(note.number) from error

    def _confirm(self, note: Note, *, by: str | None, channel: str) -> Note:
        place = self.places.of(note.workspace, channel) if channel else None
        if by and self.is_outside(note.workspace, by):
            self._take_back(note, by)
            raise FromOutside
        if place is not None and place.is_shared_outside:
            self._take_back(note, by)
            raise SharedOutside
        return self._where_it_was(note, place) if place is not None else note

    def admit(self, asked: Asked) -> None:
        """Before what others said is shown.

        Raises:
            FromOutside: to somebody of another organisation.
            ForOwnPeople: to a guest.
        """
        standing = self.company.of(asked.workspace, asked.person)
        if standing is Standing.OUTSIDE:
            raise FromOutside
        if standing is Standing.GUEST:
            raise ForOwnPeople

    def own_people_only(self, story: Callable[[Asked], None]) -> Callable[[Asked], None]:
        """The same story, told to the organisation's own people alone."""

        def told(asked: Asked) -> None:
            self.admit(asked)
            story(asked)

        return told

    def _where_it_was(self, note: Note, place: Place) -> Note:
        if place.is_private == note.private and (note.point or not place.point):
            return note
        with self.logbook.database.transaction() as session:
            here = notes.get(session, note.id or 0, workspace=note.workspace)
            if here is not None:
                notes.heard_at_place(session, here, point=place.point, private=place.is_private)
        return here or note

    def _take_back(self, note: Note, by: str | None) -> None:
        self.logbook.undo(note.id or 0, workspace=note.workspace, by=by)


def _who_acts(body: dict[str, Any]) -> tuple[str, str]:
    """Who has typed, pressed or written this, and the team that Slack says they are of; nobody, if it just happens."""
    event, user = body.get("event"), body.get("user")
    if isinstance(event, dict):
        acts = event.get("type") in ("app_mention", "reaction_added") or (
            event.get("type") == "message" and (event.get("subtype") or None) in SPOKEN and "bot_id" not in event
        )
        return (_text(event.get("user")), _text(event.get("user_team"))) if acts else ("", "")
    if isinstance(user, dict):
        return _text(user.get("id")), _text(user.get("team_id"))
    return _text(body.get("user_id")), ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
