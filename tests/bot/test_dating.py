"""Years in two digits and moments in seconds, as files have them: read where there is but one way to read them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import intake
from tests.bot.test_intake import read_as, rows, usable


@pytest.mark.parametrize(
    ("dates", "read"),
    [
        (["27/04/26", "28/04/26", "03/05/26 14:30"], ["2026-04-27", "2026-04-28", "2026-05-03"]),
        (["4/27/26", "5/3/26"], ["2026-04-27", "2026-05-03"]),
        (["27.04.26", "01.05.26"], ["2026-04-27", "2026-05-01"]),
    ],
)
def test_years_of_two_digits_are_read_where_days_vary_more_than_years(
    tmp_path: Path, dates: list[str], read: list[str]
) -> None:
    assert read_as(tmp_path, *dates) == read


def test_years_of_two_digits_are_told_to_whoever_gave_the_file(tmp_path: Path) -> None:
    found = rows(tmp_path / "n.csv", "date,text\n27/04/26,Any news?\n28/04/26,Any news?\n2026-04-29,Any news?\n")
    assert intake.remarks(usable(found)) == ["2 dates have their years in two digits, read as 2026."]


@pytest.mark.parametrize("dates", [("26/04/27", "26/04/28"), ("26-04-27", "27-04-27"), ("03/04/26", "03/04/26")])
def test_where_the_year_might_come_first_nothing_is_guessed(tmp_path: Path, dates: tuple[str, str]) -> None:
    assert all("two digits only" in why for why in read_as(tmp_path, *dates))


@pytest.mark.parametrize("told", ["1777278600", "1777278600.000123", "1777278600000", "1777278600.0"])
def test_moments_as_machines_count_them_are_read(tmp_path: Path, told: str) -> None:
    """Slack's own exports have seconds since 1970, other systems have thousandths of them."""
    for found in (
        rows(tmp_path / "n.csv", f"timestamp,text\n{told},Any news?\n"),
        rows(tmp_path / "n.jsonl", f'{{"timestamp": {told}, "text": "Any news?"}}\n'),
    ):
        [row] = usable(found)
        assert row.heard_at.replace(microsecond=0) == datetime(2026, 4, 27, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("told", ["2026042709", "2026042709300"])
def test_digits_that_might_begin_with_a_year_are_no_moment(tmp_path: Path, told: str) -> None:
    assert "cannot be read" in read_as(tmp_path, told)[0]
