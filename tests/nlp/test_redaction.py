"""What redaction promises about the words it is given."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.redaction import LABELS, PiiSpan, Redactor, Roster, lessons, measure, spans

NOTES = lessons.FOLDER / "notes.jsonl"
UNSEEN = Path(__file__).parent


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.load()


PIECES = st.sampled_from(
    [
        "Priya", "o'neil", "mr", "Mrs. ", "spoke to", "Will", "may", "dob", "12/03/1984", "07700 900123",
        "+44", "acc no", "12345678", "20-00-00", "GB33BUKB20201555555555", "4111 1111 1111 1111", "QQ123456C",
        "10.0.0.1", "v1.2.3.4", "::1", "14 Elm Street", "flat 3,", "LS6 3QN", "ZZ11 TST", "a@b.co",
        "<@U123ABC>", "<mailto:a@b.c|a@b.c>", "<tel:1|2>", "[name]", "[phone]", "<", ">", "|", "@", "#",
        "\x00", "\n", "é̂", "İ", "ß", "١٢٣٤٥٦٧٨٩", "🙂", "van der", "-", "'", ".", ",", "(", "and",
    ]
)  # fmt: skip
WILD = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=14).map("".join)
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WILD)
def test_any_words_are_redacted_and_nothing_else_is_changed(redactor: Redactor, words: str) -> None:
    """Whatever is written, an answer comes, and every character outside the findings stays as it was."""
    redaction = redactor.redact(words)
    assert redaction.text == spans.replace(words, redaction.spans)
    ends = 0
    for span in redaction.spans:
        assert ends <= span.start < span.end <= len(words)
        assert span.label in LABELS
        ends = span.end


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WILD)
def test_redacting_twice_changes_nothing_more(redactor: Redactor, words: str) -> None:
    """What is redacted once stays as it is when it is redacted again, and the same words always come out the same."""
    once = redactor.redact(words)
    assert redactor.redact(once.text).text == once.text
    assert redactor.redact(words) == once


@pytest.mark.parametrize(
    ("words", "redacted"),
    [
        ("dawn in lettings said no", "[name] in lettings said no"),
        ("dawn deliveries wake us", "dawn deliveries wake us"),
        ("bill rang, heating off", "[name] rang, heating off"),
        ("bill says 40, told 30", "bill says 40, told 30"),
        ("COOPER, Denise no letter", "[name] no letter"),
        ("mrs best no carer", "[name] no carer"),
        ("ms teams link dead", "ms teams link dead"),
        ("ul. Polna 8 m 12 brak wody", "[address] brak wody"),
        ("booking PLKQTR not found", "booking [account number] not found"),
        ("BOOKING SYSTEM IS DOWN", "BOOKING SYSTEM IS DOWN"),
        ("last 4 weeks no news", "last 4 weeks no news"),
    ],
)
def test_the_words_around_tell_a_name_or_a_number_from_its_double(
    redactor: Redactor, words: str, redacted: str
) -> None:
    """A word that is a name too goes where it does what people do, and stays where it is the thing."""
    assert redactor.redact(words).text == redacted


@pytest.mark.parametrize(
    ("words", "redacted"),
    [
        ("the okonkwos at no 12 have no bin", "the [name] at no 12 have no bin"),
        ("THE OKONKWOS HAVE NO BIN", "THE [name] HAVE NO BIN"),
        ("the Browns next door rang abt noise", "the [name] next door rang abt noise"),
        ("the mutasa family still in b&b", "the [name] family still in b&b"),
        ("the bells next door keep ringing", "the bells next door keep ringing"),
        ("the jacksons lane lift is stuck", "the jacksons lane lift is stuck"),
        ("lego family ticket wont scan", "lego family ticket wont scan"),
    ],
)
def test_a_family_is_found_by_its_plural(redactor: Redactor, words: str, redacted: str) -> None:
    """A plural or "family" makes people of a surname: not so bells next door and a family ticket."""
    assert redactor.redact(words).text == redacted


@pytest.mark.parametrize(
    ("words", "redacted"),
    [
        ("b patel - no fob", "[name] - no fob"),
        ("j.p. donnelly wants the manager", "[name] wants the manager"),
        ("mr d. petrakis has a gas leak", "[name] has a gas leak"),
        ("R. K. Raghunathan asks for a copy", "[name] asks for a copy"),
        ("AJ Prendergast asks who moved it", "[name] asks who moved it"),
        ("M Quilderby has no signal", "[name] has no signal"),
        ("harpreet k sidhu paid twice", "[name] paid twice"),
        ("Temitope A. Ogunbanjo paid twice", "[name] paid twice"),
        ("sinead o c - locked out", "[name] - locked out"),
        ("ngozi o. says nobody came", "[name] says nobody came"),
        ("emailed nadia.h twice", "emailed [name] twice"),
        ("Kofi B-A sent it back", "[name] sent it back"),
        ("Booked w Priya for 10", "Booked w [name] for 10"),
        ("SPOKE TO OKAFOR", "SPOKE TO [name]"),
        ("row F. Priya and her kids", "row F. [name] and her kids"),
        ("plan B. nobody told us", "plan B. nobody told us"),
    ],
)
def test_initials_go_with_their_name(redactor: Redactor, words: str, redacted: str) -> None:
    """Initials before, within and after a name are a part of it; single letters that are none stay."""
    assert redactor.redact(words).text == redacted


@pytest.mark.parametrize(
    ("words", "redacted"),
    [
        ("mcfarnagle still has no key", "[name] still has no key"),
        ("MacQuillby, no heating", "[name], no heating"),
        ("O'Farnahan hung up after 40 mins", "[name] hung up after 40 mins"),
        ("ó briain wont go thru on the website", "[name] wont go thru on the website"),
        ("mrs de la cruz had no repeat", "[name] had no repeat"),
        ("van der Berg, Joost wants to cancel", "[name] wants to cancel"),
        ("the al-Quilashi family has no cot", "the [name] family has no cot"),
        ("Khumalo, S. no statement", "[name] no statement"),
        ("WHITE Sylvia - no transport", "[name] - no transport"),
        ("li jia hao has no discount", "[name] has no discount"),
        ("park ji-hoon cant change address", "[name] cant change address"),
        ("3 o'clock slot gone, MacBook dead", "3 o'clock slot gone, MacBook dead"),
        ("McDonalds wrapper in every stairwell", "McDonalds wrapper in every stairwell"),
    ],
)
def test_names_are_found_by_how_they_are_built(redactor: Redactor, words: str, redacted: str) -> None:
    """Mac, O', "van der", two syllables joined: many names show themselves though no list has them."""
    assert redactor.redact(words).text == redacted


