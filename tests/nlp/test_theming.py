"""Themes emerge from notes: the same ones each time, kept from week to week, and open to people's word."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp import embedding
from nlp.theming import NoSuchTheme, NothingToUndo, ThemeBook, words
from nlp.vocabulary import DemandKind

PARCEL = [
    "Where is my parcel?",
    "Has my parcel been sent yet?",
    "My parcel still hasn't arrived, where is it?",
    "Any news on my parcel?",
    "I'm still waiting for my parcel to come",
    "When will my parcel get here?",
]
CARD = [
    "I've lost my card, I need another one",
    "Can you send me a new card, mine was stolen",
    "My card is gone, please stop it and send a new one",
    "I need a replacement card, I dropped mine down a drain",
    "I can't find my bank card anywhere, can I have another?",
    "Lost my card on the bus, new one please",
]
HOURS = [
    "What time do you open on Saturday?",
    "Are you open on Sundays?",
    "What are your opening hours?",
    "How late are you open tonight?",
    "When do you close on weekdays?",
    "Are you open on the bank holiday?",
]
POOL = [
    "How do I book a swimming lesson for my daughter?",
    "Can I sign my son up for swimming lessons?",
    "Are there any places left in the swimming class?",
    "I want to start swimming lessons",
    "Which swimming lesson is right for a six year old?",
    "Could my grandson join the swimming lessons in May?",
]
WEEK = [*PARCEL, *CARD, *HOURS]


@pytest.fixture(scope="module")
def book() -> ThemeBook:
    return ThemeBook.found_in(WEEK)


def theme_of(book: ThemeBook, text: str) -> str:
    found = book.place([text])[0].theme
    assert found is not None, f"{text!r} should have a theme"
    return found


def parts(book: ThemeBook, texts: list[str]) -> set[frozenset[str]]:
    """Which notes are together, whatever their themes are called."""
    by_theme: dict[str | None, set[str]] = {}
    for text, placement in zip(texts, book.place(texts), strict=True):
        by_theme.setdefault(placement.theme, set()).add(text)
    return {frozenset(together) for together in by_theme.values()}


def test_themes_emerge_from_twenty_notes(book: ThemeBook) -> None:
    """Three things that customers ask for come out as three themes, without anyone saying that there are three."""
    assert parts(book, WEEK) == {frozenset(PARCEL), frozenset(CARD), frozenset(HOURS)}
    assert sorted(theme.size for theme in book.themes) == [6, 6, 6]


def test_names_are_customers_words(book: ThemeBook) -> None:
    """A theme is named by words that its customers used, short, in lower case, and no two themes alike."""
    names = [theme.name for theme in book.themes]
    assert len(set(names)) == len(names)
    for theme in book.themes:
        assert theme.name == theme.name.lower()
        assert 0 < len(theme.name) <= 40
    assert "parcel" in book.theme(theme_of(book, "Where is my parcel?")).name
    assert "card" in book.theme(theme_of(book, CARD[0])).name


def test_a_note_joins_its_theme_on_arrival(book: ThemeBook) -> None:
    """A note nobody has seen before is told where it belongs as it comes in."""
    placement = book.place(["Could you tell me where my parcel has got to?"])[0]
    assert placement.theme == theme_of(book, "Where is my parcel?")
    assert not placement.is_new


def test_what_is_unlike_anything_before_is_new(book: ThemeBook) -> None:
    """A demand never heard before is called new, rather than pushed into a theme."""
    placement = book.place(["The bees in your garden have swarmed onto my balcony"])[0]
    assert placement.theme is None
    assert placement.is_new


def test_what_only_lies_nearest_to_a_theme_does_not_plainly_belong_to_it() -> None:
    """Every note that was there has a theme, however far out it lies; only those near its middle may be called by its
    name, so that a lost fob is not told under "hot water".
    """
    stray = "Is the door of the bin store yours?"
    notes = ["The hot water is off", "No hot water again", "When is the hot water back?", "Hot water, no news?"]
    book = ThemeBook.found_in([*notes, *PARCEL])
    hot = theme_of(book, notes[0])
    book = replace(book, remembered={words.mark(words.key(text)): hot for text in (*notes, stray)})
    near, far = book.place([notes[0], stray])
    assert (near.theme, near.plainly, far.theme) == (hot, True, hot)
    assert not far.plainly


@pytest.mark.parametrize(
    "filler", ["Thanks!", "hello", "Good morning", "ok thank you so much", "👍", "", "Customer rang about the account."]
)
def test_filler_is_neither_a_theme_nor_new(book: ThemeBook, filler: str) -> None:
    """Thanks, greetings and notes too thin to tell ask for nothing: no theme, and nothing new."""
    placement = book.place([filler])[0]
    assert placement.theme is None
    assert not placement.is_new


def test_filler_never_forms_a_theme(book: ThemeBook) -> None:
    """However often people say thank you, there is no theme of thanks."""
    with_filler = ThemeBook.found_in([*WEEK, *["Thanks"] * 9, *["hello there"] * 9, "Thank you", "thank you!!", "Hi"])
    assert parts(with_filler, WEEK) == parts(book, WEEK)
    assert len(with_filler.themes) == len(book.themes)


def test_the_order_of_notes_does_not_matter(book: ThemeBook) -> None:
    """Notes that come in another order make the same book, to the last byte."""
    shuffled = random.Random(3).sample(WEEK, len(WEEK))
    assert ThemeBook.found_in(shuffled).to_bytes() == book.to_bytes()


def test_the_same_notes_make_the_same_book(book: ThemeBook) -> None:
    """Nothing is left to chance: today and tomorrow the same notes give the same themes, ids and names."""
    assert ThemeBook.found_in(WEEK, vectors=embedding.encode(WEEK)).to_bytes() == book.to_bytes()


def test_near_identical_notes_stay_together() -> None:
    """Capitals, stops, a please, another order number or a slip of the keys do not part two notes."""
    alike = [
        "Where is my order 4411?",
        "where is my order 982",
        "WHERE IS MY ORDER 17!!",
        "Please, where is my order 5",
        "where is my orders 4411",
    ]
    book = ThemeBook.found_in([*WEEK, *alike])
    assert len({placement.theme for placement in book.place(alike)}) == 1


def test_kinds_keep_apart_what_is_asked_differently() -> None:
    """The same thing asked for in another way is another theme: chasing a refund is not asking how to get one."""
    chased = [
        "Where is my refund?",
        "Has my refund gone through?",
        "I'm still waiting for the refund",
        "Any sign of that refund",
        "My refund is not in my account yet",
    ]
    asked = [
        "How do I get a refund?",
        "Can I have a refund if it doesn't fit?",
        "What do I do to claim a refund?",
        "Would you refund me if I bring it back?",
        "What's the way to ask for a refund?",
    ]
    kinds = [DemandKind.CHASE] * 5 + [DemandKind.ADVISE] * 5 + [DemandKind.CHANGE] * 6 + [DemandKind.ADVISE] * 6
    texts = [*chased, *asked, *CARD, *HOURS]
    book = ThemeBook.found_in(texts, kinds=kinds)
    where = [placement.theme for placement in book.place(texts, kinds=kinds)]
    assert len(set(where[:5])) == 1
    assert len(set(where[5:10])) == 1
    assert where[0] != where[5]


def test_themes_keep_id_and_name_from_week_to_week(book: ThemeBook) -> None:
    """When new notes arrive, themes that live on keep what they were called, and new ones stand beside them."""
    later = ThemeBook.found_in(
        [*WEEK[2:], "Where has my parcel got to now?", "Is Saturday one of the days you open?", *POOL], before=book
    )
    was = {theme.id: theme.name for theme in book.themes}
    now = {theme.id: theme.name for theme in later.themes}
    assert was.items() <= now.items()
    assert len(now) == len(was) + 1
    assert theme_of(later, POOL[0]) not in was


def test_a_book_survives_being_kept(book: ThemeBook) -> None:
    """What is kept in the store and read back is the same book, people's changes included."""
    changed = book.rename(book.themes[0].id, "where's my parcel").pin(book.themes[1].id)
    changed = changed.merge(changed.themes[0].id, changed.themes[2].id)
    again = ThemeBook.from_bytes(changed.to_bytes())
    assert again.to_bytes() == changed.to_bytes()
    assert again.place(WEEK) == changed.place(WEEK)
    assert again.undo().to_bytes() == changed.undo().to_bytes()


