"""Work that several ask for at once is done together, and nobody pays for another's trouble."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.together import Together


def test_whoever_asks_while_others_are_answered_is_answered_with_all_who_wait() -> None:
    """Three ask while the first is being answered: they are answered in one go."""
    batches: list[list[int]] = []
    first_began, others_wait = threading.Event(), threading.Event()

    def answer_all(asked: Sequence[int]) -> list[int]:
        batches.append(list(asked))
        first_began.set()
        assert others_wait.wait(30)
        return [n * n for n in asked]

    together = Together(answer_all)
    with ThreadPoolExecutor(4) as people:
        first = people.submit(together.ask, 1)
        assert first_began.wait(30)
        others = [people.submit(together.ask, n) for n in (2, 3, 4)]
        while len(together._waiting) < 3:
            pass
        others_wait.set()
        assert [first.result(30), *(other.result(30) for other in others)] == [1, 4, 9, 16]
    assert [len(batch) for batch in batches] == [1, 3]


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
    asked_for: list[int] = []
    first_began, others_wait = threading.Event(), threading.Event()

    def answer_all(asked: Sequence[int]) -> list[int]:
        asked_for.append(len(asked))
        first_began.set()
        assert others_wait.wait(30)
        raise TimeoutError

    together = Together(answer_all, one_by_one=False)
    with ThreadPoolExecutor(4) as people:
        first = people.submit(together.ask, 1)
        assert first_began.wait(30)
        others = [people.submit(together.ask, n) for n in (2, 3, 4)]
        while len(together._waiting) < 3:
            pass
        others_wait.set()
        assert all(isinstance(one.exception(30), TimeoutError) for one in [first, *others])
    assert asked_for == [1, 3]
