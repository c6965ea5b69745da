"""What the values of a table are like: shares of NULL, distinct values, ranges, common values. Frozen data."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """The values of one column, as the engine prints them; `nulls` and the shares of `common` are of all rows, 0 to 1.

    `distinct` is None where it is not known, and a least number where `is_distinct_at_least`. A column is unique when
    no value comes twice; NULL is none. `least` and `greatest` are None where values have no order that is known here.
    """

    name: str
    nulls: float = 0.0
    distinct: int | None = None
    is_distinct_at_least: bool = False
    is_unique: bool = False
    least: str | None = None
    greatest: str | None = None
    common: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an engine has counted of a table: its rows, when (a date, where that is known), and its columns."""

    rows: int
    counted_on: str | None
    columns: tuple[ColumnShape, ...]


Order = Literal["number", "moment", "text"]
# Moments are printed so that their texts are in order, but for these.
_ODD_MOMENT = re.compile(r"\d{5,}-.*|.* BC")


def ends(values: Collection[str], order: Order) -> tuple[str, str] | tuple[None, None]:
    """Return the least and the greatest of values, as they are printed; nothing where there is no telling."""
    if not values or (order == "moment" and any(map(_ODD_MOMENT.fullmatch, values))):
        return None, None
    if order != "number":
        return min(values), max(values)
    try:
        numbers = {value: Decimal(value) for value in values}
    except InvalidOperation:
        return None, None
    known = [value for value, number in numbers.items() if not number.is_nan()]
    return (min(known, key=numbers.__getitem__), max(known, key=numbers.__getitem__)) if known else (None, None)
