"""How the command line speaks: results on standard output, everything else beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import config
from bot.config import SettingError, Settings

out = Console(highlight=False, soft_wrap=True)
aside = Console(stderr=True, highlight=False, soft_wrap=True)


def settings() -> Settings:
    """The settings; a sentence and exit code 2 when one is missing or malformed."""
    with sentences():
        return config.read()


@contextmanager
def sentences() -> Iterator[None]:
    """Turn a setting that does not fit into its sentence and exit code 2."""
    try:
        yield
    except SettingError as error:
        stop(str(error))


def stop(sentence: str) -> NoReturn:
    """Say why we cannot go on, and leave with exit code 2."""
    aside.print(sentence, markup=False)
    raise typer.Exit(2)


@contextmanager
def progress(doing: str, total: int | None) -> Iterator[Progress]:
    """A progress bar beside the output, gone when the work is done."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=aside, transient=True) as bar:
        bar.add_task(doing, total=total)
        yield bar
