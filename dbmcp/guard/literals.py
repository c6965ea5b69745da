"""Which literals of a read are its inputs: those that a column, or a call on one, is compared with. No I/O.

What gives a statement its shape is no input: all of a SELECT list, GROUP BY, ORDER BY and LIMIT, the arguments of
functions (formats, units), and conditions without a column. The statement is one that was approved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import pgparse
from sqlglot import exp

from dbmcp.dialects import dialect_named
from dbmcp.errors import StatementRejected
from dbmcp.guard.parse import parse, tokenize
from dbmcp.guard.postgresql_rules import Facts, Node, names_of

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

Kind = Literal["string", "integer", "decimal", "boolean"]


@dataclass(frozen=True, slots=True)
class Input:
    """A literal, or the list of them behind IN: where it stands, what it says, and what it is compared with.

    `start` and `end` are offsets in characters: of the literal with its sign; of a list, from the word IN or NOT IN to
    its closing parenthesis. `texts` has numbers as they are written, and the contents of quotes; a literal has one.
    `column` is the name of the column, `operator` one of "=", "<>", "<", "<=", ">", ">=", "like", "in" and "not in".
    `cast` is the type that the statement gives to the literal, in lower case; where its name stands before the
    literal (date '2026-01-31'), it is between `start` and `end`, and `cast_is_inside` says so. `in_sum` says that the
    literal is added to something, and that the column is compared with the sum: now() - interval '30 days'.
    """

    start: int
    end: int
    kind: Kind
    texts: tuple[str, ...]
    column: str = ""
    operator: str = ""
    cast: str | None = None
    cast_is_inside: bool = False
    in_sum: bool = False

    @property
    def is_list(self) -> bool:
        """Say whether it is a list behind IN."""
        return self.operator in ("in", "not in")


def inputs(text: str, dialect: str) -> list[Input]:
    """Return the inputs of an approved statement in the order of its text; where nothing is certain, none."""
    try:
        words = _Words(text, tokenize(text, dialect_named(dialect).sqlglot_name))
        found = _of_postgresql(words) if dialect == "postgresql" else _of_sqlite(words)
        return sorted(found, key=lambda item: item.start)
    except StatementRejected:
        return []


class _Words:
    """A statement's text and its tokens, found by where they begin."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self._at = {token.start: index for index, token in enumerate(tokens)}

    def literal(self, offset: int | None, kind: Kind, content: str) -> Input | None:
        """Return the literal that begins at an offset, when the token there says the same; else None."""
        if offset is None or (index := self._at.get(offset)) is None:
            return None
        sign = "-" if kind != "string" and self.tokens[index].text == "-" else ""
        token = self.tokens[index + len(sign)]
        if f"{sign}{token.text}".lower() != content.lower():
            return None
        return Input(offset, token.end + 1, kind, (content,))

    def sign_before(self, offset: int) -> int | None:
        """Return where the minus sign before a number stands."""
        index = self._at.get(offset, 0) - 1
        return self.tokens[index].start if index >= 0 and self.tokens[index].text == "-" else None

    def in_list(self, items: Sequence[Input | None]) -> Input | None:
        """Return the list behind IN that is made of these literals; None when they are not all of one kind."""
        known = [item for item in items if item is not None and item.cast is None]
        if not known or len(known) < len(items) or len({item.kind for item in known}) > 1:
            return None
        first, last = self._at[known[0].start] - 1, self._at[known[-1].start] + 1
        last += known[-1].texts[0].startswith("-") and known[-1].kind != "string"
        if self.tokens[first].text != "(" or self.tokens[last].text != ")":
            return None
        while self.tokens[first - 1].text.upper() in ("IN", "NOT", "NOT IN"):
            first -= 1
        operator = "not in" if self.tokens[first].text.upper().startswith("NOT") else "in"
        texts = tuple(item.texts[0] for item in known)
        return Input(self.tokens[first].start, self.tokens[last].end + 1, known[0].kind, texts, operator=operator)


def _compared(item: Input | None, column: str | None, operator: str) -> Iterator[Input]:
    """Yield the input with what it is compared with, when both are known."""
    if item is not None and column:
        yield replace(item, column=column, operator=item.operator or operator)


