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
