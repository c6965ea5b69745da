"""Names and texts as SQL writes them."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")

# Words that one of the products does not take for the name of a table, column, type or function without quotes; more
# than either needs, for quotes do no harm.
_KEYWORDS = frozenset(
    """abort action add after all alter always analyse analyze and any array as asc asymmetric attach authorization
    autoincrement before begin between bigint binary bit boolean both by cascade case cast char character check coalesce
    collate collation column commit concurrently conflict constraint create cross current current_catalog current_date
    current_role current_schema current_time current_timestamp current_user database dec decimal default deferrable
    deferred delete desc detach distinct do drop each else end escape except exclude exclusive exists explain extract
    fail false fetch filter first float following for foreign freeze from full generated glob grant greatest group
    grouping groups having if ignore ilike immediate in index indexed initially inner inout insert instead int integer
    intersect interval into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg
    json_query json_scalar json_serialize json_table json_value key last lateral leading least left like limit localtime
    localtimestamp match materialized merge_action national natural nchar no none normalize not nothing notnull null
    nullif nulls numeric of off offset on only or order others out outer over overlaps overlay partition placing plan
    position pragma preceding precision primary query raise range real recursive references regexp reindex release
    rename replace restrict returning right rollback row rows savepoint select session_user set setof similar smallint
    some substring symmetric system_user table tablesample temp temporary then ties time timestamp to trailing
    transaction treat trigger trim true unbounded union unique update user using vacuum values varchar variadic verbose
    view virtual when where window with without xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces
    xmlparse xmlpi xmlroot xmlserialize xmltable""".split()
)


def identifier(name: str) -> str:
    """Return a name as an identifier, in quotes where it needs them."""
    if _PLAIN.fullmatch(name) and name not in _KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """Return a name with its schema."""
    return f"{identifier(schema)}.{identifier(name)}"


def listed(names: tuple[str, ...]) -> str:
    """Return names as a list in parentheses."""
    return f"({', '.join(map(identifier, names))})"


def literal(text: str) -> str:
    """Return a text as a literal, for engines to which a backslash is a sign like any other."""
    return "'" + text.replace("'", "''") + "'"
