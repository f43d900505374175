"""What the measuring of redaction promises."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nlp.redaction import PiiSpan, Redactor, __main__, measure
from nlp.redaction.measure import MarkedNote


def test_an_item_counts_only_when_every_character_is_covered() -> None:
    """Half a name found is a name missed, and a touched clean note is counted."""
    redactor = Redactor.load()
    notes = [
        MarkedNote("mail jo@example.org", (PiiSpan(5, 19, "EMAIL"),)),
        MarkedNote("mail jo@example.org now", (PiiSpan(5, 23, "EMAIL"),)),
        MarkedNote("mail jo@example.org", ()),
        MarkedNote("queue again", ()),
    ]
    measured = measure.measure(notes, redactor)
    assert (measured.found_whole, measured.clean_touched) == (0.5, 0.5)
    assert measured.exact["EMAIL"] == 1
    assert len(measured.missed) == len(measured.wrongly_touched) == 1


def test_a_line_that_is_no_note_is_named_by_its_number(tmp_path: Path) -> None:
    """Whoever brings a broken file is told which line to look at."""
    file = tmp_path / "notes.jsonl"
    file.write_text('{"text": "fine"}\n{"words": "no text"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="Line 2"):
        measure.read(file)


def test_the_command_prints_both_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m nlp.redaction FILE` says how much was found whole and how many clean notes were touched."""
    file = tmp_path / "notes.jsonl"
    row = {"text": "mail jo@example.org", "pii_spans": [{"start": 5, "end": 19, "label": "EMAIL"}]}
    file.write_text(json.dumps(row) + '\n\n{"text": "queue again"}\n', encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["redaction", str(file), "--show"])
    __main__.main()
    printed = capsys.readouterr().out
    assert "Found whole: 1 of 1 (100.0%)" in printed
    assert "Clean notes touched: 0 of 1 (0.0%)" in printed
