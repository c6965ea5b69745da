"""A statement's tokens before any parser builds a tree: how many, how deep (GUARD rule 2). No I/O."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot.parser import Parser
from sqlglot.tokenizer_core import TokenType as T

from dbmcp.errors import StatementRejected
from dbmcp.guard.reasons import Reason
from dbmcp.guard.source import reject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokenizer_core import Token

MAX_TOKENS = 12_000
MAX_NESTING = 50
# sqlglot doubles its time with each level of ARRAY[ARRAY[…: six levels are more than any real array has.
MAX_BRACKETS = 6
# A type's name before a parenthesis is read twice, as a type and as a function: sqlglot doubles its time with each.
MAX_TYPE_CALLS = 6
MAX_JOINS = 100
# Each subscript in a row costs a parser a look at all before it.
MAX_SUBSCRIPTS = 20
# What follows a join without a condition is read twice by sqlglot: this many tokens, those read again counted again.
MAX_TOKENS_OF_JOINS = 50_000

TYPE_TOKENS = frozenset(Parser.TYPE_TOKENS) | frozenset(Parser.NESTED_TYPE_TOKENS)

_OPENING = frozenset({T.L_PAREN, T.L_BRACKET})
_CLOSING = frozenset({T.R_PAREN, T.R_BRACKET})
# What ends a FROM clause, or begins another.
_NEXT_CLAUSES = frozenset(
    {T.SELECT, T.WHERE, T.GROUP_BY, T.HAVING, T.ORDER_BY, T.LIMIT, T.UNION, T.EXCEPT, T.INTERSECT, T.WINDOW}
)
_JOIN_SIGNS = frozenset({T.L_PAREN, T.R_PAREN, T.JOIN, T.ON, T.USING}) | _NEXT_CLAUSES
_SIDES = frozenset({T.LEFT, T.RIGHT, T.FULL, T.INNER, T.OUTER})


def check_nesting(tokens: Sequence[Token], text: str) -> None:
    """Refuse what could keep a parser busy for ever.

    Raises:
        StatementRejected: too many tokens, or too deep a nesting.
    """
    if len(tokens) > MAX_TOKENS:
        raise StatementRejected(
            Reason.TOO_COMPLEX,
            f"The statement has more than {MAX_TOKENS:,} words and signs",
            hint="Join to a table or a range instead of listing values.",
        )
    _check_depth(tokens, text)
    joins = [token for token in tokens if token.token_type == T.JOIN]
    if len(joins) > MAX_JOINS:
        message = f"The statement has more than {MAX_JOINS} joins"
        raise reject(Reason.TOO_COMPLEX, message, text, joins[MAX_JOINS].start, hint="Ask in several statements.")
    if len(joins) > 1:
        _check_joins(tokens, text)


def _check_depth(tokens: Sequence[Token], text: str) -> None:
    """Refuse parentheses, brackets and types written like functions that nest too deeply, and rows of subscripts."""
    opened: list[str] = []
    subscripts = 0
    for at, token in enumerate(tokens):
        kind = token.token_type
        if kind in _OPENING:
            opened.append(_what_opens(tokens, at))
            what = opened[-1] if len(opened) <= MAX_NESTING else _PARENTHESES
            if opened.count(what) > _LIMITS[what] or len(opened) > MAX_NESTING:
                message = f"The statement nests {what} deeper than {_LIMITS[what]} levels"
                hint = "Name the inner parts in a WITH clause."
                raise reject(Reason.TOO_COMPLEX, message, text, token.start, hint=hint)
        elif kind in _CLOSING:
            if opened and (opened[-1] == _BRACKETS) == (kind == T.R_BRACKET):
                opened.pop()
            if kind == T.R_BRACKET:
                goes_on = at + 1 < len(tokens) and tokens[at + 1].token_type == T.L_BRACKET
                subscripts = subscripts + 1 if goes_on else 0
                if subscripts > MAX_SUBSCRIPTS:
                    message = f"There are more than {MAX_SUBSCRIPTS} subscripts in a row"
                    raise reject(Reason.TOO_COMPLEX, message, text, tokens[at + 1].start)


_PARENTHESES, _BRACKETS, _TYPE_CALLS = "parentheses", "brackets", "types written like functions"
_LIMITS = {_PARENTHESES: MAX_NESTING, _BRACKETS: MAX_BRACKETS, _TYPE_CALLS: MAX_TYPE_CALLS}


def _what_opens(tokens: Sequence[Token], at: int) -> str:
    if tokens[at].token_type == T.L_BRACKET:
        return _BRACKETS
    return _TYPE_CALLS if at and tokens[at - 1].token_type in TYPE_TOKENS else _PARENTHESES


def _check_joins(tokens: Sequence[Token], text: str) -> None:
    """Refuse joins without a condition that sqlglot would read again and again, as `a JOIN b JOIN c …` on SQLite."""
    # Joins that still wait for their condition, those of them outside the parentheses, and whether the last join
    # becomes one when another follows; then the same for each parenthesis that is open.
    waiting, outside, is_bare = 0, 0, False
    around: list[tuple[int, int, bool]] = []
    signs = [at for at, token in enumerate(tokens) if token.token_type in _JOIN_SIGNS]
    work = 0
    for at, following in pairwise([*signs, len(tokens)]):
        kind = tokens[at].token_type
        if kind == T.L_PAREN:
            around.append((waiting, outside, is_bare))
            outside, is_bare = waiting, False
        elif kind == T.R_PAREN:
            waiting, outside, is_bare = around.pop() if around else (0, 0, False)
        elif kind == T.JOIN:
            waiting += is_bare
            is_bare = _wants_condition(tokens, at)
        elif kind == T.SELECT and (is_bare or waiting > outside):
            # No engine reads it; sqlglot does, with all that follows, as what the last join joins.
            message, hint = "A SELECT after JOIN needs parentheses", "Write JOIN (SELECT …) AS name ON …."
            raise reject(Reason.SYNTAX, message, text, tokens[at].start, hint=hint)
        elif kind in _NEXT_CLAUSES:
            waiting, is_bare = outside, False
        elif is_bare:
            is_bare = False
        else:
            waiting = max(waiting - 1, outside)
        if waiting:
            work += (following - at) << waiting
        if work > MAX_TOKENS_OF_JOINS:
            message, hint = "There are too many joins without a condition", "Give each JOIN its ON or USING."
            raise reject(Reason.TOO_COMPLEX, message, text, tokens[at].start, hint=hint)


def _wants_condition(tokens: Sequence[Token], at: int) -> bool:
    """Say whether the join at this place is neither a CROSS nor a NATURAL one."""
    while at > 1 and tokens[at - 1].token_type in _SIDES:
        at -= 1
    return tokens[at - 1].token_type not in (T.CROSS, T.NATURAL)
