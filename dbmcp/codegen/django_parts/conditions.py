"""Conditions of checks and indexes as Django's Q, where they say what Q can say; None where they say more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from dbmcp.codegen.python_source import Bracketed, Source, call, literal, prefixed

if TYPE_CHECKING:
    from dbmcp.catalog.types import Kind

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>"(?:[^"]|"")*"|`[^`]*`|[^\W\d][\w$]*)|(?P<number>\d+(?:\.\d+)?)
    |(?P<sign>::|<=|>=|<>|!=|==|[-=<>~,()\[\].]))""",
    re.VERBOSE,
)
_TEXTS = ("text", "char", "enum")
_NUMBERS = ("integer", "decimal", "float")
_COMPARED = {"=": "", "==": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte"}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Known:
    """A column: the field by which Q names it, what its values are, and whether they may be null."""

    field: str
    kind: Kind
    is_nullable: bool


class _Unsayable(Exception):
    """A condition says more than Q can."""


_Token: TypeAlias = tuple[str, str]
_Operand: TypeAlias = "Known | str | int | bool | None"


def condition(text: str, columns: Mapping[str, Known], *, is_check: bool) -> Source | None:
    """Return a condition as Q, by the fields of columns.

    A check lets pass what is unknown, and an index does not hold it: Django's negation of a column that may be null
    is true where the engine's is unknown, so it is right for a check alone.
    """
    try:
        return _Parser(_tokens(text), columns, is_check=is_check).whole()
    except _Unsayable:
        return None


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place, text = 0, text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise _Unsayable
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class _Parser:
    """One reading, by descent; what is not known ends it."""

    def __init__(self, tokens: list[_Token], columns: Mapping[str, Known], *, is_check: bool) -> None:
        self._tokens = tokens
        self._place = 0
        self._columns = columns
        self._is_check = is_check
        self._negations = 0

    def whole(self) -> Source:
        found = self._any()
        if self._place < len(self._tokens):
            raise _Unsayable
        return found

    def _word(self) -> str:
        kind, text = self._tokens[self._place] if self._place < len(self._tokens) else ("", "")
        return text.upper() if kind in ("name", "sign") else ""

    def _takes(self, *words: str) -> bool:
        start = self._place
        for word in words:
            if self._word() != word:
                self._place = start
                return False
            self._place += 1
        return True

    def _needs(self, word: str) -> None:
        if not self._takes(word):
            raise _Unsayable

    def _any(self) -> Source:
        parts = [self._all()]
        while self._takes("OR"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else call("models.Q", *parts, _connector='"OR"')

    def _all(self) -> Source:
        parts = [self._not()]
        while self._takes("AND"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else _together(parts)

    def _not(self) -> Source:
        return self._negated(self._not) if self._takes("NOT") else self._predicate()

    def _negated(self, read: Callable[[], Source]) -> Source:
        self._negations += 1
        if self._negations > 1:
            raise _Unsayable
        used = {_unquoted(text) for kind, text in self._tokens if kind == "name"}
        if not self._is_check and any(self._columns[name].is_nullable for name in used & self._columns.keys()):
            raise _Unsayable
        found = read()
        self._negations -= 1
        return prefixed("~", found)

    def _predicate(self) -> Source:
        start = self._place
        try:
            return self._compared(self._operand())
        except _Unsayable:
            self._place = start
        self._needs("(")
        found = self._any()
        self._needs(")")
        return found

    def _compared(self, left: _Operand) -> Source:
        if self._takes("IS", "NOT", "NULL"):
            return _q(left, "__isnull", value=False)
        if self._takes("IS", "NULL"):
            return _q(left, "__isnull", value=True)
        if self._takes("NOT", "IN"):
            return self._negated(lambda: self._listed(left))
        if self._takes("IN"):
            return self._listed(left)
        if self._takes("BETWEEN"):
            low = self._operand()
            self._needs("AND")
            return _together([_q(left, "__gte", low), _q(left, "__lte", self._operand())])
        if self._takes("<>") or self._takes("!="):
            return self._negated(lambda: _q(left, "", self._operand()))
        return self._by_sign(left)

    def _by_sign(self, left: _Operand) -> Source:
        sign = self._word()
        if sign in _COMPARED:
            self._place += 1
            if self._takes("ANY"):
                return self._in_array(left)
            right = self._operand()
            if not isinstance(left, Known):
                return _q(right, _COMPARED[_FLIPPED.get(sign, sign)], left)
            return _q(left, _COMPARED[sign], right)
        if isinstance(left, Known) and left.kind == "boolean" and sign in ("", ")", "AND", "OR"):
            return call("models.Q", **{left.field: "True"})
        raise _Unsayable

    def _listed(self, left: _Operand) -> Source:
        self._needs("(")
        values = self._values(")")
        return _among(left, values)

    def _in_array(self, left: _Operand) -> Source:
        depth = 0
        while self._takes("("):
            depth += 1
        self._needs("ARRAY")
        self._needs("[")
        values = self._values("]")
        for _ in range(depth):
            self._casts()
            self._needs(")")
        return _among(left, values)

    def _values(self, end: str) -> list[_Operand]:
        values = [self._operand()]
        while self._takes(","):
            values.append(self._operand())
        self._needs(end)
        return values

    def _operand(self) -> _Operand:
        found = self._primary()
        cast = self._casts()
        if isinstance(found, Known):
            is_same = found.kind in _TEXTS and cast in ("", "text", "character varying", "bpchar")
            if not cast or is_same or (found.kind == "integer" and cast in ("bigint", "numeric", "double precision")):
                return found
            raise _Unsayable
        if isinstance(found, str) and cast in ("integer", "bigint", "smallint") and re.fullmatch(r"-?\d+", found):
            return int(found)
        return found

    def _primary(self) -> _Operand:
        if self._takes("("):
            found = self._operand()
            self._needs(")")
            return found
        is_minus = self._takes("-")
        kind, text = self._tokens[self._place] if self._place < len(self._tokens) else ("", "")
        self._place += 1
        if kind == "number" and "." not in text:
            return -int(text) if is_minus else int(text)
        if kind == "text" and not is_minus:
            return text[1:-1].replace("''", "'")
        if kind == "name" and text.upper() in ("TRUE", "FALSE"):
            return text.upper() == "TRUE"
        if kind == "name" and not is_minus and _unquoted(text) in self._columns and self._word() not in ("(", "."):
            return self._columns[_unquoted(text)]
        raise _Unsayable

    def _casts(self) -> str:
        words: list[str] = []
        while self._takes("::"):
            words = []
            while self._place < len(self._tokens) and self._tokens[self._place][0] == "name":
                if self._word() in ("AND", "OR", "NOT", "IS"):
                    break
                words.append(self._tokens[self._place][1])
                self._place += 1
                self._takes(".")
            if self._takes("("):
                self._values(")")
            self._takes("[", "]")
        return " ".join(words)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name[0] == '"' else name.strip("`")


def _q(left: _Operand, lookup: str, value: _Operand) -> Source:
    if not isinstance(left, Known):
        raise _Unsayable
    shown = str(value) if lookup == "__isnull" else _shown(left, value)
    return call("models.Q", **{f"{left.field}{lookup}": shown})


def _among(left: _Operand, values: list[_Operand]) -> Source:
    if not isinstance(left, Known):
        raise _Unsayable
    listed = Bracketed("", tuple(_shown(left, value) for value in values), "[]")
    return call("models.Q", **{f"{left.field}__in": listed})


def _shown(left: Known, value: _Operand) -> str:
    """Return a value as Python writes it, which must be such as the column's are."""
    if isinstance(value, Known):
        if value.kind == left.kind:
            return call_f(value.field)
    elif isinstance(value, bool):
        if left.kind == "boolean":
            return str(value)
    elif isinstance(value, int):
        if left.kind in _NUMBERS:
            return str(value)
    elif isinstance(value, str) and (left.kind in _TEXTS or (left.kind == "date" and _DATE.fullmatch(value))):
        return literal(value)
    raise _Unsayable


def call_f(field: str) -> str:
    """Return F of a field."""
    return f"models.F({literal(field)})"


def _together(parts: list[Source]) -> Source:
    """Return what says all of several conditions, in one Q where no two have the same name."""
    named: list[Source] = []
    for part in parts:
        if not isinstance(part, Bracketed) or part.head != "models.Q" or len(part.parts) != 1:
            return call("models.Q", *parts)
        named.append(part.parts[0])
    names = [(each if isinstance(each, str) else each.head).partition("=")[0] for each in named]
    return Bracketed("models.Q", tuple(named)) if len({*names}) == len(names) else call("models.Q", *parts)
