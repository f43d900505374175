"""Slack has its answer as soon as a listener gives it, however many others are still at work on theirs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import Ack, Args, BoltRequest

from bot.courtesy import Courtesy
from bot.listening import Listeners, guarded

PATIENCE = 30.0
MANY = 200


def _asked(ack: Ack) -> Args:
    request = BoltRequest(body="{}")
    request.context["ack"] = ack
    nothing: dict[str, object] = {}
    return Args(
        logger=None,  # type: ignore[arg-type]
        client=None,  # type: ignore[arg-type]
        req=request,
        resp=None,  # type: ignore[arg-type]
        context=request.context,
        body=nothing,
        payload=nothing,
        ack=ack,
        say=None,  # type: ignore[arg-type]
        respond=None,  # type: ignore[arg-type]
        complete=None,  # type: ignore[arg-type]
        fail=None,  # type: ignore[arg-type]
        next=lambda: None,
    )


def test_those_who_have_answered_keep_nobody_waiting() -> None:
    """Two hundred have answered Slack and wait for their receipts; whoever comes next is answered all the same."""
    listeners, receipts = Listeners(), threading.Event()

    def listener(ack: Ack) -> None:
        ack()
        assert receipts.wait(PATIENCE)

    acks = [Ack() for _ in range(MANY)]
    waiting = [listeners.submit(guarded(listener), _asked(ack)) for ack in acks]
    assert all(ack.response is not None for ack in acks)
    assert not any(one.done() for one in waiting)
    receipts.set()
    for one in waiting:
        one.result(PATIENCE)
    listeners.shutdown()


def test_an_event_that_has_its_answer_is_not_waited_for() -> None:
    listeners, done = Listeners(), threading.Event()
    ack = Ack()
    ack()  # as Bolt does for events
    running = listeners.submit(guarded(lambda: done.wait(PATIENCE) and None), _asked(ack))
    assert not running.done()
    done.set()
    running.result(PATIENCE)
    listeners.shutdown()


def test_a_listener_that_never_answers_is_waited_for_until_it_ends() -> None:
    listeners = Listeners()
    assert listeners.submit(guarded(lambda: None), _asked(Ack())).done()
    listeners.shutdown()


def test_work_that_can_wait_goes_on_when_everybody_has_their_answer() -> None:
    courtesy = Courtesy(longest=PATIENCE)
    went_on = threading.Event()

    def work() -> None:
        courtesy.give_way()
        went_on.set()

    with ThreadPoolExecutor(1) as desk:
        with courtesy.waited_for():
            with courtesy.waited_for():
                working = desk.submit(work)
            assert not went_on.wait(0.05)
        working.result(PATIENCE)
    courtesy.give_way()  # nobody waits now


def test_work_that_can_wait_gets_on_however_many_come_in() -> None:
    courtesy = Courtesy(longest=0.01)
    with courtesy.waited_for():
        courtesy.give_way()