@pytest.mark.parametrize("kept", [b"", b"not a book", b"PK\x05\x06" + b"\x00" * 18])
def test_bytes_that_are_no_book_are_refused(kept: bytes) -> None:
    """Something else than a book is refused with a sentence."""
    with pytest.raises(ValueError, match="no book"):
        ThemeBook.from_bytes(kept)


def test_forgotten_notes_leave_no_trace(book: ThemeBook) -> None:
    """When a note is taken back, its words are gone from the book as well."""
    said = book.theme(theme_of(book, PARCEL[0])).examples[0]
    forgotten = book.pin(theme_of(book, said)).forget([said])
    assert said.encode() not in b"".join(theme.encode() for each in forgotten.themes for theme in each.examples)
    assert len(forgotten.remembered) == len(book.remembered) - 1


def test_no_notes_make_an_empty_book() -> None:
    """A workspace without notes has no themes, and its first note is new."""
    book = ThemeBook.found_in([])
    assert book.themes == ()
    assert book.place(["My boiler is cold"])[0].is_new


def test_as_many_kinds_and_vectors_as_notes(book: ThemeBook) -> None:
    """Kinds or vectors that do not fit the notes are refused."""
    with pytest.raises(ValueError, match="as many"):
        book.place(WEEK, kinds=[None])
    with pytest.raises(ValueError, match="as many"):
        ThemeBook.found_in(WEEK, vectors=np.zeros((2, 384), np.float32))


