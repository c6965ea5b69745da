"""Policy by view substitution on PostgreSQL (GUARD rule 7): the caller's text reads policy views instead of tables.

`WITH users AS (SELECT id, <mask> AS email FROM public.users WHERE <filter>)` goes round the caller's text, which makes
the engine's own scoping catch every bare reference; a qualified reference is spliced at its place in the text. What
cannot be resolved with certainty is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dbmcp.guard.reasons import Reason
from dbmcp.guard.source import reject

if TYPE_CHECKING:
    from dbmcp.errors import StatementRejected

Name = tuple[str, str]

_PART = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_QUALIFIED = re.compile(rf"({_PART})\s*\.\s*({_PART})")
# The engine cuts names at 63 bytes, and before a letter that has up to four of them.
_SHORTEST_CUT = 60
_SPECIAL_SCHEMAS = ("pg_catalog", "information_schema")


@dataclass(frozen=True, eq=False)
class Substitution:
    """A policy compiled for one state of the catalog.

    `views` holds the SELECT that stands for a governed table; `denied` why a table may not be read; `bare` what a
    name without a schema means; `known` every relation there is: under a policy an unknown one is refused.
    """

    views: Mapping[Name, str]
    denied: Mapping[Name, str]
    bare: Mapping[str, Name]
    known: frozenset[Name]
    # A row filter needs a fence: else the engine may run the caller's conditions on rows before they are filtered
    # out, and an error would tell of them.
    fenced: frozenset[Name] = field(default=frozenset())
    # Functions of the database's own that `(x).f` may call, and of these those that `t.f` may, with a row.
    attributes: frozenset[str] = frozenset()
    row_attributes: frozenset[str] = frozenset()
    # Names of all functions of the database's own: a call without a schema may mean them, whatever else has the name.
    functions: frozenset[str] = frozenset()
    # Signs that operators of the database's own have, and the operator does not vouch for.
    operators: frozenset[str] = frozenset()

    def may_mean_another(self, name: str) -> bool:
        """Say whether a name may be a hidden table's to a database of one byte a letter.

        There É may be folded to é, and a name is cut at 63 letters that has 126 bytes here.
        """
        if name.isascii():
            return False
        folded, is_cut = _folded_anywhere(name), len(name.encode()) >= _SHORTEST_CUT
        return any(
            hidden != name and (other == folded or (is_cut and other.startswith(folded)))
            for hidden, other in ((hidden, _folded_anywhere(hidden)) for _, hidden in (*self.views, *self.denied))
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """A table named in a FROM clause: where in the text, and how."""

    schema: str
    name: str
    offset: int
    has_alias: bool
    is_plain: bool


def substitute(
    text: str, references: list[Reference], columns: list[tuple[list[str], int]], others: set[str], policy: Substitution
) -> tuple[str, str]:
    """Return the WITH clause to put before the statement, and the text with its qualified references replaced.

    `references` are those to relations: a name of a WITH clause in reach is none. `columns` are column references of
    three and more parts, with their offsets; `others` are the aliases and the names of WITH clauses of the statement.

    Raises:
        StatementRejected: a table is denied, or a reference cannot be resolved with certainty.
    """
    # Nothing of the caller's may be called like a view of the policy.
    prefix = "_policy" + "_" * max(
        (len(found) + 1 for found in re.findall("_policy(_*)", text, re.IGNORECASE)), default=1
    )
    if len(prefix) > _LONGEST:
        raise reject(Reason.POLICY, "The statement holds a name that dbmcp needs for itself", text, None)
    inner = {target: f"{prefix}{number}" for number, target in enumerate(policy.views)}
    bare: dict[str, Name] = {}
    used: set[Name] = set()
    edits: list[tuple[int, int, str]] = []
    for reference in references:
        target = _target(text, reference, policy)
        if target is None or target not in policy.views:
            continue
        if not reference.is_plain:
            message = f"The table {reference.name} is under a policy: ONLY cannot be used on it"
            raise reject(Reason.POLICY, message, text, reference.offset)
        used.add(target)
        if reference.schema:
            edits.append(_read_instead(text, reference, inner[target]))
        else:
            bare[reference.name] = target
    for parts, offset in columns:
        if (parts[0], parts[1]) in policy.views:
            if parts[1] in others or any(
                item.name == parts[1] and item.schema and item.schema != parts[0] for item in references
            ):
                message = (
                    f"What {'.'.join(parts[:2])} means here cannot be told: something else is called {parts[1]} too"
                )
                raise reject(Reason.POLICY, message, text, offset, hint="Give the table an alias, and use that.")
            edits.append((*_span(text, parts[0], parts[1], offset), _quoted(parts[1])))
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    # All the views come before the first name that a condition or mask of the operator's could take for a table.
    clauses = [
        f"{inner[target]} AS {'' if target in policy.fenced else 'NOT '}MATERIALIZED ({policy.views[target]})"
        for target in policy.views
        if target in used
    ]
    clauses += [f"{_quoted(name)} AS NOT MATERIALIZED (TABLE {inner[target]})" for name, target in sorted(bare.items())]
    return (f"WITH {', '.join(clauses)} " if clauses else ""), text


# The engine cuts names at 63 bytes.
_LONGEST = 50
_DESCENDANTS = re.compile(r"\s*\*")
_TABLE = "table"


def _read_instead(text: str, reference: Reference, view: str) -> tuple[int, int, str]:
    """Return the edit that has a qualified reference read the policy's view, under the name it is known by."""
    start, end = _span(text, reference.schema, reference.name, reference.offset)
    if star := _DESCENDANTS.match(text, end):
        end = star.end()
    if reference.has_alias or _is_behind_table(text, start):
        return start, end, view
    return start, end, f"{view} AS {_quoted(reference.name)}"