@pytest.mark.parametrize(
    ("words", "redacted"),
    [
        ("sgd J Achterberg", "sgd [name]"),
        ("rang back, tomasz, no heating", "rang back, [name], no heating"),
        ("left vm for castellanos", "left vm for [name]"),
        ("prendergast cant get in", "[name] cant get in"),
        ("mrs.adeyemi was not told", "[name] was not told"),
        ("pls ring uncle Babatunde", "pls ring [name]"),
        ("Faith was promised a call by 5", "[name] was promised a call by 5"),
        ("Summer's mum rang", "[name]'s mum rang"),
        ("tell heath the skip is full", "tell [name] the skip is full"),
        ("bill in accounts says no", "[name] in accounts says no"),
        ("JB in stores says none left", "[name] in stores says none left"),
        ("henriksen - refund not sent", "[name] - refund not sent"),
        ("ABDULKADIR M NO REPLY TO 3 EMAILS", "[name] NO REPLY TO 3 EMAILS"),
        ("RAHIMA BEGUM - NO KEYS", "[name] - NO KEYS"),
        ("rang bell, no answer", "rang bell, no answer"),
        ("pas de gaz depuis lundi", "pas de gaz depuis lundi"),
        ("La porta della sala è chiusa", "La porta della sala è chiusa"),
        ("Zoflora out of stock, Halfords shut", "Zoflora out of stock, Halfords shut"),
        ("TV in reception says closed", "TV in reception says closed"),
        ("Grafana dashboards empty", "Grafana dashboards empty"),
        ("parkinson's nurse slots gone", "parkinson's nurse slots gone"),
    ],
)
def test_names_in_shorthand_are_found(redactor: Redactor, words: str, redacted: str) -> None:
    """A surname or a first name alone is found in staff's own shorthand, and things in the same places stay."""
    assert redactor.redact(words).text == redacted


@pytest.mark.parametrize("thing", ["refund", "prescription", "parcel lost", "council tax", "bank details changed"])
@pytest.mark.parametrize("name", ["Tom Smith", "Mohammed Ali", "Lucy Hill", "Mark Evans", "sarah jones", "RAVI SHAH"])
def test_a_given_name_with_its_surname_goes_whatever_the_note_is_about(
    redactor: Redactor, name: str, thing: str
) -> None:
    """A note that is no more than who and what keeps the what alone, in small letters and in capitals too."""
    thing = thing.upper() if name.isupper() else thing
    assert redactor.redact(f"{name} {thing}").text == f"[name] {thing}"


