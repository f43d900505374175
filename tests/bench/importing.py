"""Half a year of notes from a file, and every weekly digest of it for both audiences."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.blocks import digest_card
from bot.story.generator import PURPOSE
from digests import render, send
from digests.facts import Digest
from digests.periods import Week
from storage import notes, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.models import Workspace
from tests.bench import figures, guests, material, memory
from tests.bench.figures import Figure, Scale

_PATIENCE = 150.0
_SENT_AFTER = timedelta(hours=9)
"""A digest is composed on Monday at nine, when its week is over."""

_FORMS: dict[str, Callable[[Digest], object]] = {
    "text": render.as_text,
    "html": render.as_html,
    "blocks": digest_card.build,
}


def measure(scale: Scale) -> Iterator[Figure]:
    """Import with the command that people use, in a process of its own; then compose every week from the records."""
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        home = Path(folder)
        file = scale.corpus or material.written(material.story(scale.pick(26, 8)), home / "notes.jsonl")
        took, peak = _import(file.resolve(), home)
        database = Database(f"sqlite:///{home / 'groundswell.db'}")
        workspace, heard_at = _imported(database)
        yield figures.single(f"Import {len(heard_at)} notes, start of the program included", took, "s")
        yield figures.single("Notes imported, start included", len(heard_at) / took, "a second")
        if peak is not None:
            yield figures.single("Peak memory of the import", peak, "MB")
        yield from _digests(database, workspace, heard_at)
        database.close()


def _import(file: Path, home: Path) -> tuple[float, float | None]:
    """Seconds that it takes, and MB that it holds at its peak."""
    command = [sys.executable, "-m", "bot", "import", str(file), "--purpose", PURPOSE]
    with (home / "log.txt").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=home, env=guests.clean_environment(home), stdout=log, stderr=log)
        peak: float | None = None
        try:
            while process.poll() is None and time.perf_counter() - began < _PATIENCE:
                peak = memory.peak_of(process.pid) or peak
                time.sleep(0.02)  # memory is sampled, fifty times a second
            took = time.perf_counter() - began
        finally:
            process.kill()
            process.wait(15)
    if process.returncode:
        said = (home / "log.txt").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"The import of {file.name} ended with {process.returncode} after {took:.0f} s:\n{said}")
    return took, peak


def _imported(database: Database) -> tuple[Workspace, list[datetime]]:
    with database.reading() as session:
        workspace = workspaces.everyone(session)[0]
        return workspace, [note.heard_at for note in notes.everything(session, workspace=workspace.id)]


def _digests(database: Database, workspace: Workspace, heard_at: list[datetime]) -> Iterator[Figure]:
    weeks = sorted({Week.of(moment, workspace.timezone) for moment in heard_at})
    composing: list[float] = []
    rendering: dict[str, list[float]] = {form: [] for form in _FORMS}
    for audience in Audience:
        warm = _composed(database, workspace, audience, weeks[-1])
        for form in _FORMS.values():
            form(warm)  # unmeasured: the templates are compiled
        for week in weeks:
            began = time.perf_counter()
            digest = _composed(database, workspace, audience, week)
            composing.append(time.perf_counter() - began)
            for name, form in _FORMS.items():
                rendering[name] += figures.seconds_of_each(form, [digest])
    yield figures.milliseconds(f"Compose a digest ({len(weeks)} weeks, both audiences)", composing)
    for name, took in rendering.items():
        yield figures.milliseconds(f"Render it as {name}", took)


def _composed(database: Database, workspace: Workspace, audience: Audience, week: Week) -> Digest:
    now = week.end + _SENT_AFTER
    digest = send.compose_now(database, workspace=workspace.id, audience=audience, week=week.name, now=now)
    assert digest is not None, f"{week} has notes, so there is something to say"
    return digest
