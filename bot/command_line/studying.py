"""`groundswell study`: what a file of dated verbatims has to say. No Slack and no database needed."""

from __future__ import annotations

import functools
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import typer

from bot import intake
from bot.command_line import moving, saying
from bot.intake import Row, Skipped
from bot.tables import TableError
from digests import wording
from digests.study import compose, material, telling
from digests.study.facts import SkippedRow, Study
from digests.study.material import StudyNote
from nlp import embedding, many
from nlp.redaction import Redactor
from nlp.tagger import Words
from nlp.tagging import Tagging
from nlp.theming import ThemeBook
from nlp.vocabulary import DemandType, ImprovementKind, NoteType, SystemCondition, SystemFactor

READ_AT_MOST = 8_000
"""Characters of a note that a study reads. What is longer is a pasted document, and what it asks comes early."""
LONGEST_ID = 64
TELLS_OF_A_PERSON = {"EMAIL", "PHONE", "PERSON", "CARD", "IBAN", "NINO", "NHS_NO"}
FROM_OTHERS = {SystemCondition.SUPPLIER, SystemCondition.HANDOFF}
MANY_DATES_UNREAD = 0.05
URGENT_NAMED = 12
"""Urgent notes that are named in the terminal. The page and the JSON name all of them."""

_Given = TypeVar("_Given", bound=Hashable)
_Found = TypeVar("_Found")


def study(
    file: Annotated[Path, typer.Argument(help="A CSV, JSON lines or Excel file of dated verbatims.")],
    purpose: Annotated[str, typer.Option(help="What the service is here for, as its customers would say it.")] = "",
    report: Annotated[Path | None, typer.Option(help="Write a page to read, print or mail: report.html.")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the facts for machines: study.json.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Which column is which: words, heard_at, id, point … as words=NAME.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="The clock that weeks run by, such as Europe/London.")] = "UTC",
) -> None:
    """Study a file of dated verbatims: what keeps coming, what is new, and whether anything truly changed.

    Words are redacted first, and nothing is kept but what you ask to have written. Columns are found by name, as for
    import; a row that cannot be used is named with its line number and skipped.

    groundswell study verbatims.xlsx --purpose "A warm, safe home" --report report.html --json study.json
    """
    _check_places(file, report, as_json, timezone)
    model = saying.settings().nlp_model or None
    rows, skipped = _read(file, timezone, moving.columns(column or []))
    redactor = Redactor.load()
    try:
        heard = _hear(rows, redactor, purpose, model)
        notes, vectors, labels = _themed(heard)
    except BrokenProcessPool:
        saying.stop(
            "A process that helped to read the file was ended, most likely for want of memory. Close other "
            "programs, or study part of the file."
        )
    studied = compose.study(
        material.gather(notes, zone=timezone, labels=labels, vectors=vectors),
        name=redactor.redact(file.name).text,
        purpose=redactor.redact(purpose).text,
        tagger=heard[0].tagging.tagger,
        skipped=skipped,
        remarks=_remarks(file, rows, skipped),
    )
    if report:
        _write(report, telling.as_html(studied))
    if as_json:
        _write(as_json, telling.as_json(studied))
    _summarise(studied, report, as_json)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A row once redacted and tagged."""

    id: str
    row: Row
    words: str
    what_matters: str
    point: str
    tagging: Tagging

    @property
    def improvement(self) -> bool:
        """A colleague's own note: the file says so, or the words do."""
        return self.row.told_as is NoteType.IMPROVEMENT or isinstance(self.tagging.kind, ImprovementKind)

    @property
    def from_elsewhere(self) -> bool:
        """A colleague tells of something that others did, inside the organisation or outside it."""
        landed = self.tagging.system_factor is SystemFactor.KNOCK_ON
        return self.improvement and (landed or self.tagging.system_condition in FROM_OTHERS)


def _check_places(file: Path, report: Path | None, as_json: Path | None, timezone: str) -> None:
    """Say at once what would only come to light at the end."""
    try:
        ZoneInfo(timezone)
    except (ValueError, OSError, KeyError):
        saying.stop(f"{timezone!r} is no time zone that we know. Write it like Europe/London.")
    for written in (report, as_json):
        if written is not None and written.resolve() == file.resolve():
            saying.stop(f"{written} is the file to be studied. Choose another name for what we write.")
        if written is not None and not written.resolve().parent.is_dir():
            saying.stop(f"{written} cannot be written: there is no such folder.")
    if report is not None and as_json is not None and report.resolve() == as_json.resolve():
        saying.stop("The report and the JSON need different names.")


