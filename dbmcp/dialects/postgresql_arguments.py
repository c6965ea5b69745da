"""Values for the placeholders of a statement, as PostgreSQL's own input functions read them: always text, never SQL.

The engine infers the type of a placeholder; the text of a value is read by that type's input function, as a literal
would be. Of types without a text form on this connection no value is taken: the statement must cast it from text.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import asyncpg

from dbmcp.dialects.postgresql_values import SHORT_TYPES
from dbmcp.errors import DbmcpError, Forbidden, InvalidParameter, QueryFailed

if TYPE_CHECKING:
    from dbmcp.dialects.base import Argument, Scalar

_TIMESTAMP = 1114
# Types by their fixed object identifiers (pg_type.dat), beside the short ones: the driver sends a text as it is.
_TEXTS = {
    25: "text", 1043: "varchar", 1042: "bpchar", 114: "json", 3802: "jsonb", 142: "xml", 869: "inet", 650: "cidr",
    829: "macaddr", 3614: "tsvector", 3615: "tsquery", 4072: "jsonpath",
}  # fmt: skip
_SCALARS = {**SHORT_TYPES, **_TEXTS}
# The array of each type and its element.
ARRAYS = {
    1000: 16, 1005: 21, 1007: 23, 1016: 20, 1028: 26, 1021: 700, 1022: 701, 1003: 19, 1231: 1700, 1182: 1082,
    1183: 1083, 1270: 1266, 1115: 1114, 1185: 1184, 1187: 1186, 2951: 2950, 791: 790, 1009: 25, 1015: 1043, 1014: 1042,
    199: 114, 3807: 3802, 143: 142, 1041: 869, 651: 650,
}  # fmt: skip
# An enum, or a type over text, is sent as the text that it is; every other type of a user has a binary form of its own.
_OTHER_TYPES = """
SELECT t.oid, pg_catalog.format_type(t.oid, NULL),
  t.typtype = 'e' OR p.proname IN ('textrecv', 'varcharrecv', 'bpcharrecv', 'citextrecv') AS is_text
FROM pg_catalog.pg_type AS t
LEFT JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype
JOIN pg_catalog.pg_proc AS p ON p.oid = coalesce(b.typreceive, t.typreceive)
WHERE t.oid = ANY ($1::pg_catalog.text[]::pg_catalog.oid[])"""
_OF_THE_ENGINE = re.compile(r"^(?:unnamed portal|portal \".*\") parameter \$(\d+)", re.MULTILINE)
_OF_THE_DRIVER = re.compile(r"(?:invalid input for )?query argument \$(\d+)")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The type that the engine infers for a placeholder; `element` is the type of one value, None where none is taken.

    `type` is its name for messages.
    """

    oid: int
    type: str
    element: int | None
    is_array: bool = False


async def placeholders(connection: asyncpg.Connection, types: Sequence[Any]) -> tuple[Placeholder, ...]:
    """Return what a prepared statement takes; asks the catalog about types that are not known, once a statement."""
    oids = [item.oid for item in types]
    others = [str(oid) for oid in oids if oid not in _SCALARS and oid not in ARRAYS]
    # What arrives is the engine's text, as from every statement on these connections.
    rows = await connection.fetch(_OTHER_TYPES, others) if others else ()
    asked = {int(row[0]): Placeholder(int(row[0]), row[1], int(row[0]) if row[2] == "t" else None) for row in rows}
    return tuple(asked.get(oid) or _known(oid) for oid in oids)


def _known(oid: int) -> Placeholder:
    if (element := ARRAYS.get(oid)) is not None:
        return Placeholder(oid, f"{_SCALARS[element]}[]", element, is_array=True)
    return Placeholder(oid, _SCALARS.get(oid, "unknown"), oid if oid in _SCALARS else None)


async def with_values(
    ask: Callable[[str, Sequence[Any]], Awaitable[list[Any]]],
    text: str,
    arguments: Sequence[Argument],
    taken: Sequence[Placeholder],
) -> list[Any]:
    """Ask with the values of a statement's placeholders, in the form that their types take.

    Raises:
        InvalidParameter: the engine does not take one; it is named.
        Forbidden: the engine does not take one that a claim gave.
        QueryFailed: no such value can be given there.
    """
    if not arguments:
        return await ask(text, ())
    values = [_input(argument, placeholder) for argument, placeholder in zip(arguments, taken, strict=True)]
    try:
        return await ask(text, values)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if (refused := _refusal(error, arguments, taken)) is not None:
            raise refused from None
        raise


def _input(argument: Argument, placeholder: Placeholder) -> str | list[str] | None:
    """Return a value as the driver sends it.

    Raises:
        QueryFailed: no such value can be given there; the statement must be mended.
    """
    value = argument.value
    check_taken(argument.name, placeholder)
    if value is None:
        return None
    if isinstance(value, list) != placeholder.is_array:
        given, taken = ("an array", "one value") if isinstance(value, list) else ("one value", "an array")
        message = f"The parameter {argument.name!r} is {given}, and the statement takes {taken} there."
        raise QueryFailed(message, hint="For an array, write = ANY(:name) and not IN (:name).")
    element = placeholder.element or 0
    return [_text(item, element) for item in value] if isinstance(value, list) else _text(value, element)


def check_taken(name: str, placeholder: Placeholder) -> None:
    """Refuse a placeholder of a type that no value can be given for.

    Raises:
        QueryFailed: naming the parameter and what to write.
    """
    if placeholder.element is None:
        message = f"No value of the type {placeholder.type} can be given for the parameter {name!r}."
        raise QueryFailed(message, hint=f"Cast it from text: CAST(:{name} AS text)::{placeholder.type}.")


def _text(value: Scalar, oid: int) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        # A timestamp without time zone would drop the offset in silence.
        return (moment.replace(tzinfo=None) if oid == _TIMESTAMP else moment).isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def _refusal(error: BaseException, arguments: Sequence[Argument], taken: Sequence[Placeholder]) -> DbmcpError | None:
    """Return the error for a value that the engine or the driver did not take; None for any other error.

    The engine's text repeats the value, which may be of the caller's identity and not their own.
    """
    found = _OF_THE_ENGINE.search(str(getattr(error, "context", None) or "")) or _OF_THE_DRIVER.match(str(error))
    if found is None or not 1 <= int(found[1]) <= len(arguments):
        return None
    at = int(found[1]) - 1
    if arguments[at].is_hidden:
        return Forbidden("A claim of the caller's identity does not fit the query.")
    message = f"The value of the parameter {arguments[at].name!r} does not fit."
    return InvalidParameter(message, hint=f"The database takes a value of its type {taken[at].type} there.")
