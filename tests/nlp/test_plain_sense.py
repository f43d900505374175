"""What anybody would say of a plain note, the tagger says too: the tag guide's order and its rulings, case by case."""

from __future__ import annotations

import pytest

from nlp.tagger import Tagger
from nlp.vocabulary import DemandKind as D
from nlp.vocabulary import ImprovementKind as I
from nlp.vocabulary import Kind

REPAIRS = "We keep tenants' homes safe, warm, dry and in good repair."
MAKER = "We make and sell kettles, toasters and taps that last."
PARCELS = "We carry parcels from the people who send them to the people they are for."
BANK = "We keep people's money safe and within reach, and help them pay, save and borrow."
CLINIC = "We test people's hearing and fit hearing aids."
SHOP = "We sell shoes that fit, and help people find them."
SOFTWARE = "We make software with which small firms keep their books."

AGAIN_BEFORE_ALL = {
    "Mrs Patel has rung three times and still has no hot water": REPAIRS,
    "That's the fourth time I've explained this.": BANK,
    "Mended last week, leaking again today.": REPAIRS,
    "Billing said ring you, you say ring billing.": BANK,
    "The lady on Monday said it was sorted. It isn't.": BANK,
    "second time this month my bin's been missed, I reported it then too": "We take people's rubbish away.",
    "He's phoned twice about the damp and nobody has been": REPAIRS,
    "Reception sent me up, they said you do badges": CLINIC,
    "3rd call re same refund": SHOP,
    "I've emailed you four times about this form and it still won't upload": BANK,
    "That's twice I've told you we've moved": BANK,
    "The engineer fixed it on Monday and it's gone off again": REPAIRS,
}
WRONG_BEFORE_BLOCKED_AND_CHASE = {
    "You've charged me twice this month.": BANK,
    "The parcel's got somebody else's shoes in it.": PARCELS,
    "You said you'd ring by noon and nobody has.": CLINIC,
    "He was booked for Tuesday and never came": REPAIRS,
    "It let me pay but took it twice": SHOP,
    "My statement's forty pounds out": BANK,
    "I told you in May we'd moved and the bill's still gone there": BANK,
    "Brand new kettle leaks": MAKER,
    "chasing her order, it was promised for Friday and it's Monday": SHOP,
    "Waited two hours past my appointment": CLINIC,
    "The soles came off on the first day, I want my money back": SHOP,
    "I'm cancelling because you keep sending the wrong size": SHOP,
}
BLOCKED = {
    "It won't take my postcode so I've had to come in.": BANK,
    "Forty minutes on hold just to pay you.": BANK,
    "You want a utility bill but I lodge with my sister.": BANK,
    "It says use the app and I've no smartphone.": PARCELS,
    "I tried to sign up online and it threw me out at the photo bit": BANK,
    "Why does nobody answer the phone?": CLINIC,
    "I cannot find where to send the claim on your site": BANK,
    "wanted to buy boots, checkout kept crashing so came in": SHOP,
    "cant do weekdays so missed the deadline for the form": BANK,
    "Why won't you talk to me, I'm her carer?": CLINIC,
}
UNCLEAR = {
    "I've read it twice and don't know if I'm meant to pay.": BANK,
    "The text says 9, the letter says 2.": CLINIC,
    "What does 'pending validation' mean?": BANK,
    "Your letter says 'notional income', what's that?": BANK,
    "Your letter told me to ring you about this pension, it's not you is it": CLINIC,
}
CHASE = {
    "Still waiting for the plumber": REPAIRS,
    "Just seeing if my parts have come in.": REPAIRS,
    "Nine days now, is anybody looking at my claim?": BANK,
    "Did you get the form I posted?": BANK,
    "Is the engineer morning or afternoon?": REPAIRS,
    "Any news on my repair?": REPAIRS,
    "Has it been decided yet?": BANK,
    "asked where her parcel is": PARCELS,
    "ordered 3 wks ago, not here yet": SHOP,
    "still no hearing aids, the test was in May": CLINIC,
}
START = {
    "I've just moved in and need the water put in my name.": "We bring clean water to every tap.",
    "Can I book my mum in for a hearing test?": CLINIC,
    "Two pairs of the brown boots please, size 8.": SHOP,
    "We've three starters next month, can you set them up?": SOFTWARE,
    "wants to open a savings account for her baby": BANK,
}
CHANGE = {
    "The kitchen tap's started dripping.": REPAIRS,
    "gutter leaking": REPAIRS,
    "No hot water since this morning": REPAIRS,
    "The storm's had our fence down": REPAIRS,
    "My husband's died, I need his name off the account.": BANK,
    "Can we push Thursday's visit to next week, I'm on nights.": CLINIC,
    "Dropped my card down a drain, I need another.": BANK,
    "There's a payment here I don't recognise.": BANK,
    "cust doesnt recognise two payments from sat": BANK,
    "forgot my password": SOFTWARE,
    "Please close my account, I'm moving abroad.": BANK,
    "wants to return shoes, changed her mind": SHOP,
}
ADVISE = {
    "Which of these two would you put in a small flat?": MAKER,
    "If I paid the loan off early what would it come to?": BANK,
    "Would she still get it if she stays on at college?": BANK,
    "How do I add my wife to the account?": BANK,
    "Asked how to add his wife": BANK,
    "hi, how can i close the old account": BANK,
    "Do you have these in a size 5?": SHOP,
    "What would I need to bring if I applied?": BANK,
    "how much is a spare key": SHOP,
}
OPPORTUNITY = {
    "Can you open sundays": SHOP,
    "Can you open on Sundays?": BANK,
    "Could you open later one evening a week?": CLINIC,
    "asks if we'd ever deliver": SHOP,
}
NEW = {
    "Do you mend these, or must I buy another? You only seem to sell them.": SHOP,
    "Is there one for left-handed people?": MAKER,
    "Could you just look after it and bill me monthly?": MAKER,
    "I'd pay someone to fill it in with me.": BANK,
    "Can I pay weekly? I only see monthly": BANK,
}
BETTER = {
    "All sorted, I wish I could've done it by text.": BANK,
    "It'd be handy if you opened Saturdays.": CLINIC,
    "Could the reminder come a week before, not the day before?": CLINIC,
    "Lovely if it was the same nurse each time.": CLINIC,
    "got what I came for, I'd rather have had it by email": SHOP,
}
ELSEWHERE = {
    "What time's the Derby train?": CLINIC,
    "Is this the tax office?": SHOP,
    "I need my passport renewing.": BANK,
    "The shop next door won't refund me, can you make them?": CLINIC,
    "Do you sell fishing licences?": BANK,
    "wants bus pass renewed, not us": CLINIC,
    "Do you know who won the match last night?": BANK,
}
NOT_OURS = {
    "wants the till receipt done again for more, who'd know": SHOP,
    "asked could I send it without the checks and keep it quiet": PARCELS,
    "he says there's a drink in it for you if the form goes to the top": BANK,
    "Give me my ex's new address.": PARCELS,
    "Just tell me what to put so I qualify.": BANK,
    "Could the nurse get my shopping in on her way?": CLINIC,
    "Drop the fee and I'll leave you a good review.": BANK,
}
TOO_THIN = {
    "Customer rang about the account.": BANK,
    "Wants a manager.": SHOP,
    "Query re order, dealt with.": SHOP,
    "Not happy.": PARCELS,
    "help": SHOP,
}
NO_ASK = {
    "Gentleman came in to say thank you.": CLINIC,
    "Nice chat about the garden show.": BANK,
    "thanks, bye": PARCELS,
    "She was lovely, very gentle with my dad.": CLINIC,
}
IMPROVEMENTS: dict[Kind, tuple[str, ...]] = {
    I.IDEA: (
        "We should move the printer nearer the desk.",
        "What if we rang people the day before?",
        "Could we try one form instead of three for a month?",
    ),
    I.BLOCKER: (
        "System down again all morning.",
        "Only a manager can waive the fee, so people wait till Monday.",
        "We can't see the other branch's bookings.",
    ),
    I.KNOCK_ON: (
        "Since billing changed the letter, half our calls are people asking what it means.",
        "Head office moved the cut-off to noon without telling us and now we get all the late ones.",
    ),
    I.STOP: (
        "Can we stop printing the Friday report? Nobody reads it.",
        "Why do we still count envelopes by hand? Pointless.",
    ),
    I.DONE: (
        "We've started ringing people the day before and fewer people miss their visit.",
        "We now keep spare forms at the front desk, it works well.",
    ),
}

