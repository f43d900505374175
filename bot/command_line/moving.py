"""`groundswell import` and `groundswell export`: notes come in from files, and go out without their authors."""

from __future__ import annotations

import csv
import fnmatch
import glob
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot import app, intake
from bot.command_line import choosing, saying
from bot.intake import Row, Skipped
from bot.logbook import Logbook, Submission
from bot.tables import TableError
from digests.wording import many
from nlp.redaction import Redactor
from nlp.redaction.spans import PLACEHOLDER
from nlp.tagger import Tagger
from storage import notes, tags, units, workspaces
from storage.columns import TagSource
from storage.database import Database
from storage.models import Note, Tag

_AT_A_TIME = 100
_BETWEEN_TWO = "D"
"""How Slack's id of a conversation between two people begins: it would tell who passed a note on."""
LONGEST_KEY = 255


class Format(StrEnum):
    """How notes are written out."""

    CSV = "csv"
    JSONL = "jsonl"


def import_notes(
    file: Annotated[Path, typer.Argument(help="A CSV, JSON lines or Excel file.")],
    column: Annotated[
        list[str] | None, typer.Option(help="Which column is which: words, heard_at, id, point … as words=NAME.")
    ] = None,
    unit: Annotated[
        str, typer.Option(help="The unit these notes belong to, made if it is new; a column `unit` says it row by row.")
    ] = "",
    purpose: Annotated[str, typer.Option(help="What the unit is here for; kept from now on.")] = "",
    workspace: Annotated[str, typer.Option(help="The workspace to import into, if there are several.")] = "",
) -> None:
    """Take in notes from a file: each is redacted, kept once and tagged.

    Columns are found by name: id, text, received_at, channel, team, kind and many like them. A row that cannot be
    used is named with its line number and skipped. Running it again changes nothing: a row with the same id, words and
    date is there already, and one with other words or another date is another note, whatever its number.

    groundswell import notes.csv --column "words=Customer comment"
    """
    with saying.sentences():
        settings = saying.settings()
        database = app.open_store(settings)
        home = choosing.workspace(database, settings, wanted=workspace, create=True)
        model = settings.nlp_model or None
    if purpose:
        with database.transaction() as session:
            whose = units.called(session, home.id, unit)[0] if unit else workspaces.home_unit(session, home.id)
            units.set_purpose(session, whose, purpose)
    skipped = 0

    def usable() -> Iterator[Row]:
        nonlocal skipped
        for row in intake.read(file, zone=home.timezone, columns=columns(column or [])):
            if isinstance(row, Skipped):
                skipped += 1
                saying.aside.print(f"Line {row.line} is skipped: {row.why}.", markup=False)
            else:
                yield row

    try:
        rows = list(usable())
    except TableError as error:
        saying.stop(str(error))
    if not rows:
        saying.stop(f"No row of {file} can be used.")
    for remark in intake.remarks(rows):
        saying.aside.print(remark, markup=False)
    logbook = Logbook(database, Redactor.load(), Tagger.load(model=model))
    logbook.learn()
    keys = list(_keys(database, rows, home.id))  # all of them before anything comes in and takes a number
    new = refused = 0
    with saying.progress("Importing", len(rows)) as bar:
        named = zip(rows, keys, strict=True)
        for batch in intake.batched(named, _AT_A_TIME):
            kept = logbook.keep_all([_submission(row, key, home.id, unit) for row, key in batch])
            new += kept.new
            refused += len(kept.refused)
            for place, why in kept.refused:
                saying.aside.print(f"Line {batch[place][0].line} is skipped: {why}", markup=False)
            bar.advance(bar.task_ids[0], len(batch))
    logbook.find_themes()
    there = len(rows) - new - refused
    outcome = f"{many(new, 'note')} imported, {there} there already, {many(skipped + refused, 'line')} skipped."
    saying.out.print(f"{choosing.told_apart(database, home)}{outcome}", markup=False)


def export_notes(
    format: Annotated[Format, typer.Option(help="csv for a spreadsheet, jsonl for a program.")] = Format.CSV,
    output: Annotated[Path | None, typer.Option(help="The file to write; standard output if left out.")] = None,
    workspace: Annotated[str, typer.Option(help="The workspace to export, if there are several.")] = "",
) -> None:
    """Write out every note with the tag that stands. Who passed it on is not part of it, nor can it be."""
    with saying.sentences():
        settings = saying.settings()
        database = app.open_store(settings)
        home = choosing.workspace(database, settings, wanted=workspace)
    try:
        target = output.open("w", encoding="utf-8", newline="") if output else sys.stdout
    except OSError as error:
        saying.stop(f"{output} cannot be written: {error.strerror}.")
    write = csv.DictWriter(target, list(_FIELDS)) if format is Format.CSV else None
    if write:
        write.writeheader()
    for fields in _exported(database, home.id):
        if write:
            write.writerow({name: _inert(value) for name, value in fields.items()})
        else:
            target.write(json.dumps(fields, ensure_ascii=False) + "\n")
    if output:
        target.close()


_FIELDS = (
    *("note", "heard_at", "told_as", "words", "what_matters", "comment", "in_the_way", "settled", "first_hand"),
    *("unit", "point", "via", "first_asked_on", "private", "heard_in"),
    *(
        "note_type",
        "demand_type",
        "kind",
        "theme",
        "system_condition",
        "system_factor",
        "urgent",
        "confirmed",
        "tagger",
    ),
)


