"""Work that several ask for at once is done together, and nobody pays for another's trouble."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from bot.together import Together


def asked_in_a_row(answer: Callable[[int], int], *, one_by_one: bool = True) -> tuple[list[int], list[Future[int]]]:
    """One asks for 1, and while they are answered three more for 2, 3 and 4. How many were answered at a time, and
    what came of each.
    """
    rows: list[int] = []
    first_began, others_wait = threading.Event(), threading.Event()

    def answer_all(asked: Sequence[int]) -> list[int]:
        rows.append(len(asked))
        first_began.set()
        assert others_wait.wait(30)
        return [answer(n) for n in asked]

    together = Together(answer_all, one_by_one=one_by_one)
    with ThreadPoolExecutor(4) as people:
        first = people.submit(together.ask, 1)
        assert first_began.wait(30)
        others = [people.submit(together.ask, n) for n in (2, 3, 4)]
        while len(together._waiting) < 3:
            pass
        others_wait.set()
    return rows, [first, *others]


def test_whoever_asks_while_others_are_answered_is_answered_with_all_who_wait() -> None:
    """Three ask while the first is being answered: they are answered in one go."""
    rows, asked = asked_in_a_row(lambda n: n * n)
    assert [one.result() for one in asked] == [1, 4, 9, 16]
    assert rows == [1, 3]


def test_one_that_cannot_be_answered_costs_the_others_nothing() -> None:
    def answer_all(asked: Sequence[int]) -> list[float]:
        return [1 / n for n in asked]

    together = Together(answer_all)
    with ThreadPoolExecutor(8) as people:
        asked = {n: people.submit(together.ask, n) for n in range(8)}
    with pytest.raises(ZeroDivisionError):
        asked.pop(0).result()
    assert all(answer.result() == 1 / n for n, answer in asked.items())


def test_nobody_waits_for_a_longer_row_than_was_agreed() -> None:
    """However many ask at once, each gets their own answer, in rows no longer than that."""
    rows: list[int] = []

    def answer_all(asked: Sequence[int]) -> Sequence[int]:
        rows.append(len(asked))
        return asked

    together = Together(answer_all, at_most=3)
    with ThreadPoolExecutor(16) as people:
        assert list(people.map(together.ask, range(200))) == list(range(200))
    assert max(rows) <= 3
    assert sum(rows) == 200


def test_trouble_that_everyone_has_is_met_once() -> None:
    """A database that is out of reach is asked once for all who wait, and not once for each."""

    def out_of_reach(n: int) -> int:
        raise TimeoutError

    rows, asked = asked_in_a_row(out_of_reach, one_by_one=False)
    assert all(isinstance(one.exception(), TimeoutError) for one in asked)
    assert rows == [1, 3]
