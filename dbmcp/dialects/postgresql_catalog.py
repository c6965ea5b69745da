"""PostgreSQL's catalog in bulk: the statements of postgresql_catalog.sql put together, and what its types mean.

All parts are one statement, so that a far database is asked once and every part is of one moment. Row counts are the
planner's estimates: sizes on disk would make a list several times slower.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from dbmcp.dialects.base import OwnCode
from dbmcp.dialects.functions import extensions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_FILE = Path(__file__).with_suffix(".sql")
_HEADING = re.compile(r"^-- \[(\w+)\]\n", re.MULTILINE)

# What the parts are read from; the others are parts.
_COMMON = ("wanted", "member", "used")
_OF_RELATIONS = tuple("types datatypes columns constraints indexes triggers policies sequences relations".split())
_OF_ALL = ("schemas", "extensions", "functions", "objects", "dependencies", "children", "needs")

# The database's name, and the schemas of its own that hold anything to read.
SCHEMAS = """
SELECT pg_catalog.current_database()::text, coalesce(pg_catalog.json_agg(nspname ORDER BY nspname), '[]')::text
FROM pg_catalog.pg_namespace n
WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_'
  AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))
"""

TYPE_NAMES = """
SELECT pg_catalog.format_type(o::oid, NULL)
FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS u (o, n) ORDER BY n"""

_OF_WANTED = """k.oid IN (
    SELECT k.oid FROM pg_catalog.pg_constraint k JOIN wanted w ON w.oid = k.conrelid
    UNION SELECT k.oid FROM pg_catalog.pg_constraint k JOIN wanted w ON w.oid = k.confrelid AND k.contype = 'f')"""


@cache
def _sections() -> dict[str, str]:
    _, *found = _HEADING.split(_FILE.read_text("utf-8"))
    return {name: text.strip().replace("@", "pg_catalog.") for name, text in zip(found[::2], found[1::2], strict=True)}


def bare() -> str:
    """Return the statement that tells the search_path, in its first row, and what a bare name finds on it."""
    return _sections()["bare"]


def emptied() -> str:
    """Return the statement that empties the search_path for a transaction: else deparsed texts depend on it.

    It switches off compiling as well, which would take seconds for a statement that runs once.
    """
    return _sections()["emptied"]


def own() -> str:
    """Return the statement that names the code of the database's own, as `own_code` takes it."""
    # Not as JSON: SQLAlchemy has its connections decode that.
    sections = _sections()
    return f"WITH member AS ({sections['member']}) SELECT x::pg_catalog.text FROM (\n{sections['own']}\n) AS part(x)"


def own_code(found: Iterable[Sequence[str]]) -> OwnCode:
    """Return what the rows of that statement tell, less what belongs to an extension and was reviewed with it."""
    rows = [orjson.loads(text) for (text,) in found]
    names: dict[str, set[str]] = {"volatile": set(), "operators": set()}
    for kind, name, _, extension in rows:
        if kind in names and not _is_reviewed(kind, name, extension):
            names[kind].add(name)
    return OwnCode(
        {name: takes_row for kind, name, takes_row, _ in rows if kind == "attributes"},
        frozenset(names["volatile"]),
        frozenset(names["operators"]),
    )


def _is_reviewed(kind: str, name: str, extension: str | None) -> bool:
    if extension is None or extension not in extensions.profiles():
        return False
    return name in (extensions.operators(extension) if kind == "operators" else extensions.profile(extension))


def fingerprint() -> str:
    """Return the statement that tells whether anything has changed."""
    return _sections()["fingerprint"]


@cache
def everything(version: int) -> str:
    """Return the statement that reads all parts, for a major version of the server."""
    return _statement(version, (*_OF_RELATIONS, *_OF_ALL), "true")


@cache
def some(version: int) -> str:
    """Return the statement that reads the relations of the names in `$1`, with an empty search_path.

    Relations that point to them come with no more than their name and that key.
    """
    # The parts of a UNION ALL are run one after the other: texts are deparsed when this one has been.
    emptied = "SELECT 'emptied', pg_catalog.set_config('search_path', '', true)"
    text = _statement(version, (*_OF_RELATIONS, "neighbours"), "c.relname = ANY ($1)")
    return text.replace("\nSELECT 'types'", f"\n{emptied}\nUNION ALL\nSELECT 'types'", 1)


def _statement(version: int, parts: Sequence[str], named: str) -> str:
    sections, is_all = _sections(), named == "true"
    common = [f"{name} AS MATERIALIZED (\n{sections[name]}\n)" for name in _COMMON]
    if "needs" in parts:
        common.append(f"thing AS MATERIALIZED (\n{sections['thing']}\n)")
    arms = [f"SELECT '{name}', x::pg_catalog.text FROM (\n{sections[name]}\n) AS part(x)" for name in parts]
    text = f"WITH {', '.join(common)}\n" + "\nUNION ALL\n".join(arms)
    here = {
        "named": named,
        "of_wanted": "k.conrelid IN (SELECT oid FROM wanted)" if is_all else _OF_WANTED,
        "used": "true" if is_all else "t.oid IN (SELECT oid FROM used)",
        "owned": "true" if is_all else "o.refobjid IN (SELECT oid FROM wanted)",
        **_fragments(version),
    }
    return re.sub(r"\{(\w+)\}", lambda found: here[found.group(1)], text)


