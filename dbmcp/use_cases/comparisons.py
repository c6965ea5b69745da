"""What a statement compares the columns of a table with: read out of an engine's condition, or out of SQL text. Pure.

It is for hints: what is not understood is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dbmcp.catalog.model import Relation

How = Literal["equal", "range", "pattern"]

_NAME = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_COLUMN = rf"(?:({_NAME})\.)?({_NAME})"
_PIECES = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|[^'"()]+""")
_OPERATOR = re.compile(r" (=|<|>|<=|>=|~~|~~\*) | IS NULL$")
_AND = " AND "
_HOW: dict[str, How] = {"=": "equal", "==": "equal", "in": "equal", "is": "equal", "like": "pattern", "glob": "pattern"}
_CAST = re.compile(rf"\({_COLUMN}\)::([a-z ]+?)(?:\(\d+\))?")
_WHOLE_COLUMN = re.compile(_COLUMN)
# A cast that PostgreSQL makes by itself, and that no index minds.
_SAME = {"character varying", "character", "text"}
# Comments and literals say nothing of columns; quoted names do.
_SILENT = re.compile(r"""--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^']|'')*'?""", re.DOTALL)
_CALLED = re.compile(
    rf"({_NAME})\s*\(\s*{_COLUMN}\s*(?:,[^()]*)?\)\s*(==?|<=?|>=?|in\b|between\b|is\b|like\b)", re.IGNORECASE
)
_COMPARED = re.compile(
    rf"(?<![\w.\"]){_COLUMN}\s*(==?|<=?|>=?(?!>)|\b(?:in|between|is(?!\s+not)|like|glob)\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column and how it is compared; `wrapped` is the expression that hides it from an index, if one does."""

    column: str
    how: How
    wrapped: str = ""


def in_condition(text: str, relation: Relation, alias: str) -> list[Comparison]:
    """Return what must hold of a table's columns by a condition as PostgreSQL prints it."""
    return [item for part in _conjuncts(text) for item in _compared(part, relation, alias)]


def in_statement(sql: str, relation: Relation, names: set[str]) -> list[Comparison]:
    """Return what a statement's text compares a table's columns with; `names` are what the table is called in it."""
    bare = without_literals(sql)
    found = []
    for match in _CALLED.finditer(bare):
        function, qualifier, column, operator = match.groups()
        if function.lower() not in ("in", "and", "or", "not", "where", "on", "values") and (
            known := _own(relation, qualifier, column, names)
        ):
            found.append(Comparison(known, _how(operator), match.group(0)[: -len(operator)].strip()))
    for match in _COMPARED.finditer(_CALLED.sub(" ", bare)):
        qualifier, column, operator = match.groups()
        if known := _own(relation, qualifier, column, names):
            found.append(Comparison(known, _how(operator)))
    return found


def without_literals(sql: str) -> str:
    """Return a statement's text with its literals empty and without comments."""
    return _SILENT.sub(lambda item: "''" if item.group().startswith("'") else " ", sql)


def _how(operator: str) -> How:
    return _HOW.get(operator.lower(), "range")


def _own(relation: Relation, qualifier: str | None, name: str, names: set[str]) -> str | None:
    """Return the table's column of this name, however it is written; None for another table's."""
    if qualifier is not None and _plain(qualifier).casefold() not in names:
        return None
    wanted = _plain(name)
    exact = [item.name for item in relation.columns if item.name == wanted]
    folded = [item.name for item in relation.columns if item.name.casefold() == wanted.casefold()]
    return next(iter([*exact, *folded]), None)


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _conjuncts(text: str) -> Iterator[str]:
    """Yield the conditions that must all hold, each without the parentheses around it."""
    todo = [text]
    while todo:
        part = todo.pop().strip()
        while part.startswith("(") and _split(part, None)[0] == part:
            part = part[1:-1].strip()
        pieces = _split(part, _AND)
        if len(pieces) > 1:
            todo.extend(reversed(pieces))
        elif part:
            yield part


def _split(text: str, word: str | None) -> list[str]:
    """Split at a word outside of parentheses and quotes; without a word, after the first closed parenthesis."""
    parts, current, depth = [], "", 0
    for piece in _PIECES.findall(text):
        if depth == 0 and word is not None and piece[0] not in "'\"()":
            first, *rest = piece.split(word)
            current += first
            for item in rest:
                parts.append(current)
                current = item
            continue
        depth += (piece == "(") - (piece == ")")
        current += piece
        if depth == 0 and word is None:
            parts.append(current)
            current = ""
    return [*parts, current] if current else parts


def _compared(part: str, relation: Relation, alias: str) -> Iterator[Comparison]:
    operator, sides = _sides(part)
    if operator is None:
        return
    how: How = "equal" if operator in ("=", "IS NULL") else "pattern" if operator.startswith("~~") else "range"
    if how == "pattern" and sides[1].lstrip("(").startswith(("'%", "'_")):
        # No index is of use for a pattern that begins with anything.
        return
    for side in sides:
        found = _of_side(side.strip(), relation, {alias.casefold()})
        if found is not None:
            yield Comparison(found[0], how, found[1])


def _sides(part: str) -> tuple[str | None, list[str]]:
    depth, place = 0, 0
    for piece in _PIECES.findall(part):
        match = _OPERATOR.search(piece) if depth == 0 and piece[0] not in "'\"()" else None
        if match is not None:
            start, end = place + match.start(), place + match.end()
            return match.group().strip(), [part[:start], part[end:]]
        depth += (piece == "(") - (piece == ")")
        place += len(piece)
    return None, []


def _of_side(side: str, relation: Relation, names: set[str]) -> tuple[str, str] | None:
    """Return the column that one side of a comparison is, and the expression around it, if there is one."""
    if match := _WHOLE_COLUMN.fullmatch(side):
        known = _own(relation, match[1], match[2], names)
        return (known, "") if known else None
    if match := _CAST.fullmatch(side):
        known = _own(relation, match[1], match[2], names)
        kinds = {item.name: item.type.partition("(")[0] for item in relation.columns}
        harmless = known is not None and kinds[known] in _SAME and match[3] in _SAME
        return (known, "" if harmless else side) if known else None
    bare = "".join(piece for piece in _PIECES.findall(side) if not piece.startswith("'"))
    if "SubPlan" in bare or "ANY" in bare:
        return None
    for match in _WHOLE_COLUMN.finditer(bare):
        # A bare word may be a function's or a type's.
        is_qualified = match[1] is not None
        if (is_qualified or bare[match.end() : match.end() + 1] != "(") and (
            known := _own(relation, match[1], match[2], names)
        ):
            return known, side
    return None
