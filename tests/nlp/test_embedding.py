"""Sentences become vectors offline, always the same ones, and like lies with like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import embedding

LIKE = "Where has my parcel got to?"


def test_sentences_that_mean_alike_lie_close() -> None:
    """Two ways of asking for a parcel are nearer than a parcel and a haircut."""
    parcel, order, haircut = embedding.encode([LIKE, "My order has not been delivered yet", "Can I book a haircut?"])
    assert parcel @ order > parcel @ haircut


def test_a_vector_does_not_depend_on_its_neighbours() -> None:
    """The same words give the same numbers, alone or among a hundred others."""
    alone = embedding.encode([LIKE])[0]
    among = embedding.encode(["Hello"] * 40 + [LIKE] + ["Can I pay by card at the desk?"] * 40)[40]
    np.testing.assert_allclose(alone, among, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "ids"),
    [("hello world", [101, 7592, 2088, 102]), ("Café!", [101, 7668, 999, 102]), ("", [101, 102])],
)
def test_words_are_cut_as_berts_vocabulary_has_them(text: str, ids: list[int]) -> None:
    """Capitals and accents do not matter, marks stand alone."""
    assert embedding.pieces(text) == ids


@given(st.text(max_size=2_000))
def test_any_text_is_cut_to_a_bounded_length(text: str) -> None:
    """However long or odd the text, the encoder gets no more than it can read."""
    ids = embedding.pieces(text)
    assert 2 <= len(ids) <= embedding.LONGEST
    assert ids[0] == embedding.BEGIN
    assert ids[-1] == embedding.END


def test_long_texts_are_read_a_few_at_a_time() -> None:
    """Or a hundred of them would take half a gigabyte for a moment."""
    rows = [[7] * length for length in (3, 128, 3, 128) for _ in range(50)]
    together = list(embedding._of_one_length(rows))
    assert sorted(place for places in together for place in places) == list(range(len(rows)))
    assert max(sum(len(rows[place]) for place in places) for places in together) <= embedding.PIECES_TOGETHER
    assert max(map(len, together)) == embedding.TOGETHER