def _fragments(version: int) -> dict[str, str]:
    """Return what is written otherwise from one major version of the server to the next."""
    locale = "o.collcollate" if version < 15 else "o.colliculocale" if version < 17 else "o.colllocale"
    rules = "'RULES = ' || pg_catalog.quote_literal(o.collicurules)" if version >= 16 else "NULL"
    return {
        "nulls_not_distinct": "i.indnullsnotdistinct" if version >= 15 else "false",
        "constraint_nulls_not_distinct": "coalesce(x.indnullsnotdistinct, false)" if version >= 15 else "false",
        "set_columns": """(SELECT pg_catalog.json_agg(a.attname ORDER BY i.n)
   FROM pg_catalog.unnest(k.confdelsetcols) WITH ORDINALITY i(attnum, n)
   JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.attnum)""" if version >= 15 else "NULL",
        "is_temporal": "k.conperiod" if version >= 18 else "false",
        "is_enforced": "k.conenforced" if version >= 18 else "true",
        "multirange": """(SELECT pg_catalog.quote_ident(mn.nspname) || '.' || pg_catalog.quote_ident(mt.typname)
       FROM pg_catalog.pg_type mt JOIN pg_catalog.pg_namespace mn ON mn.oid = mt.typnamespace
       WHERE mt.oid = r.rngmultitypid)""" if version >= 14 else "NULL",
        "range_of_multirange": (
            "(SELECT rngtypid FROM pg_catalog.pg_range WHERE rngmultitypid = t.oid)" if version >= 14 else "NULL"
        ),
        "locale": f"""CASE WHEN o.collprovider = 'c' THEN
      pg_catalog.format('LC_COLLATE = %L, LC_CTYPE = %L', o.collcollate, o.collctype)
      ELSE 'LOCALE = ' || pg_catalog.quote_literal({locale}) END, {rules}""",
    }  # fmt: skip


def rows_of(found: Sequence[Sequence[str]]) -> Iterator[tuple[str, Any]]:
    """Return the rows of a statement as dbmcp.catalog.reader takes them: with types that mean the same everywhere."""
    for part, text in found:
        settled = _IN_VARCHARS.sub(_cast_one_by_one, text) if "::character varying" in text else text
        yield part, (_datatype(orjson.loads(text)) if part == "datatypes" else settled)


# `kind IN ('a', 'b')` of a varchar is printed so, and from that made and printed otherwise: as here from the start.
_IN_VARCHARS = re.compile(r"\(\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]\)")
_VARCHAR = re.compile(r"'(?:[^']|'')*'::character varying")


def _cast_one_by_one(found: re.Match[str]) -> str:
    return f"(ARRAY[{_VARCHAR.sub(lambda item: f'({item.group()})::text', found.group(1))}])"


_KINDS = {
    "bool": "boolean", "int2": "integer", "int4": "integer", "int8": "integer", "float4": "float", "float8": "float",
    "numeric": "decimal", "money": "money", "text": "text", "varchar": "text", "name": "text", "bpchar": "char",
    "bytea": "binary", "date": "date", "time": "time", "timetz": "time", "timestamp": "timestamp",
    "timestamptz": "timestamp", "interval": "interval", "uuid": "uuid", "json": "json", "jsonb": "json", "xml": "xml",
    "bit": "bits", "varbit": "bits",
}  # fmt: skip
_BITS = {"int2": 16, "int4": 32, "int8": 64, "float4": 32, "float8": 64}
_CONSTRUCTED = {"e": "enum", "d": "domain", "c": "composite", "row": "composite", "r": "range", "m": "multirange"}
_FIELDS = re.compile(r"interval ([a-z ]+)")
_NO_PRECISION = 0xFFFF


def _datatype(row: list[Any]) -> list[Any]:
    """Return the row of a type as dbmcp.catalog.reader takes it (src/include/catalog/pg_type.dat has the names)."""
    key, text, base, schema, name, typtype, category, modifier, element = row
    own = schema != "pg_catalog"
    length = precision = scale = fields = None
    kind = "other"
    if category == "A" and typtype == "b":
        kind = "array"
    elif typtype in _CONSTRUCTED:
        kind = _CONSTRUCTED[typtype]
    elif not own:
        kind = _KINDS.get(name, "other")
        length, precision, scale = _modifiers(name, modifier)
        fields = found.group(1).strip() if (found := _FIELDS.match(text)) else None
    elif category == "S":
        kind = "text"
    reference = [schema, name] if own and kind != "array" else [None, None]
    zone = name in ("timetz", "timestamptz") and not own
    bits = None if own else _BITS.get(name)
    return [key, text, kind, base, *reference, length, precision, scale, bits, zone, fields, element]


def _modifiers(name: str, modifier: int) -> tuple[int | None, int | None, int | None]:
    """Return length, precision and scale, as the types' own functions pack them into one number."""
    if modifier < 0:
        return (63 if name == "name" else None), None, None
    if name in ("varchar", "bpchar"):
        return modifier - 4, None, None
    if name in ("bit", "varbit"):
        return modifier, None, None
    if name == "numeric":
        packed = modifier - 4
        return None, packed >> 16, ((packed & 0x7FF) ^ 1024) - 1024
    if name == "interval":
        found = modifier & 0xFFFF
        return None, (None if found == _NO_PRECISION else found), None
    if name in ("time", "timetz", "timestamp", "timestamptz"):
        return None, modifier, None
    return None, None, None