# The other way round, for a literal that stands before its column.
_FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

# ---- PostgreSQL: the engine's own tree says where constants are ----

# What is below these gives a statement its shape.
_SHAPES = frozenset(
    "targetList sortClause groupClause windowClause distinctClause limitCount limitOffset valuesLists functions".split()
)
_COMPARISONS = frozenset({"AEXPR_OP", "AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT"})
_LIKES = frozenset({"AEXPR_LIKE", "AEXPR_ILIKE"})
_BETWEENS = frozenset({"AEXPR_BETWEEN", "AEXPR_NOT_BETWEEN"})


def _of_postgresql(words: _Words) -> Iterator[Input]:
    facts = Facts(words.text, dialect_named("postgresql"))
    todo: list[Any] = [statement["stmt"] for statement in pgparse.parse(words.text)]
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            if "A_Expr" in node:
                yield from _in_comparison(node["A_Expr"], facts, words)
            todo += [below for key, below in node.items() if key not in _SHAPES]


def _in_comparison(node: Node, facts: Facts, words: _Words) -> Iterator[Input]:
    kind, left, right = node.get("kind"), node.get("lexpr", {}), node.get("rexpr", {})
    operator = "".join(names_of(node.get("name")))
    items = right.get("List", {}).get("items", [])
    if kind in _COMPARISONS and operator in _FLIPPED:
        operator = "<>" if kind == "AEXPR_DISTINCT" else operator
        for item in _literals(right, facts, words):
            yield from _compared(item, _column(left), operator)
        for item in _literals(left, facts, words):
            yield from _compared(item, _column(right), _FLIPPED[operator])
    elif kind in _LIKES:
        yield from _compared(_literal(right, facts, words), _column(left), "like")
    elif kind in _BETWEENS and len(items) == 2:
        yield from _compared(_literal(items[0], facts, words), _column(left), ">=")
        yield from _compared(_literal(items[1], facts, words), _column(left), "<=")
    elif kind == "AEXPR_IN":
        listed = words.in_list([_literal(item, facts, words) for item in items])
        yield from _compared(listed, _column(left), operator)


def _literals(node: Node, facts: Facts, words: _Words) -> Iterator[Input]:
    """Yield the literal that one side of a comparison is; of a sum, those of a type: now() - interval '30 days'."""
    if (found := _literal(node, facts, words)) is not None:
        yield found
    elif (expression := node.get("A_Expr", {})).get("kind") == "AEXPR_OP" and _sign(expression) in ("+", "-"):
        for side in ("lexpr", "rexpr"):
            found_below = _literals(expression.get(side, {}), facts, words)
            yield from (replace(item, in_sum=True) for item in found_below if item.cast)


def _sign(expression: Node) -> str:
    return "".join(names_of(expression.get("name")))


def _literal(node: Node, facts: Facts, words: _Words) -> Input | None:
    if "TypeCast" in node:
        return _cast(node["TypeCast"], facts, words)
    constant = node.get("A_Const", {})
    offset = facts.offset(constant)
    if "sval" in constant:
        return words.literal(offset, "string", constant["sval"].get("sval", ""))
    if "ival" in constant:
        return words.literal(offset, "integer", str(constant["ival"].get("ival", 0)))
    if "fval" in constant:
        written = constant["fval"].get("fval", "")
        return words.literal(offset, "integer" if written.lstrip("-").isdigit() else "decimal", written)
    if "boolval" in constant:
        return words.literal(offset, "boolean", str(constant["boolval"].get("boolval", False)).lower())
    return None


def _cast(node: Node, facts: Facts, words: _Words) -> Input | None:
    """Return a text that is given a type: date '2026-01-31', '2026-01-31'::date, CAST('2026-01-31' AS date)."""
    name = node.get("typeName", {})
    inner = _literal(node.get("arg", {}), facts, words)
    start = facts.offset(name)
    if (
        inner is None
        or inner.cast
        or inner.kind != "string"
        or start is None
        or {"typmods", "arrayBounds"} & name.keys()
    ):
        return None
    cast = names_of(name.get("names"))[-1]
    if start > inner.start:
        return replace(inner, cast=cast)
    # A type of several words, or one that says more, stays: what is put in its place has a type's name behind it.
    if not words.text[start : inner.start].strip().isidentifier():
        return None
    return replace(inner, start=start, cast=cast, cast_is_inside=True)