CASES: list[tuple[str, str, tuple[Kind, ...]]] = [
    *((words, purpose, (D.AGAIN,)) for words, purpose in AGAIN_BEFORE_ALL.items()),
    *((words, purpose, (D.WRONG,)) for words, purpose in WRONG_BEFORE_BLOCKED_AND_CHASE.items()),
    *((words, purpose, (D.BLOCKED,)) for words, purpose in BLOCKED.items()),
    *((words, purpose, (D.UNCLEAR,)) for words, purpose in UNCLEAR.items()),
    *((words, purpose, (D.CHASE,)) for words, purpose in CHASE.items()),
    *((words, purpose, (D.START,)) for words, purpose in START.items()),
    *((words, purpose, (D.CHANGE,)) for words, purpose in CHANGE.items()),
    *((words, purpose, (D.ADVISE,)) for words, purpose in ADVISE.items()),
    *((words, purpose, (D.NEW, D.BETTER)) for words, purpose in OPPORTUNITY.items()),
    *((words, purpose, (D.NEW,)) for words, purpose in NEW.items()),
    *((words, purpose, (D.BETTER,)) for words, purpose in BETTER.items()),
    *((words, purpose, (D.ELSEWHERE,)) for words, purpose in ELSEWHERE.items()),
    *((words, purpose, (D.NOT_OURS,)) for words, purpose in NOT_OURS.items()),
    *((words, purpose, (D.TOO_THIN,)) for words, purpose in TOO_THIN.items()),
    *((words, purpose, (D.NO_ASK,)) for words, purpose in NO_ASK.items()),
    *((words, REPAIRS, (kind,)) for kind, lines in IMPROVEMENTS.items() for words in lines),
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.mark.parametrize(("words", "purpose", "kinds"), CASES)
def test_a_plain_note_is_heard_as_anybody_would(
    tagger: Tagger, words: str, purpose: str, kinds: tuple[Kind, ...]
) -> None:
    """Whoever knows the tag guide would say the same of these words."""
    assert tagger.tag(words, purpose=purpose).kind in kinds
