"""Someone asks why a digest says what it says.

Tom:   /groundswell explain 12
Bot:   (for Tom's eyes only) each part of digest 12, and by which rule it came to stand there
"""

from __future__ import annotations

from bot.asked import Asked
from bot.blocks import pages
from bot.blocks.schedule_form import AUDIENCES
from digests import mrkdwn, retell
from digests.periods import Week
from digests.speech import _
from storage import counts, editions, units
from storage.database import Database
from storage.models import Edition

_MOST_LISTED = 10
_WENT_OUT = {editions.Outcome.LEFT, editions.Outcome.STILL_HERE}


class Explaining:
    """`/groundswell explain`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def explain(self, asked: Asked) -> None:
        """`explain NUMBER`; without a number, the latest digests with theirs."""
        number = asked.words.lstrip("#")
        if not number.isdecimal() or len(number) > 9:
            asked.say(self._latest(asked.workspace))
            return
        with self.database.reading() as session:
            edition = editions.get(session, int(number), workspace=asked.workspace)
        if edition is None:
            asked.say(_("There is no digest {number}. `/groundswell explain` shows the latest.").format(number=number))
            return
        try:
            headline, parts, made_from = retell.reasons(edition)
        except (retell.NothingToExplain, ValueError) as error:
            asked.say(str(error))
            return
        said = _("Digest {number}: why each part is there").format(number=number)
        blocks = [pages.section(f"*{said}*\n{headline}")]
        blocks += [pages.section(f"*{title}*\n{mrkdwn.escape(why)}") for title, why in parts]
        asked.say(said, blocks=[*blocks, pages.small(mrkdwn.escape(" ".join(made_from)))])

    def _latest(self, workspace: str) -> str:
        with self.database.reading() as session:
            there = [edition for edition in editions.of_workspace(session, workspace) if edition.outcome in _WENT_OUT]
            names = {unit.id: unit.name for unit in units.of_workspace(session, workspace)}
            zone = counts.clock(session, workspace) if there else ""
        if not there:
            return _("No digest has gone out yet.")
        lines = [_("Add the number of a digest: `/groundswell explain {number}`.").format(number=there[0].id)]
        return "\n".join([*lines, *(f"• {_told(e, names.get(e.unit_id, ''), zone)}" for e in there[:_MOST_LISTED])])


def _told(edition: Edition, unit: str, zone: str) -> str:
    return _("{number}: {week}, of *{unit}* for {audience}, in <#{channel}>").format(
        number=edition.id,
        week=Week.parse(edition.week, zone).label,
        unit=mrkdwn.escape(unit),
        audience=_(AUDIENCES[edition.audience]),
        channel=edition.channel,
    )