@pytest.mark.parametrize(
    ("words", "redacted"),
    [
        ("Spoke to Asha Khan council tax", "Spoke to [name] council tax"),
        ("Sarah Jones hospital appointment", "[name] hospital appointment"),
        ("emma wilson library card", "[name] library card"),
        ("EMMA WILSON PRIMARY SCHOOL PLACE", "[name] PRIMARY SCHOOL PLACE"),
        ("Karen Hughes house keys", "[name] house keys"),
        ("Gemma Foster Council Tax", "[name] Council Tax"),
        ("Peter Jones parking permit", "[name] parking permit"),
        ("Sarah Jones Foundation form is long", "Sarah Jones Foundation form is long"),
        ("Elizabeth Fry house has no heating", "Elizabeth Fry house has no heating"),
        ("thomas clarkson academy is shut", "thomas clarkson academy is shut"),
        ("Herbert Morrison house lift stuck", "Herbert Morrison house lift stuck"),
        ("Charing Cross Hospital lift broken", "Charing Cross Hospital lift broken"),
        ("King George hospital parking too dear", "King George hospital parking too dear"),
        ("Charlotte Street surgery has no ramp", "Charlotte Street surgery has no ramp"),
        ("Victoria Park gates locked", "Victoria Park gates locked"),
        ("Stanley Road surgery never picks up", "Stanley Road surgery never picks up"),
    ],
)
def test_a_persons_dealings_with_a_place_make_no_place_of_the_name(
    redactor: Redactor, words: str, redacted: str
) -> None:
    """Someone's library card is a person's, and a hospital, a house or a street called after someone stays."""
    assert redactor.redact(words).text == redacted


@pytest.mark.parametrize("file", ["second.jsonl", "third.jsonl"])
def test_hard_notes_are_redacted_as_well_as_our_own(redactor: Redactor, file: str) -> None:
    """On notes written to be hard, 95 in 100 items or more are covered whole, and 3 in 100 clean notes touched."""
    measured = measure.measure(measure.read(NOTES.with_name(file)), redactor)
    assert measured.found_whole >= 0.95, measured.missed
    assert measured.clean_touched <= 0.03, measured.wrongly_touched


@pytest.mark.parametrize(
    ("file", "found", "touched"),
    [("pii_fourth.jsonl", 0.92, 0.05), ("pii_fifth.jsonl", 0.95, 0.02), ("pii_sixth.jsonl", 0.96, 0.06)],
)
def test_notes_that_nothing_was_learned_from_are_redacted_nearly_as_well(
    redactor: Redactor, file: str, found: float, touched: float
) -> None:
    """The first was written to trip it up; the clean notes of the last are full of what only looks personal."""
    measured = measure.measure(measure.read(UNSEEN / file), redactor)
    assert measured.found_whole >= found, measured.missed
    assert measured.clean_touched <= touched, measured.wrongly_touched


def test_nearly_all_that_identifies_people_is_found_whole_and_clean_notes_are_left_alone(redactor: Redactor) -> None:
    """On our own notes, 95 in 100 items or more are covered whole, and at most 3 in 100 clean notes are touched."""
    notes = measure.read(NOTES)
    measured = measure.measure(notes, redactor)
    assert sum(bool(note.marked) for note in notes) >= 125
    assert measured.clean >= 125
    assert measured.found_whole >= 0.95, measured.missed
    assert measured.clean_touched <= 0.03, measured.wrongly_touched


@pytest.mark.parametrize("label", LABELS)
def test_every_label_is_found(redactor: Redactor, label: str) -> None:
    """No kind of personal detail is left out: each is found whole nine times in ten or more."""
    notes = [note for note in measure.read(NOTES) if any(span.label == label for span in note.marked)]
    measured = measure.measure(notes, redactor)
    assert measured.marked[label] > 0
    assert measured.whole[label] >= 0.9 * measured.marked[label], measured.missed


@pytest.mark.parametrize(
    ("words", "redacted"),
    [
        ("Asha rang from 07700 900123", "[name] rang from [phone]"),
        ("<@U04ABCD12> please see <@U9|tom>", "[name] please see [name]"),
        ("<mailto:a@example.org|a@example.org> and <tel:+441134960000|0113 496 0000>", "[email] and [phone]"),
        ("spoke to MRS OKAFOR, dob 3/4/62", "spoke to [name], dob [date of birth]"),
        ("sort 20-00-00 acc 12345678", "sort [sort code] acc [account number]"),
        ("14 Elm St, LS6 3QN", "[address], [postcode]"),
        ("wohnt hansaring 31", "wohnt [address]"),
        ("nhs no 943 476 5919, ni QQ 12 34 56 C", "nhs no [NHS number], ni [NI number]"),
        ("van ZZ11 TST, card 4111 1111 1111 1111", "van [vehicle], card [card number]"),
        ("IBAN GB33 BUKB 2020 1555 5555 55 from 203.0.113.9", "IBAN [IBAN] from [IP address]"),
    ],
)
def test_placeholders_keep_the_sentence_readable(redactor: Redactor, words: str, redacted: str) -> None:
    """Each finding gives way to a word in brackets that says what stood there."""
    assert redactor.redact(words).text == redacted


