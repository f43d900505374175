"""Runs each subject in a process of its own, and hands on its figures as they come."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection

from tests.bench.figures import Figure, Scale

_PATIENCE = 600.0
"""Seconds without a figure after which a subject is given up."""
_ENDING = 20.0


class NotMeasured(Exception):
    """A subject broke off. The message is its traceback, or says that it took too long."""


def figures_of(subject: str, scale: Scale) -> Iterator[Figure]:
    """The figures of one subject, each as soon as it is there.

    Raises:
        NotMeasured: the subject broke off; the figures before that stand.
    """
    # one thread for numerical libraries, set before any of them is imported: CPU time is then time on one core
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(subject, scale, sending), name=subject)
    process.start()
    sending.close()
    try:
        while receiving.poll(_PATIENCE):
            try:
                told: Figure | str = receiving.recv()
            except EOFError:
                process.join(_ENDING)
                if process.exitcode:
                    raise NotMeasured(f"Its process ended with code {process.exitcode}.") from None
                return
            if isinstance(told, str):
                raise NotMeasured(told)
            yield told
        raise NotMeasured(f"No figure came for {_PATIENCE:.0f} seconds.")
    finally:
        process.join(1)
        if process.is_alive():
            process.terminate()
            process.join(_ENDING)


def _measure(subject: str, scale: Scale, sending: Connection) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what this process started is ended as well
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches us all: the parent then ends this process in order
    try:
        for figure in importlib.import_module(f"tests.bench.{subject}").measure(scale):
            sending.send(figure)
    except Exception:
        sending.send(traceback.format_exc())
    finally:
        sending.close()
