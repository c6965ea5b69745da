"""SQLite's values as the text its own shell prints, and what kind of values a column holds."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.dialects.base import Argument, ArgumentValue, Scalar
    from dbmcp.results import ValueKind


def as_text(value: Any) -> str | None:
    """Return a value as SQLite's CAST(… AS TEXT) would; a blob as its hexadecimal literal."""
    if value is None or type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    if type(value) is float:
        return _real(value)
    return f"X'{bytes(value).hex().upper()}'"


def as_texts(row: Sequence[Any]) -> list[str | None]:
    """Return every value of a row as text."""
    return [value if value is None or type(value) is str else as_text(value) for value in row]


def _real(value: float) -> str:
    """Print as the engine does: 15 significant digits and always a decimal point (printf's `%!.15g`)."""
    if value != value:  # noqa: PLR0124
        return ""
    if value in (float("inf"), float("-inf")):
        return "Inf" if value > 0 else "-Inf"
    # The engine prints no negative zero.
    text = f"{value + 0.0:.15g}"
    mantissa, exponent_sign, exponent = text.partition("e")
    if "." not in mantissa:
        mantissa += ".0"
    return mantissa + exponent_sign + exponent


def kind_of(rows: Sequence[Sequence[Any]], index: int) -> ValueKind:
    """Return what JSON may show a column as: SQLite types values, not columns, so every value is looked at."""
    kinds = {type(row[index]) for row in rows} - {type(None)}
    if kinds == {int}:
        return "integer"
    return "number" if kinds and kinds <= {int, float} else "text"


def clip_rows(rows: list[Any], cell_chars: int) -> int:
    """Clip long cells one character past `cell_chars`, in place; return the characters of the rows that are left."""
    size = 0
    for position, row in enumerate(rows):
        lengths = [len(value) for value in row if type(value) is str or type(value) is bytes]
        if lengths and max(lengths) > cell_chars + 1:
            rows[position] = tuple(
                value[: cell_chars + 1] if isinstance(value, (str, bytes)) else value for value in row
            )
            lengths = [min(length, cell_chars + 1) for length in lengths]
        size += sum(lengths) + 50 * len(row)
    return size


def decode(raw: bytes) -> str:
    """Decode a text that may not be UTF-8; a byte that is not is shown by its hexadecimal escape."""
    return raw.decode("utf-8", "backslashreplace")


# The largest whole number that SQLite holds exactly.
_LARGEST = 2**63 - 1
_NUMBERED = re.compile(r":\d+$")


def inputs(arguments: Sequence[Argument]) -> dict[str, str | float | None]:
    """Return the values of a statement's placeholders in SQLite's own types, each by its number.

    By number, because some releases of Python 3.12 take `?1` for a name, and warn of values in a row.
    """
    return {str(number): _input(argument.value) for number, argument in enumerate(arguments, start=1)}


def _input(value: ArgumentValue) -> str | float | None:
    """Return a value as SQLite stores it: 0 or 1, a moment as datetime() writes it in UTC, an array as JSON text.

    A decimal that is whole becomes an integer, any other a real: SQLite has no decimals.
    """
    if isinstance(value, list):
        return json.dumps([_scalar(item) for item in value], ensure_ascii=False, separators=(",", ":"))
    return None if value is None else _scalar(value)


def _scalar(value: Scalar) -> str | float:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Decimal):
        return int(value) if abs(value) <= _LARGEST and value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def column_names(names: Sequence[str]) -> list[str]:
    """Return the names of a subquery's columns as the query itself has them: SQLite numbers those that come twice."""
    found: list[str] = []
    for name in names:
        plain = _NUMBERED.sub("", name)
        found.append(plain if plain in found else name)
    return found
