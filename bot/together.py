"""Lets threads that ask for the same kind of work at the same time have it done together, in a thread of its own.

Tagging many notes at once costs far less than tagging them one by one, and threads that all compute at the same time
only take turns on Python's one lock, while the acknowledgements of others wait for it too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Together(Generic[Q, A]):
    """Answers many questions in one go: all that have been asked by the time that those before are answered.

    Args:
        answer_all: answers some questions, in their order.
        at_most: how many questions at once, so that nobody waits for a long row of others.
        one_by_one: what fails for some is tried again for each, since it may be the fault of one of them alone.
    """

    def __init__(
        self, answer_all: Callable[[Sequence[Q]], Sequence[A]], *, at_most: int = 16, one_by_one: bool = True
    ) -> None:
        self._answer_all = answer_all
        self._at_most = at_most
        self._one_by_one = one_by_one
        self._waiting: deque[tuple[Q, Future[A]]] = deque()
        self._desk = ThreadPoolExecutor(1, thread_name_prefix="together")

    def ask(self, question: Q) -> A:
        """The answer to one question. What goes wrong with it is raised here."""
        answer: Future[A] = Future()
        self._waiting.append((question, answer))
        self._desk.submit(self._answer_some)
        return answer.result()

    def _answer_some(self) -> None:
        """Answer whoever waits by now: perhaps nobody, if this question went with those before."""
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._at_most))]
        if batch:
            self._answer(batch)

    def _answer(self, batch: Sequence[tuple[Q, Future[A]]]) -> None:
        try:
            answers = self._answer_all([question for question, _ in batch])
        except Exception as error:
            if self._one_by_one and len(batch) > 1:
                for one in batch:
                    self._answer([one])
            else:
                for _, waiting in batch:
                    waiting.set_exception(error)
        else:
            for (_, waiting), answer in zip(batch, answers, strict=True):
                waiting.set_result(answer)
