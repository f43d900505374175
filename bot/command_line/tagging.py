"""`groundswell tag`: what do these words mean? No Slack and no database needed."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from bot import librarian
from bot.blocks import wording
from bot.command_line import labelled, saying
from digests.wording import many
from nlp import asks, embedding, vocabulary
from nlp.redaction import Redaction, Redactor
from nlp.tagger import Tagger, Words
from nlp.tagging import Tagging
from nlp.theming import ThemeBook
from nlp.vocabulary import DemandKind

_AT_A_TIME = 256


def tag(
    words: Annotated[str | None, typer.Argument(help="What someone said, in quotes.")] = None,
    purpose: Annotated[str, typer.Option(help="What the unit is here for, as its customers would say it.")] = "",
    input: Annotated[
        Path | None,
        typer.Option(help="Lines of JSON with id, text and, if known, purpose. A dash reads standard input."),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Where the tagged lines go; standard output if left out.")] = None,
    learn: Annotated[
        Path | None, typer.Option(help="Corrections to learn from first: lines with text, demand_type, kind?, org?.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Say what words mean: demand or improvement, which kind, and because of which words.

    One at a time:   groundswell tag "I'm still waiting for the plumber"
    A whole file:    groundswell tag --input notes.jsonl --output tagged.jsonl

    With --learn, notes of an organisation (org) are tagged as the product would after that organisation's corrections.
    """
    if (words is None) == (input is None):
        saying.stop('Give either words in quotes or --input FILE. For example: groundswell tag "I\'m still waiting"')
    if words is not None:
        _tag_one(words, purpose, learn, as_json=as_json)
    elif input is not None:
        _tag_file(input, output, purpose, learn)


def _tag_one(words: str, purpose: str, learn: Path | None, *, as_json: bool) -> None:
    model = saying.settings().nlp_model or None
    redaction = Redactor.load().redact(words)
    tagging = _taggers(learn, model)[""].tag(words, purpose=purpose)
    if as_json:
        saying.out.print_json(json.dumps(_row({"text": words}, tagging, redaction), ensure_ascii=False))
        return
    several = asks.asks_in(redaction.text)
    lines = {
        "heard": wording.a_kind(tagging.kind),
        "meaning": vocabulary.explain(tagging.kind),
        "because": _quoted(tagging.because) or "nothing in particular",
        "confidence": f"{tagging.confidence:.2f}",
        "or else": tagging.runner_up and wording.a_kind(tagging.runner_up),
        "theme": tagging.theme,
        "condition": ", because of ".join(filter(None, (tagging.system_condition, _quoted(tagging.condition_because)))),
        "factor": tagging.system_factor and f"{tagging.system_factor}: {vocabulary.explain(tagging.system_factor)}",
        "urgent": "someone may be at risk now" if tagging.urgent else None,
        "to ask": "What about the system made that likely?" if tagging.blames else None,
        "kept as": redaction.text if redaction.spans else None,
        "asks": _quoted([ask.words for ask in several]) if len(several) > 1 else None,
    }
    for name, value in lines.items():
        if value:
            saying.out.print(f"{name:>11}  {value}", markup=False)


@dataclass(frozen=True, slots=True)
class _Line:
    given: dict[str, Any]
    words: Words

    @property
    def org(self) -> str:
        return str(self.given.get("org") or "")


def _taggers(learn: Path | None, model: str | None) -> dict[str, Tagger]:
    """The tagger under "", and beside it one for each organisation that has corrected it."""
    said = labelled.read(learn) if learn else []
    return labelled.taught(Tagger.load(model=model), said)


def _tag_file(source: Path, target: Path | None, purpose: str, learn: Path | None) -> None:
    model = saying.settings().nlp_model or None
    text = _read(source)
    lines = list(_lines(text, purpose))
    taggers, redactor = _taggers(learn, model), Redactor.load()
    heard: list[tuple[_Line, Tagging, Redaction]] = []
    notes_of = Counter(line.org for line in lines)
    with saying.progress("Tagging", len(lines)) as bar:
        for start in range(0, len(lines), _AT_A_TIME):
            batch = lines[start : start + _AT_A_TIME]
            redactions = redactor.redact_many(line.words.text for line in batch)
            heard += zip(batch, _tag_each(batch, taggers, notes_of), redactions, strict=True)
            bar.advance(bar.task_ids[0], len(batch))
    with _Writing(target) as writer:
        for line, tagging, redaction in _with_themes(heard):
            writer.write(_as_json(_row(line.given, tagging, redaction)) + "\n")
    saying.aside.print(f"{many(len(lines), 'note')} tagged.")


