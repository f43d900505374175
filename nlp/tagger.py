"""Hearing what a note means: its kind, how sure we are, and because of which words.

    tagger = Tagger.load()
    tagging = tagger.tag("Third time I've rung about my boiler", purpose="We keep homes warm.")

The machine proposes; a person's word always stands, and `learned` makes a tagger that has taken it to heart.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from nlp import answers, blame, deciding, heads, learning, lexicon, pipeline, reasons, rules, themes
from nlp.agreement import Agreement
from nlp.deciding import Verdict
from nlp.heads import Heads, Note, log_chances
from nlp.learning import Learning
from nlp.reasons import Decided
from nlp.rules import PLACE, Reading
from nlp.tagging import Correction, Tagging
from nlp.vocabulary import Kind, NoteType

GUIDE = "guide-3"
"""The version of the tag guide. Raise it when a ruling or what is read of a note changes: then charts start anew."""

CUT = "⋯"
READ_AT_MOST = 4_000
"""Characters of a note that are read: the first 3,000 and the last 1,000 of one that is longer."""

THEMED_AT_MOST = 600
"""Characters of a note in which a theme is looked for: what it is about comes early."""

TOGETHER = 64
"""Notes that spaCy is given at a time."""
REMEMBERED = 4_096
"""Corrections that need not be read again when one more comes in."""
NOT_NEEDED = ("parser", "lemmatizer", "ner")
"""What our use of spaCy can do without: themes need parts of speech alone, or the tags that tell them in English."""

HALF_LETTERS = re.compile("[\ud800-\udfff]")
"""Halves of a letter without the other, which no encoding can hold."""

Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Words:
    """A note on its way to the tagger."""

    text: str
    purpose: str = ""
    told: NoteType | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """All that was made of a note before anything is decided."""

    note: Note
    reading: Reading
    answers: Weights
    """Scores of every question, by meaning and wording."""
    kinds: Weights
    """Scores of the kinds, with what the rules and the corrections say."""


class Tagger:
    """Tags notes. Load one for the process and share it. It keeps no note but the corrections it has learned from."""

    def __init__(
        self, language: Language, known: Heads, *, learned: Learning | None = None, first_day: Tagger | None = None
    ) -> None:
        self._language = language
        self._heads = known
        self._learned = learned
        self._first_day = first_day
        self._known = functools.lru_cache(maxsize=REMEMBERED)(self._known_on_the_first_day)
        resting = (*NOT_NEEDED, "attribute_ruler") if themes.are_told_by_tags(language) else NOT_NEEDED
        self._resting = [name for name in resting if name in language.pipe_names]
        self.version = f"{GUIDE} weights-{known.version} {pipeline.described(language)}"

    @classmethod
    def load(cls, *, model: str | None = None) -> Tagger:
        """A tagger with every model loaded and warm, offline. `model` names another spaCy pipeline, or its path."""
        tagger = cls(pipeline.load(model), heads.load())
        tagger.tag("Warming up before the first note comes in.", purpose="We keep homes warm.")
        return tagger

    def tag(self, words: str, *, purpose: str = "", told: NoteType | None = None) -> Tagging:
        """What a note seems to mean. `purpose` is the unit's own sentence; `told` is what the person said it was."""
        return next(self.tag_many([Words(words, purpose, told)]))

    def tag_many(self, notes: Iterable[Words], *, themed: bool = True) -> Iterator[Tagging]:
        """The same as `tag` for each note, in order and faster; faster still without a theme of its own (`themed`)."""
        coming = iter(notes)
        while some := [Words(_readable(n.text), n.purpose, n.told) for n in islice(coming, TOGETHER)]:
            texts = [note.text[:THEMED_AT_MOST] for note in some] if themed else []
            for words, doc in zip_longest(some, self._docs(texts)):
                yield self._tagging(words, doc)

    def likeliest(self, words: str, among: Collection[Kind], *, purpose: str = "") -> Kind:
        """The likeliest of some kinds, for when a person has told the demand type of a note and not its kind.

        Raises:
            ValueError: there are no kinds to choose from.
        """
        scores = self._hear(_readable(words), purpose).kinds
        return max(among, key=lambda kind: scores[PLACE[kind]])

    def learned(self, corrections: Sequence[Correction]) -> Tagger:
        """A tagger that has learned from these corrections, oldest first; this one stays as it is.

        Give it all corrections of one organisation each time: it starts from the first day, not from the last lesson.
        """
        first_day = self._first_day or self
        if not corrections:
            return first_day
        known = [first_day._known(_readable(said.words), said.purpose) for said in corrections]
        features, vectors, scores = (np.array(column) for column in zip(*known, strict=True))
        lessons = learning.from_corrections(corrections, features, vectors, scores)
        return Tagger(self._language, self._heads, learned=lessons, first_day=first_day)

    @property
    def agreement(self) -> Agreement | None:
        """Whether what it learned helps, on corrections held out; none while there are too few to tell."""
        return self._learned.agreement if self._learned else None

    def _known_on_the_first_day(self, text: str, purpose: str) -> tuple[Weights, Weights, Weights]:
        """What a correction is learned by: features, the words it is made of, and the scores it had."""
        heard = self._hear(text, purpose)
        return learning.features(heard.note), heard.note.words, heard.kinds

    def _tagging(self, words: Words, doc: Doc | None) -> Tagging:
        text = words.text
        heard = self._hear(text, words.purpose)
        verdict = self._decide(text, heard, words.told)
        chances = deciding.conditions(text, heard.answers, general=self._heads.general.of(heard.note.words))
        condition = deciding.condition(text, chances, kind=verdict.kind)
        return Tagging(
            kind=verdict.kind,
            confidence=round(verdict.confidence, 3),
            because=self._because(text, heard, verdict),
            runner_up=verdict.runner_up,
            theme=self._theme(heard, doc) if verdict.rather_than else None,
            system_condition=answers.CONDITIONS[condition[0]] if condition else None,
            condition_because=self._because_of_condition(text, heard, *condition) if condition else (),
            system_factor=deciding.factor(heard.answers, kind=verdict.kind),
            urgent=deciding.urgent(text, heard.answers, from_=self._heads.urgent_from),
            blames=blame.blames(text, kind=verdict.kind, told=words.told),
            tagger=self.version,
        )

    def _docs(self, texts: Sequence[str]) -> Iterable[Doc]:
        """The texts with their parts of speech. One by itself is spared what is needed to have many read together."""
        if len(texts) == 1:
            return [self._language(texts[0], disable=self._resting)]
        return self._language.pipe(texts, disable=self._resting)

    def _hear(self, text: str, purpose: str) -> Hearing:
        unmarked = lexicon.unmarked(text)
        note, reading = self._heads.read(unmarked, purpose=purpose), rules.read(unmarked, purpose=purpose)
        asked = self._heads.scores(note)
        mixed = asked[answers.QUESTIONS["kind"]] + self._heads.mix[2] * log_chances(reading.scores)
        kinds = mixed / self._heads.temperature + self._heads.lean + reading.rulings
        kinds = deciding.in_order(kinds, first=reading.first)
        if self._learned:
            kinds = kinds + self._learned.adds(learning.features(note))
        return Hearing(note, reading, asked, kinds)

    def _decide(self, text: str, heard: Hearing, told: NoteType | None) -> Verdict:
        """A person's word on these very words stands; words that tell nothing are not guessed at."""
        if self._learned and (settled := self._learned.word_on(text)):
            return Verdict(settled, deciding.SETTLED)
        if little := deciding.too_little(text):
            return little
        if lexicon.is_english(text):
            return deciding.verdict(heard.kinds, told=told)
        taught = self._learned is not None and self._learned.speaks(heard.note.words)
        return deciding.in_another_language(heard.kinds, told=told, taught=taught)

    def _because(self, text: str, heard: Hearing, verdict: Verdict) -> tuple[str, ...]:
        if verdict.rather_than is None:
            return ()
        cues = [cue for cue in heard.reading.heard if cue.entry == verdict.kind.value and cue.strength == "cue"]
        return self._reasons(text, heard, Decided(PLACE[verdict.kind], PLACE[verdict.rather_than], cues))

    def _because_of_condition(self, text: str, heard: Hearing, best: int, second: int) -> tuple[str, ...]:
        general, first = self._heads.general.weights, answers.QUESTIONS["condition"].start
        decided = Decided(
            first + best,
            first + second,
            rules.cues_for("conditions", answers.CONDITIONS[best], text),
            also=heard.note.words_of @ (general[:, best] - general[:, second]),
        )
        return self._reasons(text, heard, decided)

    def _reasons(self, text: str, heard: Hearing, decided: Decided) -> tuple[str, ...]:
        found = reasons.because(text, heard.note, self._heads, decided)
        return tuple(reason for reason in found if CUT not in reason)

    def _theme(self, heard: Hearing, doc: Doc | None) -> str | None:
        if self._learned and (theme := self._learned.theme_like(heard.note.words)):
            return theme
        return themes.suggest(doc) if doc is not None else None


def _readable(words: str) -> str:
    """The part of a note that is read; a long one is cut in the middle, so that the work stays bounded."""
    if len(words) > READ_AT_MOST:
        words = f"{words[: READ_AT_MOST * 3 // 4]} {CUT} {words[-READ_AT_MOST // 4 :]}"
    return HALF_LETTERS.sub(" ", words)
