"""Whatever is pasted into a note is answered, and nothing that identifies people comes out again."""

from __future__ import annotations

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp import asks
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from nlp.vocabulary import DemandType

THREAD = """From: Oluwaseun Adeyemi <o.adeyemi@example.org>
To: Siobhan Keogh <siobhan.keogh@example.com>
Cc: Tomasz Wierzbicki, 07700 900482
> Dear Siobhan, my card 4111 1111 1111 1111 was charged twice at 14 Orchard Road, LS1 4AP.
>> On Monday Tomasz wrote: please ring me on +44 20 7946 0018.
Regards, Oluwaseun Adeyemi
"""
SECRETS = ("adeyemi", "siobhan", "keogh", "tomasz", "wierzbicki", "900482", "4111", "orchard", "7946", "@example")

BAD = {
    "empty": "",
    "one emoji": "😡",
    "forty thousand characters": ("Still waiting for Priya on 07700 900123 about the boiler. " * 700)[:40_000],
    "one long word": "x" * 40_000,
    "digits": "0" * 40_000,
    "brackets": "[" * 20_000 + "]" * 20_000,
    "an e-mail thread": THREAD,
    "a long e-mail thread": THREAD * 60,
    "code": "def f(x):\n    return {k: v for k, v in x.items() if v != ''}\n" * 200,
    "base64": base64.b64encode(bytes(range(256)) * 100).decode(),
    "mixed scripts": "где моя посылка 私の荷物はどこ أين طردي where is it " * 200,
    "zalgo": "".join(letter + "\u0301\u0327\u0336\u0488" * 6 for letter in "still waiting for my parcel") * 40,
    "nothing but marks": "\u0301" * 5_000,
    "NULs": "still\x00waiting\x00" * 500,
    "half a letter": "still waiting \ud83d for it",
    "right to left": "\u202e" * 200 + "gnitiaw llits",
    "only what identifies": "Priya Sharma 07700 900123 priya@example.org LS1 4AP 4111 1111 1111 1111",
    "a thousand names": "Priya and Tomasz and Siobhan and Ewa and " * 250,
    "spaces": " " * 40_000,
    "commas": "and also, " * 4_000,
}


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.load()


@pytest.mark.parametrize("words", BAD.values(), ids=BAD.keys())
def test_whatever_is_pasted_is_answered(tagger: Tagger, redactor: Redactor, words: str) -> None:
    """With a confidence, and with reasons that stand in the words that are kept."""
    kept = redactor.redact(words).text
    tagging = tagger.tag(kept, purpose="We keep homes warm.")
    asks.asks_in(kept)
    assert 0.0 <= tagging.confidence <= 1.0
    assert all(reason in kept for reason in tagging.because)


def test_a_thread_of_three_people_comes_out_without_them(tagger: Tagger, redactor: Redactor) -> None:
    """Neither the words that are kept nor the reasons that are shown have anyone in them."""
    kept = redactor.redact(THREAD).text
    shown = " ".join([kept, *tagger.tag(kept).because]).casefold()
    assert [secret for secret in SECRETS if secret in shown] == []


def test_a_note_that_only_identifies_someone_is_honestly_unknown(tagger: Tagger, redactor: Redactor) -> None:
    """Nothing is left to understand, and nothing is made up."""
    kept = redactor.redact(BAD["only what identifies"]).text
    assert not any(character.isdigit() for character in kept)
    assert "priya" not in kept.casefold()
    assert tagger.tag(kept).demand_type is DemandType.UNKNOWN


@pytest.mark.parametrize(
    "words",
    [
        "Je voudrais savoir où est mon colis, appelez Mme Lefèvre au 06 12 34 56 78",
        "Ich warte seit drei Wochen, bitte rufen Sie mich an unter +49 151 23456789",
        "Quiero saber dónde está mi pedido, llame al +34 612 345 678",
    ],
)
def test_another_language_is_unknown_and_redacted(tagger: Tagger, redactor: Redactor, words: str) -> None:
    """We say that we do not understand rather than guess, and leave out what identifies people all the same."""
    kept = redactor.redact(words).text
    assert "[phone]" in kept
    assert tagger.tag(kept).demand_type is DemandType.UNKNOWN


def test_brackets_around_a_note_take_nothing_from_it(tagger: Tagger) -> None:
    """Only what redaction put is passed over; whatever else stands in brackets was said."""
    tagging = tagger.tag("[still no hot water since Tuesday, third time I have rung]")
    assert tagging.demand_type is DemandType.FAILURE
    assert tagging.because
    assert tagger.tag("[name] [date of birth]").demand_type is DemandType.UNKNOWN


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(["[name]", "[", "]", "Priya", "07700 900123", " also ", "?", "\x00", "\ud800", "\u0301"]),
        ),
        max_size=12,
    )
)
def test_nothing_that_can_be_written_is_an_error(tagger: Tagger, redactor: Redactor, parts: list[str]) -> None:
    """Any letters in any order are answered, the same each time, and a known number never comes out."""
    words = "".join(parts)
    kept = redactor.redact(words).text
    assert tagger.tag(kept) == tagger.tag(kept)
    assert redactor.redact(f"ring Priya Sharma on 07700 900123 {words}").text.startswith("ring [name] on [phone]")
