"""The shape of one table's data as text: sample rows as CSV, then a line a column. Bounded; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from dbmcp.catalog.render import bounded, printable, quoted
from dbmcp.formats import FORMATS
from dbmcp.use_cases.shape_of_rows import COMMON, fitting, is_counted, sampled, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Relation
    from dbmcp.results import ResultSet
    from dbmcp.shapes import ColumnShape

SAMPLE_ROWS = 5
_VALUE_CHARS = 40
# What is rarer than one row in a hundred is not common, though it may be the commonest.
_SHARE_WORTH_TELLING = 0.01
_PLAIN_VALUE = re.compile(r"[\w.:+/@-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of one table: of which rows (in words), how many they are, their shapes, and what was read.

    It is of all rows, of some of them, or estimated by the engine for all.
    """

    over: str
    rows: int
    columns: Sequence[ColumnShape]
    result: ResultSet | None
    of: Literal["all", "some", "estimate"]


def shape_text(name: str, relation: Relation, look: Look, max_bytes: int, *, hidden_by: str | None = None) -> str:
    """Return a table's data: a few rows, then what its columns hold; `hidden_by` is the setting that hides values."""
    if not look.columns:
        return f"{name}: no columns"
    if not look.rows:
        return f"{name}: no rows"
    lines = []
    if hidden_by:
        lines.append(f"{name}: values are not shown ({hidden_by} = false)")
    elif look.result is not None:
        counted = {column.name for column in relation.columns if is_counted(column)}
        sample = sampled(fitting(look.result, max_bytes // 6), SAMPLE_ROWS, counted)
        encoded = FORMATS["csv"](sample, max_bytes // 3)
        left_off = len(look.result.columns) - len(sample.columns)
        of = f", {left_off} columns left off" if left_off else ""
        rows = "1 sample row" if encoded.rows == 1 else f"{encoded.rows} sample rows"
        lines = [f"{name}: {rows}{of}", *printable_lines(encoded.text)]
    lines.append(f"of {look.over}:")
    types = {column.name: column for column in relation.columns}
    room = max_bytes - sum(len(line.encode()) + 1 for line in lines)
    told = []
    for column in look.columns:
        known = types.get(column.name)
        kind = f" {known.type}" if known else ""
        kind += " (bytes)" if known and is_counted(known) else ""
        told.append(f"{quoted(column.name)}{kind}: {_told(column, look, is_hidden=hidden_by is not None)}")
    left = len(relation.readable_columns) - len(look.columns)
    if left > 0:
        told.append(f"-- {left} more columns were not looked at")
    return "\n".join([*lines, bounded(told, room, f"SELECT on the columns of {name} that matter")])


def printable_lines(text: str) -> list[str]:
    """Return the lines of a text without control characters: what a row holds is data."""
    return [printable(line) for line in text.rstrip("\n").split("\n")]


def _told(column: ColumnShape, look: Look, *, is_hidden: bool) -> str:
    if column.nulls >= 1:
        return "all NULL"
    parts = [f"{_share(column.nulls)} null"] if column.nulls else []
    is_constant = not is_hidden and column.least is not None and column.least == column.greatest
    if is_constant:
        pass
    elif column.is_unique and not column.is_distinct_at_least:
        # Rows that were not read may repeat a value.
        parts.append("no value twice" if look.of == "some" else "unique")
    elif column.distinct is not None:
        least = "≥" if column.is_distinct_at_least or look.of == "some" else "~" if look.of == "estimate" else ""
        parts.append(f"{least}{column.distinct} distinct")
    if not is_hidden:
        parts += _values(column, look)
    return ", ".join(parts) or "?"


def _values(column: ColumnShape, look: Look) -> list[str]:
    if column.is_unique:
        column = replace(column, common=())
    if column.least is not None and column.least == column.greatest:
        return [f"always {_value(column.least)}"]
    parts = []
    few = (column.distinct or COMMON + 1) <= COMMON
    common = [item for item in column.common[:COMMON] if few or item[1] >= _SHARE_WORTH_TELLING]
    is_listed = look.of == "all" and column.distinct is not None and column.distinct <= len(common)
    least, greatest = column.least, column.greatest
    if least is not None and greatest is not None and not is_listed and len(least + greatest) <= 2 * _VALUE_CHARS:
        parts.append(f"{_value(least)} .. {_value(greatest)}")
    if common:
        told = ", ".join(f"{_value(value)} {_count(share, look)}" for value, share in common)
        parts.append(told if is_listed else f"mostly {told}")
    return parts


def _count(share: float, look: Look) -> str:
    return f"×{share * look.rows:.0f}" if look.of == "all" else _share(share)


def _share(share: float) -> str:
    """Return a share as a percentage that is not rounded to nothing, nor to everything."""
    if share < 0.001:
        return "<0.1%"
    return f"{min(share * 100, 99.9):.1f}%" if share < 0.1 or share > 0.99 else f"{share * 100:.0f}%"


def _value(text: str) -> str:
    short = printable(shortened(" ".join(text.split()) if text.strip() else text, _VALUE_CHARS))
    return short if _PLAIN_VALUE.fullmatch(short) else '"' + short.replace('"', '""') + '"'
