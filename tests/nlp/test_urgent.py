"""Danger is heard, more often once too often than once too seldom; what only sounds grave is mostly left alone."""

from __future__ import annotations

import pytest

from nlp.tagger import Tagger

HEARD_AT_LEAST = 0.9
CALLED_WRONGLY_AT_MOST = 0.08
"""Among notes chosen to sound like danger. Among notes as they come, far fewer."""

IN_DANGER_NOW = (
    "her oxygen cylinder is nearly empty and the delivery hasn't come",
    "he's in the bath and can't get up, been there since four",
    "boy on the roof of bike shed, wont come down, slates loose",
    "tenant says ex is in the stairwell with a hammer",
    "mum hasn't woken properly since the new tablets",
    "front wheel wobbling badly, still driving it with kids in",
    "They've cut our gas off and I've a baby of two months.",
    "says she's stood on the platform and nobody would care",
    "caller in tears, has counted out the pills",
    "I don't see the point in any of it any more.",
    "a man on the phone wants her to read out the code, he's still on",
    "just gave my card number to somebody who says he's from you, he wants more now",
    "there's a cable hanging in the playground and it's buzzing",
    "wheelchair user stuck on the train, doors shut, going the wrong way",
    "dad's with us, grey and sweating, pain down his arm",
    "she whispered that she can't talk, he's in the room",
    "he's locked her in and taken her phone",
    "lift between floors, woman inside says she can't breathe",
    "swallowed a battery ten mins ago, 2 yr old",
    "no insulin left, pharmacy shut, next due tonight",
    "pt fainted twice today, now slurring",
    "water up to the sockets in the kitchen",
    "the ceiling's bulging over the cot",
    "old fella on his own, no heat, minus four, can see his breath",
    "carer's not been since yesterday, she can't get to the toilet or the tap",
    "nothing in the house to eat and three kids",
    "we're sleeping in the car with the baby",
    "stranger waiting by the school gate again, tried to take her hand",
    "teacher saw burns on his arms, he goes home at three",
    "brakes went on the hire van, she's on the hard shoulder",
    "smoke in the hall, alarm not going",
    "Carbon monoxide thing is flashing red and we've all got headaches.",
    "my husband has dementia and walked out an hour ago in his slippers",
    "landlord has changed the locks and my medicine is inside",
    "stopped on the level crossing, barrier's coming down",
    "choking, gone quiet",
    "he says if I leave he'll burn the house down",
    "nan fell, hip's at a funny angle, waiting 3 hrs for ambulance",
    "allergic, throat closing up after the sandwich",
    "my grandson is online with a man who wants to meet him tonight",
)
TOLD_BY_A_COLLEAGUE = (
    "She says she will kill herself",
    "he said he wants to kill himself",
    "Tenant says he'd rather kill himself than be evicted",
    "they said they might as well kill themselves",
    "wants to end her life",
    "caller says he's going to top himself",
    "pt has taken an OD",
    "says he'll take his own life",
    "daughter worried he'll do something stupid",
    "[name] says he will kill [name]",
    "[name] has taken all her pills",
    "resident self harming again tonight",
    "pt SOB at rest, sats 82",
    "He is not breathing",
    "gentleman collapsed by the tills",
    "diabetic, having a hypo in the queue",
    "resident on floor since 6am",
    "smell of gas on landing",
    "sparks from the fuse board",
    "house on fire",
    "stuck in lift",
    "lift stuck with someone inside",
    "someone is trying to break in",
    "there's an intruder in the flat",
    "her ex is outside the flat",
    "my dad hit me",
    "her husband hit her again last night",
    "husband won't let her leave the house",
    "fleeing DV, two kids",
    "tenant being cuckooed by dealers",
    "no heating with newborn",
    "no elec, on a home dialysis machine",
    "he's run out of his inhaler",
    "family of 4 sleeping in their car",
    "made homeless today",
    "bailiffs are at the door now",
    "no food til friday",
)
NOT_NOW = (
    "I had a heart attack last year, do I need to tell you?",
    "need it by Friday or I lose the deposit",
    "He was abused as a child and would like to see his file.",
    "urgent - where is my order",
    "the battery died on my phone",
    "dying to try the new menu",
    "is there a fire exit on the top floor",
    "how do I test the smoke alarm",
    "we were burgled in spring, would the policy have covered it",
    "afraid I can't make Tuesday",
    "I'm scared of needles, can I bring a friend",
    "her late husband's name is still on the letter",
    "this queue is killing me",
    "screen is dead, no picture",
    "the app crashed when I paid",
    "wants to freeze his membership",
    "my account was hacked last month, all sorted, is the new card on its way",
    "the bus was freezing, heating please",
    "she's heartbroken that the class is full",
    "the website is painful",
    "no milk left in the cafe",
    "out of paper towels in the gents",
    "do you sell carbon monoxide alarms",
    "stuck on level 3 of the game",
    "broke her leg in May, wants to move her lesson",
    "emergency contact has changed",
    "what is the number for out of hours",
    "can the gas man come in the morning instead",
    "the colour bled in the wash",
    "shot of coffee was cold",
    "toilet roll holder fell off",
    "says the music is too loud, gave her a headache",
    "attack of the giggles, sorry, lovely call",
    "we ran out of leaflets",
    "his knee is sore after the class last week, all right now",
    "wants to report a lost dog tag",
    "the plant we bought has died",
    "key stuck in locker",
    "no signal in the cafe",
    "can I leave my bag while I eat",
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


def test_danger_now_is_heard(tagger: Tagger) -> None:
    """Of notes in which somebody is in danger or goes without what they need, nine in ten are heard."""
    missed = [words for words in IN_DANGER_NOW if not tagger.tag(words).urgent]
    assert len(missed) <= (1 - HEARD_AT_LEAST) * len(IN_DANGER_NOW), missed


def test_what_only_sounds_grave_is_mostly_left_alone(tagger: Tagger) -> None:
    """Deadlines, the past, and turns of phrase rarely raise an alarm."""
    called = [words for words in NOT_NOW if tagger.tag(words).urgent]
    assert len(called) <= CALLED_WRONGLY_AT_MOST * len(NOT_NOW), called


@pytest.mark.parametrize(
    ("hinted", "meant"),
    [
        ("You took £112 and the quote said £97.", "she rang 112 and nobody has come, he's on the floor"),
        ("The toilets were flooded and so were my socks.", "We're flooded, it's up to the stairs and nan can't walk."),
        ("Your machine swallowed my ticket again.", "He's swallowed one of the magnets, he's eighteen months."),
        ("Can we have a newborn photo taken?", "No heating since last night and there's a newborn."),
        ("The queue kicked me out and I lost my place.", "He's kicked me out, I'm in the car with the kids tonight."),
    ],
)
def test_a_word_that_only_hints_at_danger_is_heard_with_the_words_around_it(
    tagger: Tagger, hinted: str, meant: str
) -> None:
    assert not tagger.tag(hinted).urgent
    assert tagger.tag(meant).urgent


@pytest.mark.parametrize("words", TOLD_BY_A_COLLEAGUE)
def test_danger_is_heard_when_a_colleague_tells_of_it(tagger: Tagger, words: str) -> None:
    """Whoever is in danger, and in whatever shorthand a colleague types it."""
    assert tagger.tag(words).urgent


@pytest.mark.parametrize(
    "words",
    [
        "She's suicidal, she was abused as a child",
        "Ceiling coming down, reported it last year",
        "She was hurt as a child and says she wants to die",
        "he has been hitting her since last year",
        "gas leak in the kitchen like last year",
    ],
)
def test_what_is_past_takes_nothing_from_what_is_now(tagger: Tagger, words: str) -> None:
    """Words about the past speak for what stands beside them, and for nothing else in the note."""
    assert tagger.tag(words).urgent


@pytest.mark.parametrize(
    "words",
    [
        "took an overdose years ago, wants it off her records",
        "there was a gas leak here last year, has the pipe been replaced",
        "he was abused and neglected as a child and wants his file",
        "he's not suicidal, just fed up",
        "not in danger, just wants advice",
        "my parcel has gone missing",
        "her husband killed himself in March and you keep writing to him",
        "kill the direct debit please",
    ],
)
def test_what_is_past_or_denied_raises_no_alarm(tagger: Tagger, words: str) -> None:
    """Harm that is long past, or said not to be, waits its turn."""
    assert not tagger.tag(words).urgent
