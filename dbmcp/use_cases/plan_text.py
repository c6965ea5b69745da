"""A plan as text for a reader: a head, an indented line a step, hints. Bounded; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dbmcp.catalog.render import bounded, printable, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dbmcp.plans import Plan, Step

_CONDITION_CHARS = 160
# Of the steps below one: a table may have a thousand partitions.
_STEPS_BELOW = 6
_DEEPEST_INDENT = 20
# A plan that takes more is of no use to a reader.
MAX_TREE_BYTES = 8_000
# A step that took a smaller part of the time is not worth a number.
_TIME_WORTH_TELLING = 0.1
# A literal, with the cast that PostgreSQL prints behind each; that of an array tells more.
_LITERAL = re.compile(r"""('(?:[^']|'')*')(?:::[a-z]+(?: [a-z]+)*(?![\w\[(]))?""")


def summary(plan: Plan, hints: Sequence[str], max_bytes: int, default_schema: str = "") -> str:
    """Return the plan's head and steps, then the hints, in at most so many bytes."""
    notes = [f"! {hint}" for hint in hints]
    room = max_bytes - sum(len(note.encode()) + 1 for note in notes)
    while notes and room < max_bytes // 3:
        room += len(notes.pop().encode()) + 1
    lines = [*_head(plan), *_Writer(plan, default_schema).lines()]
    tree = bounded(lines, max(min(room, MAX_TREE_BYTES), 300), "a smaller statement")
    return "\n".join([tree, *notes])


def _head(plan: Plan) -> Iterator[str]:
    root = plan.root
    if root.rows is None or plan.cost is None:
        return
    text = f"~{root.rows:.0f} rows expected, cost {plan.cost:.0f}"
    if root.found is not None and plan.seconds is not None:
        text += f"; found {found(root):.0f} in {milliseconds(plan.seconds)}"
    yield text


def found(step: Step) -> float:
    """Return the rows that a step of a measured plan gave in all its loops."""
    return (step.found or 0) * (step.loops or 0)


def milliseconds(seconds: float) -> str:
    """Return a time with as many digits as matter."""
    return f"{seconds * 1000:.{0 if seconds >= 0.01 else 2}f} ms"


def named(step: Step, default_schema: str = "") -> str:
    """Return the table of a scan as a statement names it, without its alias."""
    if not step.table:
        return quoted(step.alias)
    schema = "" if step.schema in ("", default_schema) else f"{quoted(step.schema)}."
    return f"{schema}{quoted(step.table)}"


def condition(text: str, alias: str = "") -> str:
    """Return a condition of the engine's, on one line and bounded, without what the line of its scan says already."""
    parts = _LITERAL.split(text)
    if alias:
        own = re.compile(rf"(?<![\w$\".]){re.escape(quoted(alias))}\.")
        parts[::2] = [own.sub("", part) for part in parts[::2]]
    shown = printable(" ".join("".join(parts).split()))
    while shown.startswith("(") and _closes_at_end(shown):
        shown = shown[1:-1]
    return shown if len(shown) <= _CONDITION_CHARS else f"{shown[: _CONDITION_CHARS - 1]}…"


def _closes_at_end(text: str) -> bool:
    """Say whether the first parenthesis is closed by the last sign."""
    depth = 0
    bare = _LITERAL.sub(lambda item: "x" * len(item.group()), text)
    for place, sign in enumerate(bare):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place == len(bare) - 1
    return False


class _Writer:
    """Writes the steps of one plan."""

    def __init__(self, plan: Plan, default_schema: str) -> None:
        self._plan = plan
        self._default_schema = default_schema

    def lines(self) -> Iterator[str]:
        """Yield a line for each step, further in than the step above it."""
        todo: list[tuple[int, Step | str]] = [(0, self._plan.root)]
        while todo:
            depth, step = todo.pop()
            indent = "  " * min(depth, _DEEPEST_INDENT)
            if isinstance(step, str):
                yield indent + step
                continue
            if not _is_left_out(step):
                yield indent + self._line(step)
                depth += 1
            below: list[tuple[int, Step | str]] = [(depth, item) for item in step.steps[:_STEPS_BELOW]]
            if left := step.steps[_STEPS_BELOW:]:
                rows = sum(item.rows or 0 for item in left)
                below.append((depth, f"… {len(left)} more steps like these{f' ~{rows:.0f}' if rows else ''}"))
            todo.extend(reversed(below))

    def _line(self, step: Step) -> str:
        parts = [f"{step.part}: " if step.part else "", step.name]
        alias = step.alias
        if step.kind == "scan":
            parts.append(f" {named(step, self._default_schema)}")
            parts.append(f" {quoted(alias)}" if step.table and alias != step.table else "")
            by = "an index made for this run" if step.index == "AUTOMATIC" else step.index
            parts.append(f" by {by}" if by else "")
            parts.append(f" ({condition(step.on, alias)})" if step.on else "")
        else:
            word = "on" if step.kind == "join" else "by" if step.name != "TEMP B-TREE" else "for"
            parts.append(f" {word} {condition(step.on)}" if step.on else "")
        parts.append(f", filter {condition(step.filter, alias)}" if step.filter else "")
        parts.append(f" ~{step.rows:.0f}" if step.rows is not None else "")
        return "".join(parts) + self._measured(step)

    def _measured(self, step: Step) -> str:
        if step.loops is None:
            return ""
        if not step.loops:
            return " never run"
        text = f" found {step.found or 0:.0f}"
        text += f" × {step.loops:.0f} loops" if step.loops > 1 else ""
        whole = self._plan.seconds
        if step.seconds is not None and whole and step.seconds >= _TIME_WORTH_TELLING * whole:
            text += f", {milliseconds(step.seconds)}"
        return text


def _is_left_out(step: Step) -> bool:
    """Say whether a step tells nothing: a hash table is its join's, and the outermost of SQLite has no name."""
    return step.kind == "hash" or not step.name