def _tag_each(batch: list[_Line], taggers: dict[str, Tagger], notes_of: Mapping[str, int]) -> Iterator[Tagging]:
    """What each line means to its own organisation's tagger, in their order. A note has a theme of its own words only
    where its organisation has too few notes for themes to emerge.
    """
    heard = {
        org: taggers.get(org, taggers[""]).tag_many(
            [line.words for line in batch if line.org == org], themed=notes_of[org] < librarian.FEWEST
        )
        for org in {line.org for line in batch}
    }
    return (next(heard[line.org]) for line in batch)


def _with_themes(heard: list[tuple[_Line, Tagging, Redaction]]) -> Iterator[tuple[_Line, Tagging, Redaction]]:
    """The same with the themes that emerge from all notes of an organisation, where there are enough to tell; a note
    that plainly belongs to none keeps the theme that people taught.
    """
    names: dict[int, str | None] = {}
    for org in dict.fromkeys(line.org for line, _, _ in heard):
        places = [place for place, (line, _, _) in enumerate(heard) if line.org == org]
        if len(places) < librarian.FEWEST:
            continue
        words = [heard[place][2].text for place in places]
        kinds = [heard[place][1].kind for place in places]
        vectors = embedding.encode(words)
        demands = [n for n, kind in enumerate(kinds) if isinstance(kind, DemandKind)]
        book = ThemeBook.found_in(
            [words[n] for n in demands], kinds=[kinds[n] for n in demands], vectors=vectors[demands]
        )
        names |= zip(places, book.names_for(words, kinds=kinds, vectors=vectors), strict=True)
    for place, (line, tagging, redaction) in enumerate(heard):
        yield line, replace(tagging, theme=names.get(place) or tagging.theme), redaction


def _lines(text: Iterable[str], purpose: str) -> Iterator[_Line]:
    """The lines that can be read; each of the others is named with its number and skipped."""
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            words = given["text"]
            if not isinstance(words, str):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            saying.aside.print(f'Line {number} is skipped: it should be JSON with a "text" in it.')
            continue
        yield _Line(given, Words(words, purpose=str(given.get("purpose") or purpose)))


def _row(given: dict[str, Any], tagging: Tagging, redaction: Redaction) -> dict[str, Any]:
    row = {
        "id": given.get("id"),
        "note_type": tagging.note_type,
        "demand_type": tagging.demand_type,
        "kind": tagging.kind,
        "confidence": round(tagging.confidence, 4),
        "because": list(tagging.because),
        "theme": tagging.theme,
        "system_condition": tagging.system_condition,
        "condition_because": list(tagging.condition_because),
        "system_factor": tagging.system_factor,
        "urgent": tagging.urgent,
        "blames": tagging.blames,
        "pii_spans": [{"start": span.start, "end": span.end, "label": span.label} for span in redaction.spans],
        "redacted": redaction.text,
    }
    several = asks.asks_in(redaction.text)
    return row | {"asks": [ask.words for ask in several]} if len(several) > 1 else row


def _as_json(row: dict[str, Any]) -> str:
    """One line. Half an emoji, which no file can hold as a letter, stays the escape that it was given as."""
    return json.dumps(row, ensure_ascii=False).encode(errors="backslashreplace").decode()


def _quoted(parts: Sequence[str]) -> str:
    return wording.joined([f"“{part}”" for part in parts]) if parts else ""


def _read(source: Path) -> list[str]:
    try:
        if str(source) == "-":
            return sys.stdin.read().split("\n")
        return source.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        saying.stop(f"{source} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        saying.stop(f"{source} is not UTF-8 text. Save it as UTF-8 and try again.")


class _Writing:
    """Where the lines go: a file that appears only when it is whole, or standard output."""

    def __init__(self, target: Path | None) -> None:
        self._target = target if target and str(target) != "-" else None
        self._unfinished = self._target.with_name(self._target.name + ".unfinished") if self._target else None
        self._writer: TextIO = sys.stdout

    def __enter__(self) -> TextIO:
        if self._unfinished:
            try:
                self._writer = self._unfinished.open("w", encoding="utf-8")
            except OSError as error:
                saying.stop(f"{self._target} cannot be written: {error.strerror}.")
        return self._writer

    def __exit__(self, failed: object, *_: object) -> None:
        if self._unfinished and self._target:
            self._writer.close()
            if failed:
                self._unfinished.unlink(missing_ok=True)
            else:
                self._unfinished.replace(self._target)