def _column(node: Node) -> str | None:
    """Return the name of the one column that an expression is about; count for count(*), the key of a JSON value."""
    kind: str = next(iter(node), "")
    inside: Node = node.get(kind, {})
    if kind == "ColumnRef":
        names = names_of(inside.get("fields"))
        return names[-1] if names else None
    if kind == "A_Expr":
        key = inside.get("rexpr", {}).get("A_Const", {}).get("sval", {}).get("sval")
        if _sign(inside) in ("->", "->>"):
            return str(key) if key else None
        return _column(inside.get("lexpr", {})) or _column(inside.get("rexpr", {}))
    if kind == "FuncCall":
        found = next(filter(None, map(_column, inside.get("args", []))), None)
        return found or ("count" if inside.get("agg_star") else None)
    return _column(inside.get("arg", {})) if kind in ("TypeCast", "CollateClause") else None


# ---- SQLite: sqlglot's tree, for there is no other without a database ----

_SIGNS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NullSafeEQ: "=", exp.NEQ: "<>", exp.NullSafeNEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">",
    exp.GTE: ">=",
}  # fmt: skip
_SHAPE_ARGS = frozenset("expressions group order limit offset windows distinct".split())


def _of_sqlite(words: _Words) -> Iterator[Input]:
    todo: list[exp.Expr] = [parse(words.text, words.tokens, "sqlite")]
    while todo:
        node = todo.pop()
        yield from _in_condition(node, words)
        shape = _SHAPE_ARGS if isinstance(node, exp.Query) else frozenset()
        for key, below in node.args.items():
            if key not in shape and not isinstance(node, (exp.Values, exp.Window, exp.Order)):
                todo += [item for item in (below if isinstance(below, list) else [below]) if isinstance(item, exp.Expr)]


def _in_condition(node: exp.Expr, words: _Words) -> Iterator[Input]:
    if (operator := _SIGNS.get(type(node))) is not None:
        left, right = node.this, node.args["expression"]
        yield from _compared(_constant(right, words), _column_of(left), operator)
        yield from _compared(_constant(left, words), _column_of(right), _FLIPPED[operator])
    elif isinstance(node, (exp.Like, exp.Glob)):
        yield from _compared(_constant(node.args["expression"], words), _column_of(node.this), "like")
    elif isinstance(node, exp.Between):
        yield from _compared(_constant(node.args["low"], words), _column_of(node.this), ">=")
        yield from _compared(_constant(node.args["high"], words), _column_of(node.this), "<=")
    elif isinstance(node, exp.In) and node.expressions:
        listed = words.in_list([_constant(item, words) for item in node.expressions])
        yield from _compared(listed, _column_of(node.this), "in")


def _constant(node: exp.Expr, words: _Words) -> Input | None:
    sign = isinstance(node, exp.Neg)
    literal = node.this if sign else node
    offset = literal.meta.get("start") if isinstance(literal, exp.Literal) else None
    if offset is None:
        return None
    if literal.is_string:
        return None if sign else words.literal(offset, "string", literal.this)
    kind: Kind = "integer" if literal.this.isdigit() else "decimal"
    return words.literal(words.sign_before(offset) if sign else offset, kind, f"{'-' * sign}{literal.this}")


def _column_of(node: exp.Expr) -> str | None:
    """Return the name of the first column that an expression is about; count for count(*), the key of a JSON value."""
    if isinstance(node, exp.Query):
        return None
    keys = [key.this for key in node.find_all(exp.JSONPathKey) if isinstance(key.this, str)]
    column = next(node.find_all(exp.Column), None)
    if column is not None:
        return keys[-1] if keys else column.name
    return "count" if isinstance(node, exp.Count) else None
