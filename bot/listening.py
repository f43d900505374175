"""Listeners: where they run, and what becomes of those that stumble after they have answered Slack.

When a listener raises right after `ack()`, Bolt forgets that it was called and lets Slack wait until its three seconds
are over (`ThreadListenerRunner.run`, 1.30). So what goes wrong after the acknowledgement is dealt with here. And Bolt
looks for the acknowledgement every 10 ms, in a thread for each request, all of which take turns that somebody else
needs: here nobody looks, and whoever waits is told.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from slack_bolt import App, Args, BoltRequest, BoltResponse

from bot import errors
from bot.courtesy import Courtesy
from digests import speech

Listener = Callable[..., None]
P = ParamSpec("P")
R = TypeVar("R")

_AT_ONCE = 32
"""Listeners that may run side by side before they have answered Slack."""
_THREADS = 1_000
"""Those that have answered only wait, for Slack or for their turn at the tagger: nobody else's words wait for them."""
_SLACK_WAITS = 3.0
"""Seconds."""

_here = threading.local()


class PromptApp(App):
    """Bolt's app. While Slack waits for an answer to anything that it has handed over, work that can wait gives way."""

    def __init__(self, *, courtesy: Courtesy, **settings: Any) -> None:
        super().__init__(listener_executor=Listeners(), **settings)
        self._courtesy = courtesy

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Find the listener and run it until it has answered."""
        with self._courtesy.waited_for():
            return super().dispatch(req)


class Listeners(Executor):
    """The threads that listeners run in, given to Bolt: `submit` returns once the listener has answered Slack."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="listener")
        self._unanswered = threading.Semaphore(_AT_ONCE)

    def submit(self, listener: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run a listener, and come back when Slack has its answer, or will get none."""
        answered = threading.Event()

        def run() -> R:
            _here.answered = answered
            try:
                return listener(*args, **kwargs)
            finally:
                answered.set()

        with self._unanswered:
            running = self._threads.submit(run)
            answered.wait(_SLACK_WAITS)
        return running

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)


def guarded(listener: Listener) -> Callable[[Args], None]:
    """The same listener, whose errors after `ack()` are told to the person by `errors.answer` and go no further.

    What goes wrong before that is Bolt's to handle: it hands it to the same `errors.answer`, and Slack gets the answer.
    """
    wanted = tuple(inspect.signature(listener).parameters)

    def run(args: Args) -> None:
        def ack(*said: Any, **more: Any) -> Any:
            answer = args.ack(*said, **more)
            _answered()
            return answer

        given: dict[str, Any] = {name: getattr(args, name) for name in wanted} | (
            {"ack": ack} if "ack" in wanted else {}
        )
        if args.ack.response is not None:
            _answered()  # an event, which Bolt acknowledges by itself
        with speech.speaking(args.context.get("language", speech.ENGLISH)):
            try:
                listener(**given)
            except Exception as error:
                if args.ack.response is None:
                    raise
                errors.answer(error, args.request, None, args.body, args.context, args.client)

    run.__name__ = getattr(listener, "__name__", "listener")
    return run


def _answered() -> None:
    """Let whoever waits for this thread's listener go on."""
    answered: threading.Event | None = getattr(_here, "answered", None)
    if answered is not None:
        answered.set()
