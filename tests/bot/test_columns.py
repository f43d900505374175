"""Which column of a file is which: found by the names that people use, or named by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.intake import Row
from bot.tables import TableError
from nlp.vocabulary import NoteType
from tests.bot.test_intake import rows, usable


def test_columns_are_found_by_the_names_that_people_use(tmp_path: Path) -> None:
    [row] = rows(
        tmp_path / "n.csv", "Ref,Received At,Channel,Team,Comment\nA-1,2026-04-27T09:30:00Z,phone,rents,Where is it?\n"
    )
    assert isinstance(row, Row)
    assert (row.id, row.words, row.via, row.point) == ("A-1", "Where is it?", "phone", "rents")
    assert row.heard_at == datetime(2026, 4, 27, 9, 30, tzinfo=UTC)
    assert row.told_as is NoteType.DEMAND


def test_of_two_columns_with_one_name_nobody_guesses_which_is_meant(tmp_path: Path) -> None:
    text = "date,Comment,Team,team,comment\n2026-04-27,Any news?,rents,repairs,Rang the tenant\n"
    with pytest.raises(TableError, match=r"more than one column called 'Comment'.*words='Comment \(2\)' the second"):
        rows(tmp_path / "n.csv", text)
    [first] = usable(rows(tmp_path / "n.csv", text, columns={"words": "Comment"}))
    [second] = usable(rows(tmp_path / "n.csv", text, columns={"words": "Comment (2)"}))
    assert (first.words, second.words, second.point) == ("Any news?", "Rang the tenant", "rents")


def test_a_column_with_a_number_in_its_name_is_another_column(tmp_path: Path) -> None:
    [row] = usable(rows(tmp_path / "n.csv", "date,Comment,Comment_2\n2026-04-27,Any news?,Rang the tenant\n"))
    assert row.words == "Any news?"


def test_a_column_can_be_named_by_hand(tmp_path: Path) -> None:
    text = "when,what they told us\n2026-04-27,hello there\n"
    [row] = rows(tmp_path / "n.csv", text, columns={"words": "What they told us"})
    assert isinstance(row, Row)
    assert row.words == "hello there"


@pytest.mark.parametrize(
    ("headings", "named", "read"),
    [
        ("date,コメント,担当者", "コメント", "second"),
        ("date,担当者,コメント", "コメント", "third"),
        ("date,Σχόλιο,Υπάλληλος", "σχόλιο", "second"),
        ("date,What they said?,what-they-said", "What they said?", "second"),
        ("date,Référence,R f rence", "référence", "second"),
    ],
)
def test_a_column_named_by_hand_is_that_very_column_in_any_script(
    tmp_path: Path, headings: str, named: str, read: str
) -> None:
    [row] = usable(rows(tmp_path / "n.csv", f"{headings}\n2026-04-27,second,third\n", columns={"words": named}))
    assert row.words == read


@pytest.mark.parametrize("named", ["名前", "!"])
def test_a_column_named_by_hand_that_is_not_there_is_never_another(tmp_path: Path, named: str) -> None:
    with pytest.raises(TableError, match=r"no column called .* It has: date, コメント, \?"):
        rows(tmp_path / "n.csv", "date,コメント,?\n2026-04-27,second,third\n", columns={"words": named})


def test_a_column_chosen_for_one_thing_is_read_as_no_other(tmp_path: Path) -> None:
    text = "date,text,reference\n2026-04-27,hello there,Rents\n"
    [row] = usable(rows(tmp_path / "n.csv", text, columns={"point": "reference"}))
    assert (row.point, row.id) == ("Rents", "")


def test_a_heading_of_any_size_is_named_in_a_line(tmp_path: Path) -> None:
    """Its first columns, each as far as it tells them apart."""
    heading = ",".join(["x" * 1_000_000, *(f"column {n}" for n in range(500))])
    with pytest.raises(TableError) as refused:
        rows(tmp_path / "n.csv", f"{heading}\n1\n")
    assert "column 18 and 481 more." in str(refused.value)
    assert len(str(refused.value)) < 600
