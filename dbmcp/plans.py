"""How an engine means to run a statement, or has run it, as frozen, product-neutral data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["scan", "join", "sort", "hash", "limit", "other"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan; `name` is the engine's own word for it, and conditions are its own texts.

    A scan reads a table, whole or by an index: `schema` is empty where the engine does not tell it, `alias` is the name
    that conditions use. `on` is what an index looks up, a join matches, a sort or a grouping goes by; `filter` is what
    is judged row by row. `rows` and `width` (bytes) are the planner's, for one run of the step; `found`, `removed` by
    the filter, `loops` and `seconds` (with the steps below, all loops together) are of a plan that was measured.
    `spilled` are the bytes that went to disk. `part` is the engine's word for what is run beside the rest: a subquery.
    """

    name: str
    kind: Kind = "other"
    schema: str = ""
    table: str = ""
    alias: str = ""
    index: str = ""
    is_whole: bool = False
    on: str = ""
    filter: str = ""
    rows: float | None = None
    width: int | None = None
    found: float | None = None
    removed: float | None = None
    loops: float | None = None
    seconds: float | None = None
    spilled: int = 0
    part: str = ""
    steps: tuple[Step, ...] = ()

    def walk(self) -> Iterator[Step]:
        """Yield the step and all below it, each before those below it."""
        todo = [self]
        while todo:
            step = todo.pop()
            yield step
            todo.extend(reversed(step.steps))


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. `cost` is in the planner's own units; `seconds` is how long it ran, where it was run.

    `sort_bytes` and `hash_bytes` are what a sort and a hash table may take of memory, where that is known.
    """

    root: Step
    cost: float | None = None
    seconds: float | None = None
    sort_bytes: int | None = None
    hash_bytes: int | None = None

    @property
    def is_measured(self) -> bool:
        """Say whether it was run."""
        return self.root.loops is not None
