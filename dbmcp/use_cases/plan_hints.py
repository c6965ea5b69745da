"""What a plan gives reason to change: indexes that are missing or hidden, spills, loops, OFFSET, wrong estimates. Pure.

A hint is about what the planner, or the run, says itself; what a statement is for, it cannot know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbmcp.catalog.render import quoted, shown_name
from dbmcp.use_cases.comparisons import in_condition, in_statement, without_literals
from dbmcp.use_cases.plan_text import condition, found, named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.plans import Plan, Step
    from dbmcp.use_cases.comparisons import Comparison

MOST_HINTS = 8
# A table of fewer rows is read in a few milliseconds, whatever the plan.
BIG_ROWS = 10_000
# Where more of a table is wanted, reading all of it is right.
_SMALL_SHARE = 0.25
_MANY_LOOPS = 100_000
_MANY_COMPARISONS = 1_000_000
_FAR_OFFSET = 1_000
_WRONG_BY = 10
# Estimates of a few rows are wrong without harm.
_ROWS_WORTH_TELLING = 100
_INDEX_COLUMNS = 3
_OFFSET = re.compile(r"\boffset\s+(\d+)|\blimit\s+(\d+)\s*,", re.IGNORECASE)


def hints(plan: Plan, sql: str, catalog: Catalog, relations: Collection[str] = ()) -> list[str]:
    """Return what could be better, most telling first; `relations` are those that the statement names."""
    found_hints = _Hints(plan, sql, catalog, relations)
    return list(dict.fromkeys(found_hints.all()))[:MOST_HINTS]


@dataclass(frozen=True, slots=True)
class _Hints:
    plan: Plan
    sql: str
    catalog: Catalog
    relations: Collection[str]

    def all(self) -> Iterator[str]:
        if self.plan.is_measured:
            yield from self._wrong_estimates()
        for step in self.plan.root.walk():
            if step.kind == "scan":
                yield from self._of_scan(step)
            elif step.kind == "join":
                yield from self._of_join(step)
            yield from self._spill(step)
        yield from self._offset()

    def _relation(self, step: Step) -> Relation | None:
        """Return what a scan reads: its own name, or on SQLite, which tells the alias, what that stands for."""
        if step.table:
            return self.catalog.by_name.get((step.schema, step.table))
        known = {name.casefold(): name for name in self.relations}
        if step.alias.casefold() not in known:
            bare = without_literals(self.sql)
            alias = rf"(?:\s+as)?\s+[\"\[`]?{re.escape(step.alias)}\b"
            meant = [name for name in known if re.search(rf"\b{re.escape(name)}[\"\]`]?{alias}", bare, re.IGNORECASE)]
            if len(meant) != 1:
                return None
            return self._named(known[meant[0]])
        return self._named(known[step.alias.casefold()])

    def _named(self, name: str) -> Relation | None:
        among = self.catalog.find(name)
        return among[0] if len(among) == 1 else None

    def _compared(self, step: Step, relation: Relation) -> list[Comparison]:
        if step.table:
            return in_condition(step.filter, relation, step.alias)
        return in_statement(self.sql, relation, {step.alias.casefold(), relation.name.casefold()})

    def _of_scan(self, step: Step) -> Iterator[str]:
        relation = self._relation(step)
        if relation is None or not (step.is_whole or step.index == "AUTOMATIC" or step.filter):
            return
        shown = shown_name(self.catalog, self._whole(relation))
        if step.index == "AUTOMATIC":
            columns = re.findall(r"(\w+)[=<>]", step.on)
            yield f"An index of {shown} is made for each run: one on {shown}({', '.join(columns)}) would spare that."
            return
        compared = self._compared(step, relation)
        leading = _leading(relation)
        for item in compared:
            if item.wrapped and item.column in leading:
                text = condition(item.wrapped, step.alias)
                yield (
                    f"{text} hides {quoted(item.column)} from its index {leading[item.column]}: "
                    "compare the bare column, with a range for instance, or index the expression."
                )
        if step.is_whole:
            yield from self._missing_index(step, relation, compared)
        elif self.plan.is_measured and (step.removed or 0) * (step.loops or 0) >= BIG_ROWS > found(step):
            thrown = (step.removed or 0) * (step.loops or 0)
            columns = [item.column for item in compared if not item.wrapped]
            by = f" with {', '.join(map(quoted, columns))}" if columns else ""
            yield f"{step.index} finds {thrown:.0f} rows of {shown} that the filter throws away: an index{by} as well."

    def _whole(self, relation: Relation) -> Relation:
        """Return the partitioned table that a partition is of: an index is made there."""
        while relation.bound is not None and relation.parents:
            parent = self.catalog.by_name.get(relation.parents[0])
            if parent is None:
                break
            relation = parent
        return relation

    def _missing_index(self, step: Step, relation: Relation, compared: Sequence[Comparison]) -> Iterator[str]:
        rows = relation.rows
        if self.plan.is_measured:
            rows = round(max(rows or 0, (step.found or 0) + (step.removed or 0)))
        if (rows is not None and rows < BIG_ROWS) or (rows and (step.rows or 0) > _SMALL_SHARE * rows):
            return
        wanted = _index_columns(compared)
        if not wanted or set(wanted) & set(_leading(relation)):
            return
        shown = shown_name(self.catalog, self._whole(relation))
        size = f"{rows} rows" if rows is not None else "its size is not known: ANALYZE tells"
        kept = f" for ~{step.rows:.0f}" if step.rows is not None else ""
        columns = ", ".join(map(quoted, wanted))
        yield f"All of {shown} ({size}) is read{kept}: consider an index on {shown}({columns})."

    def _of_join(self, step: Step) -> Iterator[str]:
        if not step.name.startswith("Nested Loop") or len(step.steps) != 2:
            return
        outer, inner = step.steps
        times = found(outer) if self.plan.is_measured else outer.rows or 0
        each = (inner.found if self.plan.is_measured else inner.rows) or 0
        scan = next((item for item in inner.walk() if item.kind == "scan"), inner)
        shown = named(scan, self.catalog.default_schema) if scan.kind == "scan" else scan.name
        is_looked_up = inner.kind == "scan" and not inner.is_whole
        if not is_looked_up and times * each >= _MANY_COMPARISONS:
            relation = self._relation(scan) if scan.kind == "scan" else None
            joined = in_condition(f"({step.on}) AND ({step.filter})", relation, scan.alias) if relation else []
            index = ", ".join(map(quoted, _index_columns(joined)))
            help_ = f": an index on {shown}({index}) may spare that" if index and scan.is_whole else ""
            yield f"The loop compares {times:.0f} × {each:.0f} rows of {shown}{help_}."
        elif is_looked_up and times >= _MANY_LOOPS:
            yield f"{shown} is looked up {times:.0f} times by {inner.index}: narrow what comes before it."

    def _spill(self, step: Step) -> Iterator[str]:
        what = "The sort" if step.kind == "sort" else "The hash table" if step.kind == "hash" else "The grouping"
        if step.spilled:
            size = f" ({_megabytes(step.spilled)})" if step.spilled > 1 else ""
            yield f"{what} went to disk{size}: fewer rows or columns, or an index in that order."
            return
        room = self.plan.sort_bytes if step.kind == "sort" else self.plan.hash_bytes
        holds = step.kind in ("sort", "hash") or step.name == "HashAggregate"
        size_bytes = (step.rows or 0) * (step.width or 0)
        if self.plan.is_measured or not holds or room is None or size_bytes <= room or self._is_cut_short(step):
            return
        yield (
            f"{what} of ~{step.rows:.0f} rows takes about {_megabytes(size_bytes)} of {_megabytes(room)} in memory: "
            "it will go to disk. Fewer rows or columns, or an index in that order."
        )

    def _is_cut_short(self, step: Step) -> bool:
        """Say whether a LIMIT lets a sort keep a few rows."""
        return any(item.kind == "limit" and step in item.steps for item in self.plan.root.walk())

    def _offset(self) -> Iterator[str]:
        far = max((int(first or second) for first, second in _OFFSET.findall(without_literals(self.sql))), default=0)
        if far >= _FAR_OFFSET:
            yield (
                f"OFFSET {far} reads as many rows and drops them: go on after the last key seen "
                "(WHERE key > … ORDER BY key)."
            )

    def _wrong_estimates(self) -> Iterator[str]:
        """Name the steps whose estimates are wrong: those below first, for the errors above follow from them."""
        wrong = [step for step, stops_early in _with_stops(self.plan.root) if _is_wrong(step, stops_early=stops_early)]
        for step in reversed(wrong[-3:]):
            loops = step.loops or 1
            expected, actual = (step.rows or 0) * loops, found(step)
            times = max(expected, actual) / max(min(expected, actual), 1)
            of = named(step, self.catalog.default_schema) if step.kind == "scan" else step.name
            relation = self._relation(step) if step.kind == "scan" else None
            help_ = f" ANALYZE {of} may mend it." if relation is not None else ""
            yield f"{of}: {expected:.0f} rows expected, {actual:.0f} found, wrong by {times:.0f}×.{help_}"


def _with_stops(root: Step) -> Iterator[tuple[Step, bool]]:
    """Yield each step, and whether it may have been stopped before its end by a LIMIT above it, or by a join."""
    todo = [(root, False)]
    while todo:
        step, stops = todo.pop()
        yield step, stops
        # What must see all of its rows first does not let a stop through.
        below = step.kind == "limit" or (stops and step.kind not in ("sort", "hash"))
        early = step.kind == "join" and (step.name.startswith("Merge") or "Semi" in step.name or "Anti" in step.name)
        todo.extend((item, below or early) for item in reversed(step.steps))


def _is_wrong(step: Step, *, stops_early: bool) -> bool:
    if not step.loops or step.rows is None or step.found is None:
        return False
    expected, actual = max(step.rows, 1), max(step.found, 1)
    if max(expected, actual) * step.loops < _ROWS_WORTH_TELLING:
        return False
    return actual >= _WRONG_BY * expected or (expected >= _WRONG_BY * actual and not stops_early)


def _leading(relation: Relation) -> dict[str, str]:
    """Return the columns that an index begins with, each with the index."""
    keys = [item for item in relation.constraints if item.kind in ("primary", "unique") and item.columns]
    found_columns = {item.columns[0]: item.name or "of the key" for item in keys}
    for index in relation.indexes:
        if index.valid and index.parts and (column := index.parts[0].column) is not None:
            found_columns.setdefault(column, quoted(index.name))
    return found_columns


def _index_columns(compared: Sequence[Comparison]) -> list[str]:
    """Return the columns of an index for these comparisons: those that are equal to something, then one range."""
    plain = [item for item in compared if not item.wrapped]
    equal = [item.column for item in plain if item.how == "equal"]
    ranges = [item.column for item in plain if item.how == "range" and item.column not in equal]
    return list(dict.fromkeys([*equal[:_INDEX_COLUMNS], *ranges[:1]]))[:_INDEX_COLUMNS]


def _megabytes(size: float) -> str:
    return f"{size / 1_048_576:.1f} MB" if size < 10_485_760 else f"{size / 1_048_576:.0f} MB"