def _read(file: Path, zone: str, columns: dict[str, str]) -> tuple[list[Row], list[SkippedRow]]:
    rows: list[Row] = []
    skipped: list[SkippedRow] = []
    try:
        for row in intake.read(file, zone=zone, columns=columns):
            if isinstance(row, Skipped):
                skipped.append(SkippedRow(line=row.line, why=row.why))
            else:
                rows.append(row)
    except TableError as error:
        saying.stop(str(error))
    astray = material.strays([row.heard_at for row in rows], zone=zone)
    for place in sorted(astray):
        day = f"{rows[place].heard_at:%Y-%m-%d}"
        why = f"its date, {day}, lies half a year or more from all the others; put it right if it is a slip"
        skipped.append(SkippedRow(line=rows[place].line, why=why))
    rows = [row for place, row in enumerate(rows) if place not in astray]
    if not rows:
        saying.stop(f"No row of {file} can be used. Line {skipped[0].line}: {skipped[0].why}.")
    return rows, sorted(skipped, key=lambda row: row.line)


def _hear(rows: Sequence[Row], redactor: Redactor, purpose: str, model: str | None) -> list[_Heard]:
    """Every row redacted first, and then tagged. Words that come up again are read once."""
    given = [_readable(row.words) for row in rows]
    safe = _read_once("Redacting", given, many.redacted)
    words = [safe[one] for one in given]
    matters = _each(redactor, (_readable(row.what_matters) for row in rows))
    points = _each(redactor, (row.point[:LONGEST_ID] for row in rows))
    told = NoteType.DEMAND if any(row.told_as is NoteType.IMPROVEMENT for row in rows) else None
    asked = [Words(said, purpose, row.told_as if told else None) for said, row in zip(words, rows, strict=True)]
    found = _read_once("Tagging", asked, functools.partial(many.tagged, model=model))
    return [
        _Heard(name, row, one.text, matters[_readable(row.what_matters)], points[row.point[:LONGEST_ID]], found[one])
        for name, row, one in zip(_ids(rows, redactor), rows, asked, strict=True)
    ]


def _read_once(
    doing: str, given: Iterable[_Given], read: Callable[[Sequence[_Given]], Iterator[_Found]]
) -> dict[_Given, _Found]:
    """What reading makes of each of those that differ, behind a progress bar."""
    different = list(dict.fromkeys(given))
    found: dict[_Given, _Found] = {}
    with saying.progress(doing, len(different)) as bar:
        for one, made in zip(different, read(different), strict=True):
            found[one] = made
            bar.advance(bar.task_ids[0])
    return found


def _each(redactor: Redactor, texts: Iterable[str]) -> dict[str, str]:
    """Each different text, redacted."""
    return {text: redactor.redact(text).text if text else "" for text in dict.fromkeys(texts)}


def _readable(words: str) -> str:
    """The part of a note that is read, up to the end of a word, so that no half number slips past the redactor."""
    if len(words) <= READ_AT_MOST:
        return words
    return words[:READ_AT_MOST].rsplit(None, 1)[0]


def _ids(rows: Sequence[Row], redactor: Redactor) -> list[str]:
    """What each note is called: its own id; its line where it has none, where another has it, or where it tells of
    a person.
    """
    some = [row.id[:LONGEST_ID] for row in rows[:200]]
    telling_ids = sum(any(span.label in TELLS_OF_A_PERSON for span in redactor.redact(one).spans) for one in some)
    personal = telling_ids > len(some) / 2
    often = Counter(row.id for row in rows)

    def plain(row: Row) -> bool:
        fit = 0 < len(row.id) <= LONGEST_ID and "@" not in row.id and not re.search(r"\s", row.id)
        return fit and often[row.id] == 1 and not personal

    return [row.id if plain(row) else f"line {row.line}" for row in rows]


