"""SQLite's values as the text its own shell prints, and what kind of values a column holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

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
