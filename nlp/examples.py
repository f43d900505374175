"""Notes with known meanings, to learn from and to be judged by: the primer, texts of others and held-out notes.

The primer lies in this repository. The pool is read from a folder named on the command line and is never copied
here; its labels are coarser than our fourteen kinds, so that a row allows several.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nlp import lexicon
from nlp.vocabulary import (
    TYPE_OF_KIND,
    DemandKind,
    DemandType,
    ImprovementKind,
    Kind,
    NoteType,
    SystemCondition,
    SystemFactor,
    kind_named,
)

TYPE_NAMED = MappingProxyType(
    {
        "value": DemandType.VALUE,
        "failure": DemandType.FAILURE,
        "opportunity": DemandType.OPPORTUNITY,
        "misdirected": DemandType.EXTERNAL,
        "external": DemandType.EXTERNAL,
        "none": DemandType.UNKNOWN,
        "unknown": DemandType.UNKNOWN,
    }
)

KINDS_OF_SUBTYPE = MappingProxyType(
    {
        "progress_chase": (DemandKind.CHASE,),
        "not_done_on_time": (DemandKind.WRONG,),
        "fault_error": (DemandKind.WRONG, DemandKind.BLOCKED),
        "wrong_charge": (DemandKind.WRONG,),
        "wrong_result": (DemandKind.WRONG,),
        "complaint": (DemandKind.WRONG,),
        "repeat_contact": (DemandKind.AGAIN,),
        "passed_around": (DemandKind.AGAIN,),
        "unclear_info": (DemandKind.UNCLEAR,),
        "couldnt_self_serve": (DemandKind.BLOCKED,),
        "declined": (DemandKind.BLOCKED, DemandKind.WRONG),
    }
)

KINDS_OF_NOTE = MappingProxyType(
    {
        "improvement": (ImprovementKind.IDEA, ImprovementKind.STOP, ImprovementKind.DONE),
        "system_factor": (ImprovementKind.BLOCKER, ImprovementKind.KNOCK_ON),
    }
)

CONDITION_NAMED = MappingProxyType(
    {
        "it_system": SystemCondition.TOOL,
        "policy_rule": SystemCondition.RULE,
        "handoff": SystemCondition.HANDOFF,
        "capacity": SystemCondition.CAPACITY,
        "information": SystemCondition.INFORMATION,
        "supplier": SystemCondition.SUPPLIER,
        "target": SystemCondition.MEASURE,
    }
)


GUIDE = "guide"
"""The source of the tag guide's own examples."""


@dataclass(frozen=True, slots=True)
class Example:
    """A note whose meaning a person has told."""

    words: str
    purpose: str
    kinds: tuple[Kind, ...]
    """Every kind that a fair judge would take; the first is the preferred one."""
    source: str
    """Where it comes from: a file of the pool, or a sector of the primer. Never judged and learned from at once."""
    exact: bool
    """Whether the kinds are known; where not, only that it is one of them (so for the pool)."""
    condition: SystemCondition | None = None
    factor: SystemFactor | None = None
    urgent: bool = False

    @property
    def note_type(self) -> NoteType:
        """Demand or improvement."""
        return NoteType.DEMAND if isinstance(self.kinds[0], DemandKind) else NoteType.IMPROVEMENT

    @property
    def demand_types(self) -> frozenset[DemandType]:
        """The demand types that a fair judge would take; empty for an improvement note."""
        return frozenset(kind.demand_type for kind in self.kinds if isinstance(kind, DemandKind))


def primer(*, but: Collection[str] = ()) -> list[Example]:
    """Every row of the primer, in the order of its files. Its sectors appear in no other set.

    `terse.jsonl` belongs to it: what people type to a company's chat in a second language, in two to eight words.

    Args:
        but: files to leave out, by their names without the ending.
    """
    folder = resources.files("nlp").joinpath("primer")
    purposes = _purposes(folder)
    files = [*_files(folder, ".jsonl"), resources.files("nlp").joinpath("terse.jsonl")]
    return [
        _ours(row, purpose=purposes[row["sector"]], source=f"primer: {row['sector']}")
        for file in files
        if file.name.removesuffix(".jsonl") not in but
        for row in _rows(file.read_text(encoding="utf-8"))
    ]


def guide() -> list[Example]:
    """The examples of the lexicon, which are those of the tag guide. They name no organisation."""
    kinds = {kind.value: kind for kind in (*DemandKind, *ImprovementKind)}
    return [
        Example(words, purpose="", kinds=(kinds[title],), source=GUIDE, exact=True)
        for name in ("kinds", "improvements")
        for title, entry in lexicon.entries(name).items()
        if title in kinds
        for words in entry.examples
    ]


def held_out(file: Path) -> list[Example]:
    """Written notes of sectors that the primer avoids, each with its purpose: to be judged by, never learned."""
    rows = _rows(file.read_text(encoding="utf-8"))
    return [_ours(row, purpose=row["purpose"], source=f"unseen: {row['sector']}") for row in rows]


def pool(folder: Path) -> dict[str, list[Example]]:
    """The pool by source. Rows that a staff member wrote come as the source `staff_notes_sample`.

    Raises:
        FileNotFoundError: the folder holds no `pool` with its `orgs.json` beside it.
    """
    home = folder if (folder / "orgs.json").exists() else folder.parent
    purposes = json.loads((home / "orgs.json").read_text(encoding="utf-8"))
    rows_of = {file.stem: file.read_text(encoding="utf-8") for file in sorted((home / "pool").glob("*.jsonl"))}
    if not rows_of:
        raise FileNotFoundError(f"No pool of labelled texts lies in {folder}.")
    return {
        source: [_theirs(row, purpose=purposes.get(row["org"], ""), source=source) for row in _rows(text)]
        for source, text in rows_of.items()
    }


def _ours(row: dict[str, Any], *, purpose: str, source: str) -> Example:
    kinds = tuple(kind_named(name) for name in row.get("accept") or [row["kind"]])
    return Example(
        words=row["text"],
        purpose=purpose,
        kinds=kinds,
        source=source,
        exact=True,
        condition=SystemCondition(row["condition"]) if row["condition"] else None,
        factor=SystemFactor(row["factor"]) if row["factor"] else None,
        urgent=bool(row["urgent"]),
    )


def _theirs(row: dict[str, Any], *, purpose: str, source: str) -> Example:
    return Example(
        words=row["text"],
        purpose=purpose,
        kinds=_kinds_allowed(row),
        source=source,
        exact=False,
        condition=CONDITION_NAMED.get(row.get("system_factor") or ""),
        urgent=row.get("urgency") == "high",
    )


def _kinds_allowed(row: dict[str, Any]) -> tuple[Kind, ...]:
    """Every kind that a row's coarser label leaves open."""
    if row["kind"] in KINDS_OF_NOTE:
        return KINDS_OF_NOTE[row["kind"]]
    kinds: list[Kind] = []
    for name in row["accept"]:
        if name == "failure" and row["demand_type"] == "failure" and row["failure_subtype"] in KINDS_OF_SUBTYPE:
            kinds.extend(KINDS_OF_SUBTYPE[row["failure_subtype"]])
        else:
            kinds.extend(kind for kind, demand_type in TYPE_OF_KIND.items() if demand_type is TYPE_NAMED[name])
    return tuple(kinds)


def _purposes(folder: Traversable) -> dict[str, str]:
    return {
        sector: body["purpose"]
        for file in _files(folder, ".toml")
        for sector, body in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }


def _files(folder: Traversable, ending: str) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(ending)), key=lambda file: file.name)


def _rows(text: str) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in text.splitlines() if line.strip())