def test_many_notes_are_themed_in_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """When there are too many notes to look at all at once, the rest join what they are like, and nothing is lost."""
    monkeypatch.setattr("nlp.theming.finding.AT_ONCE", 14)
    texts = [*WEEK, *POOL]
    book = ThemeBook.found_in(texts)
    assert sum(theme.size for theme in book.themes) >= len(texts) - 2
    assert book.to_bytes() == ThemeBook.found_in(texts[::-1]).to_bytes()


WILD = st.lists(
    st.one_of(st.text(max_size=60), st.sampled_from([*WEEK, "\x00", "z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍", "[NAME]", "a" * 5000])), max_size=9
)


@given(texts=WILD)
@example(texts=["", "", "", "", "_¯À", "'\U00010103B§"])
@settings(max_examples=25, deadline=None)
def test_any_notes_are_taken(texts: list[str]) -> None:
    """Whatever people paste in, themes are found, every note is placed, and the same words are placed alike."""
    book = ThemeBook.found_in(texts)
    placed = book.place([*texts, *texts])
    assert placed[: len(texts)] == placed[len(texts) :]
    assert {placement.theme for placement in placed} - {None} <= {theme.id for theme in book.themes}
    assert ThemeBook.from_bytes(book.to_bytes()).place(texts) == placed[: len(texts)]


@given(doubled=st.lists(st.sampled_from(WEEK), min_size=1, max_size=6), seed=st.integers(0, 99))
@settings(max_examples=10, deadline=None)
def test_saying_it_twice_changes_no_theme(doubled: list[str], seed: int) -> None:
    """Notes that come in more than once are together, wherever they stand, and part no others."""
    texts = random.Random(seed).sample([*WEEK, *doubled], len(WEEK) + len(doubled))
    assert parts(ThemeBook.found_in(texts), WEEK) == {frozenset(PARCEL), frozenset(CARD), frozenset(HOURS)}


def test_a_given_name_stands(book: ThemeBook) -> None:
    """Once a person names a theme, the next full pass keeps their word."""
    named = book.rename(theme_of(book, PARCEL[0]), "  where's my   parcel ")
    later = ThemeBook.found_in([*WEEK, *POOL], before=named)
    assert later.theme(theme_of(later, PARCEL[0])).name == "where's my parcel"
    assert later.theme(theme_of(later, PARCEL[0])).named


def test_a_name_is_given_once(book: ThemeBook) -> None:
    """Two themes never share a name, and a theme always has one."""
    first, second, *_ = book.themes
    with pytest.raises(ValueError, match="already"):
        book.rename(first.id, second.name.upper())
    with pytest.raises(ValueError, match="needs a name"):
        book.rename(first.id, "  ")


