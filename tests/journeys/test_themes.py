"""People see what keeps coming, say what it is called and what belongs together; their word stands."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.app import House
from bot.logbook import Submission
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, View
from nlp.vocabulary import DemandKind, DemandType, NoteType
from storage import notes, tags
from tests.bot.test_librarian import HOURS, KEYS, PARCELS
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]
ASHA = "U0ASHA00001"


@pytest.fixture
def found(house: House) -> str:
    """Themes found among some notes: the name of the one about parcels, one note of which Asha has corrected."""
    said = [f"{words} {'Thanks.' * n}" for n in range(3) for words in (*PARCELS, *KEYS, *HOURS)]
    house.logbook.keep_all([submission(words, f"import/{place}") for place, words in enumerate(said)])
    house.logbook.find_themes()
    note, _ = house.logbook.keep(submission("Do you know where my parcel is?", "mine", by=ASHA))
    theme = house.logbook.tag(note).tag
    house.logbook.correct(note.id or 0, workspace=LARKMOOR, by=ASHA, kind=DemandKind.AGAIN)
    assert theme is not None
    assert theme.theme is not None
    return theme.theme


def submission(words: str, key: str, by: str | None = None) -> Submission:
    return Submission(key=key, workspace=LARKMOOR, by=by, told_as=NoteType.DEMAND, words=words)


def themes(house: House) -> Counter[str | None]:
    """How many notes stand under each theme."""
    with house.database.reading() as session:
        everything = list(notes.everything(session, workspace=LARKMOOR))
        return Counter(tag.theme for tag in tags.standing_of(session, everything).values())


def test_a_theme_goes_by_the_name_that_people_give_it_in_all_of_history(
    slack: LocalSlack, house: House, sees: Sees, found: str
) -> None:
    """A name that only we would use is asked about once; it survives the next finding; and it can be taken back."""
    before = themes(house)
    slack.command("Tom", "/groundswell", f"theme {found}")
    card = sees("Tom", "Heard in 1 of the last 12 weeks")
    assert "parcel" in card.words
    slack.press("Tom", card, "Name it")
    form = slack.wait_for(lambda: slack.sees("Tom").view)
    assert form is not None
    slack.submit("Tom", form, {"answer": "the logistics backlog"})
    asked = slack.wait_for(lambda: slack.sees("Tom").view)
    assert asked is not None
    assert "sounds like us, not like a customer" in asked.words
    slack.submit("Tom", asked, {"answer": "my parcel has not come"})
    sees("Tom", "*my parcel has not come*")
    slack.wait_for(lambda: themes(house)["my parcel has not come"] == before[found])
    house.logbook.keep_all([submission(f"{words} Cheers", f"later/{words}") for words in (*PARCELS, *KEYS, *HOURS)])
    house.logbook.find_themes()
    assert themes(house)["my parcel has not come"] > before[found]
    assert themes(house)[found] == 0
    slack.command("Tom", "/groundswell", "themes")
    listed = sees("Tom", "The last change: a theme was given another name.")
    slack.press("Tom", listed, "Undo")
    slack.wait_for(lambda: themes(house)[found] > before[found])


def test_themes_that_are_one_become_one_and_can_be_told_apart_again(
    slack: LocalSlack, house: House, sees: Sees, found: str
) -> None:
    before = themes(house)
    slack.command("Tom", "/groundswell", f"theme {found}")
    slack.press("Tom", sees("Tom", "Heard in 1 of the last 12 weeks"), "Merge with…")
    form = slack.wait_for(lambda: slack.sees("Tom").view)
    assert form is not None
    into = next(option for option in house.logbook.librarian.book(LARKMOOR).themes if option.name != found)
    slack.submit("Tom", form, {"answer": into.id})
    sees("Tom", f"*{into.name}* (pinned)")
    slack.wait_for(lambda: themes(house)[into.name] == before[into.name] + before[found])
    assert themes(house)[found] == 0
    slack.command("Asha", "/groundswell", "themes")
    slack.press("Asha", sees("Asha", "The last change: themes were merged."), "Undo")
    slack.wait_for(lambda: themes(house) == before)


@pytest.mark.parametrize("pressed", ["Name it", "Merge with…"])
def test_whoever_names_or_merges_a_theme_is_answered_before_history_follows(
    slack: LocalSlack, house: House, sees: Sees, found: str, monkeypatch: pytest.MonkeyPatch, pressed: str
) -> None:
    """Slack waits three seconds, and a theme may have many notes."""
    answered, in_time = threading.Event(), list[bool]()
    follow = house.logbook.librarian._follow

    def follow_later(*args: Any, **kwargs: Any) -> None:
        in_time.append(answered.wait(timeout=2.5))
        follow(*args, **kwargs)

    monkeypatch.setattr(house.logbook.librarian, "_follow", follow_later)
    slack.command("Tom", "/groundswell", f"theme {found}")
    slack.press("Tom", sees("Tom", "Heard in 1 of the last 12 weeks"), pressed)
    form = slack.wait_for(lambda: slack.sees("Tom").view)
    assert form is not None
    into = next(theme.id for theme in house.logbook.librarian.book(LARKMOOR).themes if theme.name != found)
    answer = {"Name it": "my parcel has not come", "Merge with…": into}[pressed]
    assert slack.submit("Tom", form, {"answer": answer}).ok
    answered.set()
    slack.wait_for(lambda: themes(house)[found] == 0)
    assert in_time == [True]


def test_a_pinned_theme_says_so(slack: LocalSlack, house: House, sees: Sees, found: str) -> None:
    slack.command("Tom", "/groundswell", "themes")
    listed = sees("Tom", "What keeps coming to Everyone, in the last 12 weeks")
    assert f"*{found}*" in listed.words
    theme = next(theme for theme in house.logbook.librarian.book(LARKMOOR).themes if theme.name == found)
    [button] = [control for control in listed.controls if theme.id in control.get("value", "")]
    slack.press("Tom", listed, "Open", button["value"])
    card = slack.wait_for(lambda: slack.sees("Tom", "#general").saying("Anyone may, and anyone may take it back"))
    assert card is not None
    slack.press("Tom", card, "Pin")
    sees("Tom", f"*{found}* (pinned)")


def test_a_name_never_names_a_person_nor_another_theme(slack: LocalSlack, house: House, sees: Sees, found: str) -> None:
    slack.command("Tom", "/groundswell", f"theme {found}")
    slack.press("Tom", sees("Tom", "Heard in 1 of the last 12 weeks"), "Name it")
    form = slack.wait_for(lambda: slack.sees("Tom").view)
    assert form is not None
    refused = slack.submit("Tom", form, {"answer": "Mrs Patel on 07700 900123"})
    assert "nobody's own name" in refused.errors["answer"]
    other = next(theme.name for theme in house.logbook.librarian.book(LARKMOOR).themes if theme.name != found)
    refused = slack.submit("Tom", form, {"answer": other})
    assert "Another theme has that name" in refused.errors["answer"]


def test_words_are_looked_for_among_everyones_notes(slack: LocalSlack, house: House, sees: Sees, found: str) -> None:
    slack.command("Tom", "/groundswell", "search door key")
    sees("Tom", "Notes with “door key”, newest first:")
    slack.command("Tom", "/groundswell", "search")
    sees("Tom", "Which words?")
    slack.command("Tom", "/groundswell", "theme unheard of")
    sees("Tom", "There is no theme of that name")


def offered(message: Message) -> list[str]:
    """The themes that a form offers for a note, from the top."""
    [select] = [control for control in message.controls if control["action_id"] == "note_theme"]
    return [option["text"]["text"] for option in select["options"]]


def test_the_likeliest_themes_come_first_and_a_note_may_have_none(
    slack: LocalSlack, house: House, sees: Sees, found: str
) -> None:
    """What it stands under, then what it is most like; and whoever says "no theme" is not overruled later."""
    names = house.logbook.librarian.names(LARKMOOR)
    slack.command("Tom", "/demand", "Do you know where my parcel is today?")
    slack.press("Tom", sees("Tom", f"“{found}”"), "Change")
    form = sees("Tom", "Your word stands")
    assert offered(form)[0] == found
    assert offered(form)[-1] == "No theme"
    assert sorted(offered(form)[:-1]) == sorted(names.values())
    slack.press("Tom", form, "note_theme", offered(form)[1])
    told = sees("Tom", f"“{offered(form)[1]}” · as you said")
    slack.press("Tom", told, "Change")
    form = sees("Tom", "Your word stands")
    assert offered(form)[:2] == [offered(form)[0], found], "what stands, then what is likeliest"
    slack.press("Tom", form, "note_theme", "No theme")
    told = sees("Tom", "as you said")
    assert told.text.startswith("Kept as note")
    assert "“" not in told.text
    house.logbook.keep_all([submission(f"{words} Cheers", f"later/{words}") for words in (*PARCELS, *KEYS, *HOURS)])
    house.logbook.find_themes()
    slack.press("Tom", told, "Change")
    slack.press("Tom", sees("Tom", "Your word stands"), "note_kind", "Wrong")
    assert "“" not in sees("Tom", "failure demand (wrong)* · as you said").text


def splitting(slack: LocalSlack, sees: Sees, found: str) -> View:
    """The form that Tom gets when he splits the theme about parcels."""
    slack.command("Tom", "/groundswell", f"theme {found}")
    slack.press("Tom", sees("Tom", "Heard in 1 of the last 12 weeks"), "Split")
    form = slack.wait_for(lambda: slack.sees("Tom").view)
    assert form is not None
    return form


def to_tick(form: View) -> dict[str, str]:
    """The notes that a form for splitting offers: their words, and what ticking them sends."""
    [which] = [block["element"] for block in form.blocks if block.get("block_id") == "answer"]
    return {option["text"]["text"]: option["value"] for option in which["options"]}


def under(house: House, words: str) -> set[str | None]:
    """The themes that the notes with these words stand under."""
    with house.database.reading() as session:
        said = [note for note in notes.everything(session, workspace=LARKMOOR) if words in note.verbatim]
        return {tag.theme for tag in tags.standing_of(session, said).values()}


def test_a_theme_that_is_two_becomes_two_and_can_be_one_again(
    slack: LocalSlack, house: House, sees: Sees, found: str
) -> None:
    """A note that someone had corrected goes with those it is like, when it is chosen; and all is undone at once."""
    before = themes(house)
    form = splitting(slack, sees, found)
    offered = to_tick(form)
    assert len(offered) == len({words.split("?")[0] for words in offered}), "each wording once"
    mine = offered["Do you know where my parcel is?"]
    where = next(value for words, value in offered.items() if words.startswith("Where is my parcel?"))
    assert slack.submit("Tom", form, {"answer": [mine, where], "name": "where has it got to"}).ok
    card = sees("Tom", "“where has it got to” is a theme of its own now.")
    assert f"*{found}* (pinned)" in card.words
    slack.wait_for(lambda: under(house, "Where is my parcel?") == {"where has it got to"})
    slack.wait_for(lambda: under(house, "Do you know where my parcel is?") == {"where has it got to"})
    assert found in themes(house)
    assert themes(house)[found] + themes(house)["where has it got to"] == before[found]
    house.logbook.keep_all([submission(f"{words} Cheers", f"later/{words}") for words in (*PARCELS, *KEYS, *HOURS)])
    house.logbook.find_themes()
    assert under(house, "Where is my parcel?") == {"where has it got to"}, "later passes keep people's word"
    slack.command("Asha", "/groundswell", "themes")
    slack.press("Asha", sees("Asha", "The last change: a theme was split."), "Undo")
    slack.wait_for(lambda: "where has it got to" not in themes(house))
    assert under(house, "Do you know where my parcel is?") == {found}


def test_a_theme_that_was_split_is_named_in_customers_words_where_nobody_names_it(
    slack: LocalSlack, house: House, sees: Sees, found: str
) -> None:
    names = set(house.logbook.librarian.names(LARKMOOR).values())
    form = splitting(slack, sees, found)
    sent = next(value for words, value in to_tick(form).items() if words.startswith("Has my parcel been sent yet?"))
    assert slack.submit("Tom", form, {"answer": [sent]}).ok
    [new] = slack.wait_for(lambda: set(house.logbook.librarian.names(LARKMOOR).values()) - names)
    sees("Tom", f"“{new}” is a theme of its own now.")
    assert "parcel" in new or "sent" in new


def test_what_cannot_be_split_is_said_in_the_form(slack: LocalSlack, house: House, sees: Sees, found: str) -> None:
    form = splitting(slack, sees, found)
    everything = list(to_tick(form).values())
    assert "answer" in slack.submit("Tom", form, {"answer": []}).errors
    refused = slack.submit("Tom", form, {"answer": everything})
    assert "Leave at least one" in refused.errors["answer"]
    refused = slack.submit("Tom", form, {"answer": everything[:1], "name": "Mrs Patel on 07700 900123"})
    assert "Nobody's own name" in refused.errors["name"]
    refused = slack.submit("Tom", form, {"name": found.upper()})
    assert "A theme has that name already" in refused.errors["name"]
    assert len(house.logbook.librarian.book(LARKMOOR).said) == 0, "nothing was changed"
    slack.submit("Tom", form, {"name": "the logistics backlog"})
    asked = slack.wait_for(lambda: slack.sees("Tom").view)
    assert asked is not None
    assert "sounds like us, not like a customer" in asked.words
    assert slack.submit("Tom", asked).ok
    sees("Tom", "“the logistics backlog” is a theme of its own now.")


def test_a_theme_or_a_note_that_went_while_one_was_choosing_is_not_split(
    slack: LocalSlack, house: House, sees: Sees, found: str
) -> None:
    form = splitting(slack, sees, found)
    mine = to_tick(form)["Do you know where my parcel is?"]
    house.logbook.undo(int(mine), workspace=LARKMOOR, by=ASHA)
    refused = slack.submit("Tom", form, {"answer": [mine]})
    assert "no longer in this theme" in refused.errors["answer"]
    ids = {name: theme for theme, name in house.logbook.librarian.names(LARKMOOR).items()}
    other = next(theme for name, theme in ids.items() if name != found)
    house.logbook.librarian.change(LARKMOOR, lambda book: book.merge(other, ids[found]))
    refused = slack.submit("Tom", form)
    assert "That theme is no longer there" in refused.errors["answer"]


def test_where_a_theme_was_heard_counts_whatever_was_asked(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Like its weeks: value demand is heard at the counter and on the phone, too."""
    said = [(point, words) for point in ("Counter", "Phone") for words in (*PARCELS, *KEYS, *HOURS)]
    house.logbook.keep_all([replace(submission(words, f"{point}/{words}"), point=point) for point, words in said])
    house.logbook.find_themes()
    with house.database.reading() as session:
        everything = list(notes.everything(session, workspace=LARKMOOR))
        standing = tags.standing_of(session, everything)
    [hours] = {standing[note.id or 0].theme for note in everything if note.verbatim == HOURS[0]}
    assert {tag.demand_type for tag in standing.values() if tag.theme == hours} == {DemandType.VALUE}
    slack.command("Tom", "/groundswell", f"theme {hours}")
    assert "Heard in 1 of the last 12 weeks, at 2 listening points" in sees("Tom", "Heard in 1 of").words
