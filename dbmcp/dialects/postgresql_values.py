"""How PostgreSQL prints a value: the expression that makes the engine give its own text, and how JSON shows a type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.policy import PLAIN, SqlMask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.results import ValueKind

# Types by their fixed object identifiers (pg_type.dat).
_BOOL, _BYTEA, _NAME, _INT8, _INT2, _INT4, _TEXT, _OID, _JSON, _XML = 16, 17, 19, 20, 21, 23, 25, 26, 114, 142
_FLOAT4, _FLOAT8, _MONEY, _VARCHAR, _DATE, _TIME, _TIMESTAMP, _TIMESTAMPTZ = 700, 701, 790, 1043, 1082, 1083, 1114, 1184
_INTERVAL, _TIMETZ, _NUMERIC, _UUID, _JSONB = 1186, 1266, 1700, 2950, 3802

KINDS: dict[int, ValueKind] = {
    _INT2: "integer", _INT4: "integer", _INT8: "integer", _OID: "integer",
    _FLOAT4: "number", _FLOAT8: "number", _NUMERIC: "number",
    _BOOL: "boolean", _JSON: "json", _JSONB: "json",
}  # fmt: skip

# Types of which the driver is told to take the text that their output function gives. Values are never long, but for
# numeric, which has up to 147,455 digits and is cut as texts are.
SHORT_TYPES: dict[int, str] = {
    _BOOL: "bool", _INT2: "int2", _INT4: "int4", _INT8: "int8", _OID: "oid", _FLOAT4: "float4", _FLOAT8: "float8",
    _NAME: "name", _NUMERIC: "numeric", _DATE: "date", _TIME: "time", _TIMETZ: "timetz",
    _TIMESTAMP: "timestamp", _TIMESTAMPTZ: "timestamptz", _INTERVAL: "interval", _UUID: "uuid", _MONEY: "money",
}  # fmt: skip
# Pseudo-types too: a column of the catalog is of the first, and a NULL may be of any. Without this the driver has
# nothing to take for their values, and refuses the statement.
TAKEN_AS_TEXT = (
    *SHORT_TYPES.values(), "anyarray", "anyelement", "anyenum", "anymultirange", "anynonarray", "anyrange",
    "anycompatible", "anycompatiblearray", "anycompatiblemultirange", "anycompatiblenonarray", "anycompatiblerange",
    "pg_ddl_command",
)  # fmt: skip
# A cast to text is the value's own text, of any length.
_LONG = frozenset({_TEXT, _VARCHAR, _JSON, _JSONB, _XML, _NUMERIC})
# As few as the bounds leave to a text.
_FEWEST_DIGITS = 100


# The operators of pg_catalog (pg_operator, the same in PostgreSQL 13 to 18); others belong to extensions and users.
OPERATORS = frozenset(
    r"""!! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <->
    << <<= <<| <= <> <@ <^ = > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/
    |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*""".split()
)


def as_text(name: str, oid: int, cell_chars: int) -> str:
    """Return the expression that prints column `name` as psql would, clipped one character past `cell_chars`.

    For every other type `format('%s')` calls the output function: a cast to text would add a mask to an inet and drop
    the blanks of a char(n). `IS NOT DISTINCT FROM NULL` is true for a NULL alone;
    `IS NULL` would be true for a row of nulls too.
    """
    clip = cell_chars + 1
    # An explicit cast cuts in silence, and leaves a text alone whose bytes are few: left() would count its characters.
    clipped = f"pg_catalog.varchar({clip})"
    if oid in _LONG:
        return f"{name}::pg_catalog.text::{clipped}"
    if oid in SHORT_TYPES:
        return name
    if oid == _BYTEA:
        return f"'\\x' || pg_catalog.encode(pg_catalog.substr({name}, 1, {clip}), 'hex')"
    null = f"{name} IS NOT DISTINCT FROM NULL"
    return f"CASE WHEN {null} THEN NULL ELSE pg_catalog.format('%s', {name})::{clipped} END"


def as_texts(names: Sequence[str], oids: Sequence[int], cell_chars: int) -> str:
    """Return the select list that prints the columns of a result."""
    chars = {_NUMERIC: _numeric_chars(oids, cell_chars)}
    return ", ".join(as_text(name, oid, chars.get(oid, cell_chars)) for name, oid in zip(names, oids, strict=True))


def cut_at(rows: Sequence[Sequence[str | None]], oids: Sequence[int], cell_chars: int) -> int:
    """Return after how many characters cells count as cut: as few as numerics have where one of them is cut."""
    chars = _numeric_chars(oids, cell_chars)
    numerics = [index for index, oid in enumerate(oids) if oid == _NUMERIC]
    if chars < cell_chars and any(len(row[index] or "") > chars for row in rows for index in numerics):
        return chars
    return cell_chars


def _numeric_chars(oids: Sequence[int], cell_chars: int) -> int:
    """Return after how many characters numerics are cut: all of them share what all texts, or one, are given.

    They do not share with the texts: all but none are long, and the texts beside them should not be cut for it.
    """
    texts = sum(oid not in SHORT_TYPES for oid in oids)
    share = cell_chars * max(texts, 1) // max(oids.count(_NUMERIC), 1)
    return min(cell_chars, max(share, _FEWEST_DIGITS))


def quoted(name: str) -> str:
    """Return a name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as a literal; the session has standard_conforming_strings on."""
    return "'" + text.replace("'", "''") + "'"


def masked(column: str, mask: str | SqlMask, key: str, name: str) -> str:
    """Return the select item that shows a column through its mask, under its own name. NULL stays NULL."""
    if mask == PLAIN:
        return column
    text = f"{column}::pg_catalog.text"
    if isinstance(mask, SqlMask):
        shown = f"({mask.sql}\n)"
    elif mask == "null":
        # Not a bare NULL: the column keeps its type.
        shown = f"CASE WHEN false THEN {column} END"
    elif mask == "hash":
        # The key goes in twice, as in HMAC: PostgreSQL has none without an extension.
        secret = f"pg_catalog.convert_to({literal(key)}, 'UTF8')"
        inner = f"pg_catalog.sha256({secret} || pg_catalog.convert_to({text}, 'UTF8'))"
        shown = f"pg_catalog.left(pg_catalog.encode(pg_catalog.sha256({secret} || {inner}), 'hex'), 16)"
    elif mask == "partial":
        ends = f"pg_catalog.left({text}, 1) || '***' || pg_catalog.right({text}, 1)"
        shown = f"CASE WHEN pg_catalog.length({text}) > 5 THEN {ends} ELSE '***' || pg_catalog.left({text}, 0) END"
    else:
        shown = f"CASE WHEN {column} IS NOT DISTINCT FROM NULL THEN NULL ELSE '***' END"
    return f"{shown} AS {quoted(name)}"