def _themed(heard: Sequence[_Heard]) -> tuple[list[StudyNote], material.Vectors, dict[str, str]]:
    """The notes with their themes, where each lies among all sentences, and what the themes are called."""
    texts = [one.words for one in heard]
    different = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    known = np.zeros((len(different), embedding.WIDTH), dtype=np.float32)
    with saying.progress("Comparing", len(different)) as bar:
        for place, vector in many.encoded(list(different)):
            known[place] = vector
            bar.advance(bar.task_ids[0])
    vectors = known if len(known) == len(texts) else known[[different[text] for text in texts]]
    demands = [place for place, one in enumerate(heard) if not one.improvement and _says_something(one)]
    kinds = [one.tagging.kind for one in heard]
    with saying.progress("Finding themes", None):
        book = ThemeBook.found_in(
            [texts[place] for place in demands],
            kinds=[kinds[place] for place in demands],
            vectors=vectors[demands],
        )
        placed = book.place(texts, kinds=kinds, vectors=vectors)
    notes = [
        StudyNote(
            id=one.id,
            heard_at=one.row.heard_at,
            words=one.words,
            kind=one.tagging.kind,
            improvement=one.improvement,
            from_elsewhere=one.from_elsewhere,
            point=one.point,
            what_matters=one.what_matters,
            urgent=one.tagging.urgent,
            theme=placement.theme if one.improvement or _says_something(one) else None,
        )
        for one, placement in zip(heard, placed, strict=True)
    ]
    return notes, vectors, {theme.id: theme.name for theme in book.themes}


def _says_something(one: _Heard) -> bool:
    return one.tagging.demand_type is not DemandType.UNKNOWN


def _remarks(file: Path, rows: Sequence[Row], skipped: Sequence[SkippedRow]) -> list[str]:
    """What there is to say of the file itself."""
    remarks = []
    long = sum(len(row.words) > READ_AT_MOST for row in rows)
    if long:
        remarks.append(
            f"{wording.many(long, 'note is', 'notes are')} longer than {READ_AT_MOST:,} characters and read to there."
        )
    undated = sum("its date cannot be read" in row.why for row in skipped)
    if undated > MANY_DATES_UNREAD * (len(rows) + len(skipped)):
        remarks.append(
            f"{wording.many(undated, 'row has a date', 'rows have dates')} that cannot be read, and so many missing "
            "notes may mislead: write all of them like 2026-04-27."
        )
    remarks += intake.remarks(rows)
    if file.suffix.lower() == ".xlsx" and _has_macros(file):
        remarks.append("The workbook carries macros. They were left alone: only its cells were read.")
    return remarks


def _has_macros(file: Path) -> bool:
    with zipfile.ZipFile(file) as workbook:
        return any(name.endswith("vbaProject.bin") for name in workbook.namelist())


def _write(path: Path, content: str) -> None:
    """Write a file that appears only when it is whole."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        unfinished.write_text(content, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        saying.stop(f"{path} cannot be written: {error.strerror}.")


def _look_first(urgent: tuple[str, ...], report: Path | None, as_json: Path | None) -> str:
    """The urgent notes by name; of many the first, how many more there are, and what names them all."""
    says = f"Please look at these first, someone may be at risk: {wording.some(urgent, URGENT_NAMED)}"
    if len(urgent) <= URGENT_NAMED:
        return says
    written = [path for path in (report, as_json) if path]
    where = f"All {len(urgent)} are named in {wording.listed(written)}." if written else "--report names them all."
    return f"{says}. {where}"


def _summarise(studied: Study, report: Path | None, as_json: Path | None) -> None:
    """The study in a few lines."""
    say = saying.out.print
    say(f"[bold]{telling.headline(studied)}[/bold]")
    say(telling.basis(studied), markup=False)
    for remark in studied.remarks:
        say(remark, markup=False)
    for shown in studied.signals:
        say(f"\n{telling.NAMES[shown.signal.type]}, week {shown.signal.week} ({shown.week_name})", style="bold")
        say(shown.signal.says, markup=False)
    if studied.themes:
        say("\nWhat keeps coming", style="bold")
    for theme in studied.themes[:8]:
        seen = f"{theme.weeks_seen} of {len(studied.weeks)} weeks"
        say(
            f"  {theme.label}: {seen}, {wording.many(theme.notes, 'note')}, {theme.failure} of them failure",
            markup=False,
        )
    if studied.urgent:
        say(f"\n{_look_first(studied.urgent, report, as_json)}", markup=False)
    for row in studied.skipped[:10]:
        saying.aside.print(f"Line {row.line} is skipped: {row.why}.", markup=False)
    if len(studied.skipped) > 10:
        saying.aside.print(f"{len(studied.skipped) - 10} more are skipped; --json names them all.")
    for written in (report, as_json):
        if written:
            saying.aside.print(f"Written: {written}", markup=False)
    if not report:
        saying.aside.print("For the whole of it, with pictures and quotations: --report report.html")
