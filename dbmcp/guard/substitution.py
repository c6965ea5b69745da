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


@dataclass(frozen=True, slots=True)
class Reference:
    """A table named in a FROM clause: where in the text, and how."""

    schema: str
    name: str
    offset: int
    has_alias: bool
    is_plain: bool


def substitute(
    text: str, references: list[Reference], columns: list[tuple[list[str], int]], policy: Substitution
) -> tuple[str, str]:
    """Return the WITH clause to put before the statement, and the text with its qualified references replaced.

    `references` are those to relations: a name of a WITH clause in reach is none. `columns` are column references of
    three and more parts, with their offsets.

    Raises:
        StatementRejected: a table is denied, or a reference cannot be resolved with certainty.
    """
    used: dict[str, Name] = {}
    edits: list[tuple[int, int, str]] = []
    for reference in references:
        target = _target(text, reference, policy)
        if target is None or target not in policy.views:
            continue
        if not reference.is_plain:
            message = f"The table {reference.name} is under a policy: ONLY cannot be used on it"
            raise reject(Reason.POLICY, message, text, reference.offset)
        if not reference.schema:
            used[reference.name] = target
            continue
        alias = f"_policy_{list(policy.views).index(target)}"
        used[alias] = target
        shown_as = "" if reference.has_alias else f" AS {_quoted(reference.name)}"
        edits.append((*_span(text, reference.schema, reference.name, reference.offset), alias + shown_as))
    for parts, offset in columns:
        if len(parts) > 2 and (parts[0], parts[1]) in policy.views:
            edits.append((*_span(text, parts[0], parts[1], offset), _quoted(parts[1])))
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    clauses = [
        f"{_quoted(name)} AS {'' if target in policy.fenced else 'NOT '}MATERIALIZED ({policy.views[target]})"
        for name, target in sorted(used.items())
    ]
    return (f"WITH {', '.join(clauses)} " if clauses else ""), text


def _target(text: str, reference: Reference, policy: Substitution) -> Name | None:
    """Return the relation that a reference means; None for one of the engine's own, which other rules have judged."""
    name = (reference.schema, reference.name) if reference.schema else policy.bare.get(reference.name)
    if reference.schema in _SPECIAL_SCHEMAS or (name is None and reference.name.startswith("pg_")):
        return None
    if name is not None and (why := policy.denied.get(name)):
        raise _denied(text, reference, why)
    if name is None or name not in policy.known:
        raise _denied(text, reference, "it is not known, and this database is under a policy")
    return name


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


def _folded(part: str) -> str:
    if part.startswith('"'):
        return part[1:-1].replace('""', '"')
    # The engine folds ASCII letters only, in a database of more than one byte a letter.
    return "".join(sign.lower() if sign.isascii() else sign for sign in part)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
