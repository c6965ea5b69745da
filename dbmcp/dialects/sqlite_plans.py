"""SQLite's plans: EXPLAIN QUERY PLAN read into the product-neutral tree. It tells no costs, rows and conditions."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from dbmcp.plans import Plan, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A table may be called anything: the index is looked for from the end.
_JOINED = r"(?: (?:LEFT|RIGHT)-JOIN)?"
_BY_INDEX = re.compile(
    r"(SCAN|SEARCH) (.+) USING "
    r"(?:(AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?INDEX(?: (.+?))??|(INTEGER PRIMARY KEY|PRIMARY KEY))"
    rf"(?: \(((?:[^()]|\([^()]*\))+[=<>]\?.*)\))?{_JOINED}"
)
_PLAIN = re.compile(rf"(SCAN|SEARCH) (.+?){_JOINED}")
_NO_TABLE = re.compile(r"SCAN (?:\d+ )?CONSTANT ROWS?")
_VIRTUAL = re.compile(r"SCAN (.+) (VIRTUAL TABLE INDEX .*)")
_SORT = "USE TEMP B-TREE FOR "


def plan_of(rows: Iterable[Sequence[object]]) -> Plan:
    """Return the tree of what EXPLAIN QUERY PLAN said: identity, parent, a number of no use, text."""
    below: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for identity, parent, _, text in rows:
        below[int(str(parent))].append((int(str(identity)), str(text)))
    steps = _steps(below, 0)
    return Plan(steps[0] if len(steps) == 1 else Step("", steps=steps))


def _steps(below: dict[int, list[tuple[int, str]]], parent: int) -> tuple[Step, ...]:
    return tuple(_step(text, _steps(below, identity)) for identity, text in below.pop(parent, ()))


def _step(text: str, steps: tuple[Step, ...]) -> Step:
    if text.startswith(_SORT):
        return Step("TEMP B-TREE", "sort", on=text.removeprefix(_SORT), steps=steps)
    if virtual := _VIRTUAL.fullmatch(text):
        return Step("SCAN", "scan", alias=virtual[1], index=virtual[2], steps=steps)
    # Which table is meant by an alias is not told.
    if found := _BY_INDEX.fullmatch(text):
        word, alias, automatic, index, key, on = found.groups()
        return Step(
            word, "scan", alias=alias, index="AUTOMATIC" if automatic else index or key, on=on or "", steps=steps
        )
    plain = None if _NO_TABLE.fullmatch(text) else _PLAIN.fullmatch(text)
    if plain is None:
        return Step(text, steps=steps)
    return Step(plain[1], "scan", alias=plain[2], is_whole=plain[1] == "SCAN", steps=steps)
