"""The receipt: what we heard, because of which words, and the two ways to put it right."""

from __future__ import annotations

from typing import Any

from bot.blocks import pages, wording
from bot.desk import Entry
from digests import mrkdwn
from digests.speech import N_, _, plural
from nlp import asks, blame
from nlp.redaction.spans import PLACEHOLDER
from nlp.vocabulary import Kind
from storage.columns import TagSource
from storage.models import Tag

CHANGE = "note_change"
UNDO = "note_undo"
DETAIL = "note_detail"
SPLIT = "note_split"
PICK = "note_pick"
"""Action ids of the two buttons for "which of these is it?" begin like this."""

_URGENT = N_("*This may be urgent.* If someone is at risk now, please use your urgent route: nobody watches this.")
_SYSTEM = N_(
    "What about the system made that likely: a rule, a measure, a tool, a handover? *Add detail* has room for it."
)
_QUITE_SURE, _LIKELY, _NOT_SURE = N_("quite sure"), N_("likely"), N_("not sure")
_AS_YOU_SAID = N_("as you said")
_LONGEST_QUOTE = 600
_SURE = 0.75
_UNSURE = 0.5


def build(entry: Entry) -> dict[str, Any]:
    """The receipt for a note: `text` for notifications and screen readers, `blocks` for the eye. What we heard, the
    words and the small print are a line each; a sentence of its own comes only where somebody should think twice.
    """
    blocks: list[dict[str, Any]] = [
        pages.section(first_line(entry, strong="*{}*")),
        pages.section(mrkdwn.quote(_shortened(entry.note.verbatim))),
    ]
    if entry.tag is not None and entry.tag.urgent:
        blocks.append(pages.section(_(_URGENT)))
    if _blames(entry):
        blocks.append(pages.section(_(_SYSTEM)))
    number, this = entry.note.number, str(entry.note.id)
    buttons = [
        pages.button(_("Add detail"), DETAIL, this, says=_("Add detail to note {n}").format(n=number)),
        pages.button(_("Undo"), UNDO, this, says=_("Undo: take note {number} back").format(number=number)),
    ]
    if entry.tag is not None:
        buttons.insert(0, pages.button(_("Change"), CHANGE, this, says=_("Change what kind of note this is")))
        if is_unsure(entry.tag):
            buttons[:0] = [_pick(entry, kind, place) for place, kind in enumerate(likeliest(entry.tag))]
    several = len(asks.asks_in(entry.note.verbatim))
    if several > 1 and (entry.tag is None or entry.tag.source is TagSource.TAGGER):
        label = _("Keep as {n} notes").format(n=several)
        says = _("Keep the {n} asks in note {number} as a note each").format(n=several, number=number)
        buttons.append(pages.button(label, SPLIT, this, says=says))
    blocks.append({"type": "actions", "elements": buttons})
    blocks.append(pages.small(_footer(entry)))
    return {"text": first_line(entry), "blocks": blocks}


def taken_back(*, gone: bool) -> dict[str, Any]:
    """What stands where the receipt stood, once a person's note has been taken back: its words are gone, unless others
    marked the same message.
    """
    text = (
        _("Taken back. The words are gone.")
        if gone
        else _("Taken back: the note is no longer yours. Others marked that message too, so its words stay, for them.")
    )
    return {"text": text, "blocks": [pages.section(text)]}


def note_and_kind(value: str) -> tuple[int, str]:
    """The note and the name of the kind that a button or an option carries."""
    note_id, _, kind = value.partition(":")
    return int(note_id), kind


def carrying(note_id: int | None, kind: Kind) -> str:
    """What a button or an option for this note and kind carries; `note_and_kind` reads it back."""
    return f"{note_id}:{kind.name}"


def first_line(entry: Entry, *, strong: str = "{}", with_theme: bool = True) -> str:
    """What we heard: "Kept as note 12 · failure demand (chase) · “where is my repair” · likely".

    Safe inside mrkdwn. `strong` is put around what the eye looks for first.
    """
    tag = entry.tag
    kept = strong.format(_("Kept as note {number}").format(number=entry.note.number))
    if tag is None:
        return f"{kept} · {_('We could not tell yet what kind of note it is. We will look again soon.')}"
    if is_unsure(tag):
        return f"{kept} · {_('We are not sure what kind of note this is. Which is it?')}"
    about = [wording.quoted(tag.theme)] if tag.theme and with_theme else []
    return " · ".join([kept, strong.format(wording.a_kind(tag.kind)), *about, _(_how_sure(tag))])


def _how_sure(tag: Tag) -> str:
    if tag.source is TagSource.PERSON:
        return _AS_YOU_SAID
    return _QUITE_SURE if tag.confidence >= _SURE else _LIKELY if tag.confidence >= _UNSURE else _NOT_SURE


def _blames(entry: Entry) -> bool:
    tag = entry.tag
    return tag is not None and blame.blames(entry.note.verbatim, kind=tag.kind, told=entry.note.told_as)


def _footer(entry: Entry) -> str:
    parts = [*_because(entry), _("Only you see this.")]
    times, points = entry.heard
    if times > 1:
        heard = plural(times, "Heard {n} time", "Heard {n} times")
        if points > 1:
            heard = plural(points, "{heard} from {n} point", "{heard} from {n} points", heard=heard)
        parts.append(_("{heard} in the last 12 weeks.").format(heard=heard))
    left_out = sorted({match.group().strip("[]") for match in PLACEHOLDER.finditer(entry.note.verbatim)})
    if left_out:
        parts.append(_("Left out before keeping: {what}.").format(what=wording.joined(left_out)))
    if entry.note.private:
        parts.append(_("From a private channel: it counts, and its words are quoted nowhere else."))
    if len(entry.note.verbatim) > _LONGEST_QUOTE:
        parts.append(_("Shown here in short; kept in full."))
    if entry.next_digest is not None:
        parts.append(_("Next digest: {when}.").format(when=mrkdwn.moment(entry.next_digest)))
    return " ".join(parts)


def _because(entry: Entry) -> list[str]:
    tag = entry.tag
    if tag is None or is_unsure(tag):
        return []
    if tag.source is TagSource.PERSON:
        return [_("That stands, and we learn from it. Thank you.")]
    words = [wording.quoted(words) for words in tag.because[:3]]
    return [_("Because of {words}.").format(words=wording.joined(words))] if words else []


def is_unsure(tag: Tag) -> bool:
    """Whether the tagger could not decide between two kinds, and nobody has said which it is."""
    return tag.source is TagSource.TAGGER and tag.confidence < _UNSURE and tag.runner_up is not None


def likeliest(tag: Tag) -> list[Kind]:
    """The two kinds that it could not decide between, the likelier one first."""
    return [tag.kind] if tag.runner_up is None else [tag.kind, tag.runner_up]


def _pick(entry: Entry, kind: Kind, place: int) -> dict[str, Any]:
    label = _(kind.value).capitalize()
    return pages.button(
        label,
        f"{PICK}_{place}",
        carrying(entry.note.id, kind),
        says=_("This is {kind}").format(kind=wording.a_kind(kind)),
    )


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 1].rstrip() + "…"