def columns(given: list[str]) -> dict[str, str]:
    """Which of a file's columns are which of ours, as `--column words=NAME` tells it: ours to theirs.

    Leaves with a sentence and exit code 2 when one of them is not understood.
    """
    chosen: dict[str, str] = {}
    for pair in given:
        ours, _, theirs = pair.partition("=")
        if ours not in intake.COLUMNS or not theirs:
            saying.stop(
                f"--column {pair} is not understood. Write it like words=NAME; ours are {', '.join(intake.COLUMNS)}."
            )
        chosen[ours] = theirs
    return chosen


def _exported(database: Database, workspace: str) -> Iterator[dict[str, Any]]:
    with database.reading() as session:
        names = {unit.id: unit.name for unit in units.of_workspace(session, workspace)}
        portion: list[Note] = []
        for note in notes.everything(session, workspace=workspace):
            portion.append(note)
            if len(portion) == _AT_A_TIME:
                yield from _with_tags(portion, tags.standing_of(session, portion), names)
                portion = []
        yield from _with_tags(portion, tags.standing_of(session, portion), names)


def _with_tags(
    portion: list[Note], standing: dict[int, Tag], names: Mapping[int | None, str]
) -> Iterator[dict[str, Any]]:
    for note in portion:
        tag = standing.get(note.id or 0)
        yield {
            "note": note.number,
            "heard_at": note.heard_at.isoformat(),
            "told_as": note.told_as,
            "words": note.verbatim,
            "what_matters": note.what_matters,
            "comment": note.comment,
            "in_the_way": note.in_the_way,
            "settled": note.settled.value if note.settled else "",
            "first_hand": {True: "yes", False: "no", None: ""}[note.first_hand],
            "unit": names.get(note.unit_id, ""),
            "point": note.point,
            "via": note.via,
            "first_asked_on": note.first_asked_on and note.first_asked_on.isoformat(),
            "private": "yes" if note.private else "no",
            "heard_in": "" if note.heard_in.startswith(_BETWEEN_TWO) else note.heard_in,
            "note_type": tag and tag.note_type,
            "demand_type": tag and tag.demand_type,
            "kind": tag and tag.kind,
            "theme": tag and tag.theme,
            "system_condition": tag and tag.system_condition,
            "system_factor": tag and tag.system_factor,
            "urgent": tag and tag.urgent,
            "confirmed": tag is not None and tag.source is TagSource.PERSON,
            "tagger": tag and tag.tagger,
        }


def _inert(value: Any) -> Any:
    """A cell that a spreadsheet shows and never runs: words that begin like a formula get an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _submission(row: Row, key: str, workspace: str, unit: str) -> Submission:
    return Submission(
        key=key,
        workspace=workspace,
        by=None,
        told_as=row.told_as,
        words=row.words,
        unit=row.unit or unit,
        point=row.point,
        via=row.via,
        what_matters=row.what_matters,
        first_asked_on=row.first_asked_on,
        private=row.private,
        channel=row.heard_in,
        heard_at=row.heard_at,
    )


def _keys(database: Database, rows: Sequence[Row], workspace: str) -> Iterator[str]:
    """What names each row for ever: its digest, unless it is there already under another name."""
    with database.reading() as session:
        by_moment = _named_by_their_moment(session, rows, workspace)
        for some in intake.batched(rows, _AT_A_TIME):
            formerly = notes.with_keys(session, {_former_key(row) for row in some if row.id}, workspace=workspace)
            exported = notes.numbered(session, {row.note for row in some if row.note is not None}, workspace=workspace)
            for row in some:
                # Of rows alike only the first came in while an id was enough.
                of_its_id = formerly.get(_former_key(row)) if row.alike == 1 else None
                of_its_number = exported.get(row.note) if row.note is not None else None
                there = (note for note in (of_its_id, of_its_number) if note is not None and _became(row, note))
                key = _key(row.digest, row.alike)
                yield next((note.key for note in there), by_moment.get(key, key))


def _named_by_their_moment(session: Session, rows: Sequence[Row], workspace: str) -> dict[str, str]:
    """The keys of rows that came in when a digest was of the moment, by what they would be named now.

    One file came in by one clock, so that by which the most are found goes first; and no note is two rows.
    """
    asked = (_key(*name) for row in rows for name in ((row.digest, row.alike), *row.formerly))
    there: set[str] = set()
    for some in intake.batched(asked, _AT_A_TIME):
        there.update(notes.with_keys(session, set(some), workspace=workspace))
    named = {_key(row.digest, row.alike): [_key(*name) for name in row.formerly] for row in rows}
    found = {key: key for key in named if key in there}
    there.difference_update(found)
    by_clock = sorted(zip(*named.values(), strict=True), key=lambda keys: -len(there.intersection(keys)))
    for keys in by_clock:
        for now, formerly in zip(named, keys, strict=True):
            if now not in found and formerly in there:
                found[now] = formerly
                there.remove(formerly)
    return found


def _key(digest: str, alike: int) -> str:
    return f"import/{digest}/{alike}"


def _former_key(row: Row) -> str:
    """What named a row once, when an id was enough. Long ids may differ in their last letter alone."""
    key = f"import/{row.id}"
    return key if len(key) <= LONGEST_KEY else f"import/{hashlib.sha256(row.id.encode()).hexdigest()}"


def _became(row: Row, note: Note) -> bool:
    """Whether this note is what was kept of the row: from one moment, and taken back or in the same words, save
    for what was left out of them and for what an export puts in front.
    """
    if note.heard_at not in row.moments:
        return False
    kept = "*".join(glob.escape(words) for words in PLACEHOLDER.split(note.verbatim))
    return note.withdrawn_at is not None or any(
        fnmatch.fnmatchcase(words, kept) for words in (row.words, row.words.removeprefix("'"))
    )