@pytest.mark.parametrize(
    "words",
    [
        "£42.50 at 7pm, size 12, v10.4.2.1, reading 45210",
        "Mark the form, Will the till open in May?",
        "Grace period over, rose garden shut",
        "<#C04ABCD12|leeds-desk> and <!here> please",
        "BT Openreach, Apple Pay and Direct Debit in Leeds on Monday",
        "answering 5 calls, ordering 500 cups",
    ],
)
def test_prices_times_versions_and_things_called_like_people_are_left(redactor: Redactor, words: str) -> None:
    """What only looks like a name or a number of someone's is left as it is."""
    assert redactor.redact(words).text == words


def test_colleagues_are_found_by_the_roster_in_any_case(redactor: Redactor) -> None:
    """A colleague whom the workspace knows is found though no list has such a name, and nothing around tells."""
    words = "code is qwelda 44"
    assert redactor.redact(words).spans == ()
    assert redactor.redact(words, people=Roster.of(["Qwelda Brixholm"])).text == "code is [name] 44"


COLLEAGUES = Roster.of(
    ["Qwelda Brixholm (Repairs)", "Will Price", "Rose Cook", "Mark Baker", "May Lin", "Hope Summers | on leave"]
)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Will on earlies never updates it", "[name] on earlies never updates it"),
        ("ask Rose about it", "ask [name] about it"),
        ("Rose forgot to log it", "[name] forgot to log it"),
        ("per Mark: waive it", "per [name]: waive it"),
        ("SPOKE TO BRIXHOLM", "SPOKE TO [name]"),
        ("I told Will Price and @qwelda", "I told [name] and [name]"),
    ],
)
def test_colleagues_with_names_that_are_words_too_are_found(redactor: Redactor, words: str, kept: str) -> None:
    """A capital inside the sentence, or what only people do, tells Rose from a rose."""
    assert redactor.redact(words, people=COLLEAGUES).text == kept


@pytest.mark.parametrize(
    "words",
    [
        "will you price match the rose garden",
        "Mark the form in May, please",
        "Will the till open on time?",
        "Hope this helps",
        "the cook is off and the baker late",
        "Cook Street is shut, may we park here",
        "repairs were on leave",
    ],
)
def test_words_that_are_also_colleagues_names_stay_words(redactor: Redactor, words: str) -> None:
    """A workspace with a Will, a Rose and a Mark can still say will, rose and mark."""
    assert redactor.redact(words, people=COLLEAGUES).text == words


def test_what_many_people_carry_beside_their_names_is_no_name(redactor: Redactor) -> None:
    """A firm's or a team's name in everyone's profile stays in the notes."""
    people = Roster.of(f"{given} Vantorix" for given in ("Ada", "Ben", "Cara", "Dev"))
    assert redactor.redact("the vantorix app is down", people=people).text == "the vantorix app is down"


def test_many_are_redacted_as_one_is(redactor: Redactor) -> None:
    """A batch comes out in its order, each as it would alone."""
    texts = [note.text for note in measure.read(NOTES)[:40]]
    assert list(redactor.redact_many(texts)) == [redactor.redact(text) for text in texts]


def test_a_title_goes_with_its_name(redactor: Redactor) -> None:
    """The whole of "Mrs Patel" is one finding, so that nothing of how she is called remains."""
    assert redactor.redact("told Mrs Patel no").spans == (PiiSpan(5, 14, "PERSON"),)


def test_no_network_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading and redacting open no connection."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert Redactor.load().redact("mail jo@example.org").text == "mail [email]"


def test_a_date_beside_a_name_is_a_date_of_birth(redactor: Redactor) -> None:
    """A name and a day in the past, and nothing more, are how people are written down."""
    assert redactor.redact("Wanda Kowalczyk 09/11/1975").text == "[name] [date of birth]"


def test_a_very_long_note_is_redacted_to_its_end(redactor: Redactor) -> None:
    """Forty thousand characters are read to the last one."""
    words = "the queue was long again today " * 1_250 + "Priya 07700 900123"
    assert redactor.redact(words).text.endswith("today [name] [phone]")