def _is_behind_table(text: str, start: int) -> bool:
    """Say whether the word before a place is TABLE, behind which no alias may stand."""
    # A pattern would look through the whole text, for each reference.
    end = start
    while end and text[end - 1].isspace():
        end -= 1
    begin = end - len(_TABLE)
    if begin < 0 or text[begin:end].lower() != _TABLE:
        return False
    return not (begin and (text[begin - 1].isalnum() or text[begin - 1] in "_$"))


def _target(text: str, reference: Reference, policy: Substitution) -> Name | None:
    """Return the relation that a reference means; None for one of the engine's own, which other rules have judged."""
    name = (reference.schema, reference.name) if reference.schema else policy.bare.get(reference.name)
    if reference.schema in _SPECIAL_SCHEMAS or (name is None and reference.name.startswith("pg_")):
        return _catalog_target(text, reference, policy)
    if name is not None and (why := policy.denied.get(name)):
        raise _denied(text, reference, why)
    if name is None or name not in policy.known:
        raise _denied(text, reference, "it is not known, and this database is under a policy")
    return name


# Of the engine's catalog, what holds names alone: the rest tells values in definitions, or counts hidden rows.
_NAMES_ALONE = frozenset(
    {
        *((("information_schema", name)) for name in (
            "tables", "schemata", "key_column_usage", "table_constraints", "referential_constraints",
            "constraint_column_usage", "constraint_table_usage",
        )),
        *((("pg_catalog", name)) for name in (
            "pg_namespace", "pg_tables", "pg_timezone_names", "pg_timezone_abbrevs", "pg_collation", "pg_extension",
        )),
    }
)  # fmt: skip


def _catalog_target(text: str, reference: Reference, policy: Substitution) -> Name | None:
    name = (reference.schema or "pg_catalog", reference.name)
    if name in policy.views:
        return name
    if name not in _NAMES_ALONE:
        why = "it tells of rows and values, and this database is under a policy"
        message = f"The table {reference.name} may not be read: {why}"
        raise reject(Reason.POLICY, message, text, reference.offset, hint="Use search_schema and describe_tables.")
    return None


def _denied(text: str, reference: Reference, why: str) -> StatementRejected:
    message = f"The table {reference.name} may not be read: {why}"
    return reject(Reason.POLICY, message, text, reference.offset, hint="Use search_schema to see the tables there are.")


def _span(text: str, schema: str, name: str, offset: int) -> tuple[int, int]:
    """Return where `schema.name` stands in the text.

    Raises:
        StatementRejected: it is written in a way that cannot be replaced with certainty.
    """
    found = _QUALIFIED.match(text, offset)
    if found and [_folded(part) for part in found.groups()] == [schema, name]:
        return found.span()
    message = f"The table {name} is under a policy and its name cannot be replaced"
    raise reject(Reason.POLICY, message, text, offset, hint="Write it as schema.table, without comments.")


def _folded_anywhere(name: str) -> str:
    """Return a name in which letters are alike that the locale of some database folds: any sigma, and a Turkish İ."""
    return name.casefold().replace("i\u0307", "i")


def _folded(part: str) -> str:
    if part.startswith('"'):
        return part[1:-1].replace('""', '"')
    # The engine folds ASCII letters only, in a database of more than one byte a letter.
    return "".join(sign.lower() if sign.isascii() else sign for sign in part)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
