"""A digest's charts reach its thread as pictures, drawn by Slack where no picture may go, or not at all."""

from __future__ import annotations

from dataclasses import replace

from bot.blocks import picture_card
from bot.messenger import Messenger
from bot.playground import block_kit
from bot.playground.local_slack import LocalSlack
from digests.facts import Charted
from digests.verdicts import Measure, Point, Restart, judge
from storage import outbox
from storage.database import Database
from tests.bot.carrying import CHANNEL, Clock
from tests.bot.test_digest_card import digest
from tests.conftest import LARKMOOR

WEEKS = [Point(f"2026-W{n:02}", f"week {n}", float(n % 3 + 4)) for n in range(1, 15)]
THIN = Point("2026-W15", "week 15", None, why_missing="Too few notes")


def notes_logged(*, begun_anew: bool) -> Charted:
    """The chart of what was logged; begun anew, it has only this week, which is too thin to count."""
    restarts = [Restart(len(WEEKS), "the work changed")] if begun_anew else []
    return Charted(key="notes logged", chart=judge(Measure.COUNT, [*WEEKS, THIN], restarts=restarts))


def test_slack_draws_no_chart_that_has_no_point_yet() -> None:
    """It would refuse the whole message for it; the picture shows what was there before."""
    begun, whole = notes_logged(begun_anew=True), replace(notes_logged(begun_anew=False), key="end-to-end days")
    card = picture_card.build(replace(digest(), charts=(begun, whole)))
    assert card is not None
    assert [picture["name"] for picture in card["pictures"]] == ["notes-logged.png", "end-to-end-days.png"]
    assert [block["title"] for block in card["blocks"]] == ["Days waited"]
    assert block_kit.check(card["blocks"], "message") == []


def test_where_no_chart_has_a_point_yet_nothing_is_posted(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """The digest has said it in words."""
    card = picture_card.build(replace(digest(), charts=(notes_logged(begun_anew=True),)))
    assert card is not None
    with sqlite.transaction() as session:
        outbox.leave(session, workspace=LARKMOOR, key="picture", channel=CHANNEL, body=card, now=clock.now)
    slack.fail_next("files.getUploadURLExternal", error="missing_scope")
    assert messenger.carry() == 1
    assert slack.called("chat.postMessage") == []
