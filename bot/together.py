"""Lets threads that ask for the same kind of work at the same time have it done together.

Tagging many notes at once costs far less than tagging them one by one, and threads that all compute at the same time
only take turns on Python's one lock, while the acknowledgements of others wait for it too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(eq=False)
class _Asked(Generic[Q, A]):
    question: Q
    answers: list[A] = field(default_factory=list)
    error: Exception | None = None
    done: bool = False


class Together(Generic[Q, A]):
    """Answers many questions in one go. Whoever asks first works for all who have asked by then; the others wait.

    Args:
        answer_all: answers some questions, in their order.
        at_most: how many questions at once, so that nobody waits for a long row of others.
    """

    def __init__(self, answer_all: Callable[[Sequence[Q]], Sequence[A]], *, at_most: int = 16) -> None:
        self._answer_all = answer_all
        self._at_most = at_most
        self._waiting: list[_Asked[Q, A]] = []
        self._changed = threading.Condition()
        self._at_work = False

    def ask(self, question: Q) -> A:
        """The answer to one question. What goes wrong with it is raised here, and costs the others nothing."""
        mine: _Asked[Q, A] = _Asked(question)
        with self._changed:
            self._waiting.append(mine)
        while batch := self._next_batch(mine):
            try:
                self._answer(batch)
            finally:
                self._finish(batch)
        if mine.error is not None:
            raise mine.error
        return mine.answers[0]

    def _next_batch(self, mine: _Asked[Q, A]) -> list[_Asked[Q, A]]:
        """Some questions to answer now; none, once mine is answered."""
        with self._changed:
            self._changed.wait_for(lambda: mine.done or not self._at_work)
            if mine.done:
                return []
            batch, self._waiting = self._waiting[: self._at_most], self._waiting[self._at_most :]
            self._at_work = True
            return batch

    def _finish(self, batch: Sequence[_Asked[Q, A]]) -> None:
        with self._changed:
            for asked in batch:
                asked.done = True
            self._at_work = False
            self._changed.notify_all()

    def _answer(self, batch: Sequence[_Asked[Q, A]]) -> None:
        try:
            answers = self._answer_all([asked.question for asked in batch])
            for asked, answer in zip(batch, answers, strict=True):
                asked.answers = [answer]
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for asked in batch:  # one by one, so that only the one that cannot be answered fails
                self._answer([asked])