def test_merged_themes_stay_merged(book: ThemeBook) -> None:
    """Two themes that people put together are one for the notes of before, for new ones, and in later passes."""
    parcel, card = theme_of(book, PARCEL[0]), theme_of(book, CARD[0])
    merged = book.merge(parcel, card)
    later = ThemeBook.found_in([*WEEK, *POOL, "Could I get a new card, mine is lost"], before=merged)
    for each in (merged, later):
        assert {placement.theme for placement in each.place([*PARCEL, *CARD])} == {parcel}
        assert theme_of(each, "My card's been stolen, could you send another one?") == parcel
    assert later.theme(parcel).size == 13


def test_a_split_theme_stays_split(book: ThemeBook) -> None:
    """Notes that people set apart become a theme of their own; later passes and new notes follow them."""
    hours = theme_of(book, HOURS[0])
    apart = [HOURS[1], HOURS[5]]
    split = book.split(hours, apart, name="open on my day off")
    later = ThemeBook.found_in([*WEEK, *POOL], before=split)
    for each in (split, later):
        (new,) = {placement.theme for placement in each.place(apart)}
        assert new is not None
        assert new != hours
        assert each.theme(new).name == "open on my day off"
        assert theme_of(each, "When do you close on weekdays?") == hours


def test_a_pinned_theme_stays(book: ThemeBook) -> None:
    """A theme that people pinned is there even when a week brings no note for it."""
    pinned = book.pin(theme_of(book, HOURS[0]))
    later = ThemeBook.found_in([*PARCEL, *CARD], before=pinned)
    kept = later.theme(theme_of(book, HOURS[0]))
    assert kept.size == 0
    assert theme_of(later, "What time do you open on Saturday?") == kept.id


def test_every_change_can_be_undone(book: ThemeBook) -> None:
    """Whatever people change, one undo brings the themes back as they were; nothing to undo says so."""
    parcel, card = theme_of(book, PARCEL[0]), theme_of(book, CARD[0])
    for changed in (
        book.rename(parcel, "my parcel, please"),
        book.merge(parcel, card),
        book.split(parcel, PARCEL[:2]),
        book.pin(card),
    ):
        assert changed.to_bytes() != book.to_bytes()
        assert changed.undo().to_bytes() == book.to_bytes()
    with pytest.raises(NothingToUndo):
        book.undo()


def test_changes_never_touch_the_book_they_were_made_to(book: ThemeBook) -> None:
    """A change gives a new book; whoever still reads the former one sees no difference."""
    was = book.to_bytes()
    book.merge(book.themes[0].id, book.themes[1].id)
    book.rename(book.themes[2].id, "something of ours")
    assert book.to_bytes() == was


def test_a_theme_that_is_not_there_is_said_so(book: ThemeBook) -> None:
    """Changing a theme that is not in the book, or merging it with nothing, is refused."""
    for change in (
        lambda: book.rename("t0", "x"),
        lambda: book.pin("t0"),
        lambda: book.merge(book.themes[0].id, "t0"),
        lambda: book.split("t0", ["x"]),
    ):
        with pytest.raises(NoSuchTheme):
            change()
    with pytest.raises(ValueError, match="at least two"):
        book.merge(book.themes[0].id, book.themes[0].id)
    with pytest.raises(ValueError, match="says something"):
        book.split(book.themes[0].id, ["thanks"])


def test_praise_is_no_theme_when_its_kind_is_known() -> None:
    """Notes that are known to ask nothing form no theme, however alike they are, and are not called new."""
    praise = [
        "You were all so kind to my mother",
        "So kind you all were to my mum",
        "Everyone was kind to my mother, bless you",
    ]
    kinds = [DemandKind.NO_ASK] * 3 + [DemandKind.CHASE] * 6 + [DemandKind.CHANGE] * 6
    book = ThemeBook.found_in([*praise, *PARCEL, *CARD], kinds=kinds)
    assert len(book.themes) == 2
    for placement in book.place(praise, kinds=kinds[:3]):
        assert placement.theme is None
        assert not placement.is_new


def test_notes_without_anything_in_common_are_no_theme() -> None:
    """A handful of demands that have nothing to do with each other stay what they are: new, each by itself."""
    unlike = [
        "The bees in your garden have swarmed onto my balcony",
        "Would a smart meter work in a houseboat?",
        "My grandfather's medals went missing in the post",
        "Is the dentist's lift wide enough for a wheelchair?",
        "I'd like to learn the tuba",
    ]
    assert ThemeBook.found_in(unlike).themes == ()
