"""The language we speak: what a sentence says when nobody has translated it, and whose language it is."""

from __future__ import annotations

from digests import speech
from digests.speech import _, plural


def test_english_needs_no_catalogue() -> None:
    assert _("Taken back. The words are gone.") == "Taken back. The words are gone."
    assert plural(1, "{n} note", "{n} notes") == "1 note"
    assert plural(3, "{n} note", "{n} notes") == "3 notes"


def test_a_language_that_we_do_not_speak_is_answered_in_english() -> None:
    with speech.speaking("tlh"):
        assert speech.spoken() == speech.ENGLISH
