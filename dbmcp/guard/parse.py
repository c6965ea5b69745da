"""sqlglot, fail-closed: any exception of the parser is a refusal, and its log is silent (GUARD rules 1, 2, 3)."""

from __future__ import annotations

import logging
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import Dialect as SqlglotDialect
from sqlglot.errors import ParseError, SqlglotError

from dbmcp.errors import StatementRejected
from dbmcp.guard.nesting import check_nesting
from dbmcp.guard.reasons import Reason
from dbmcp.guard.source import reject

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.tokenizer_core import Token

# It logs the statement, literals and all, when it falls back to Command.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


@lru_cache
def _dialect(name: str) -> SqlglotDialect:
    dialect = SqlglotDialect.get_or_raise(name)
    # Else it works out the types of the whole tree below at each subscript, to shift it; nothing is printed from here.
    dialect.INDEX_OFFSET = 0
    return dialect


def tokenize(text: str, sqlglot_name: str) -> list[Token]:
    """Return the statement's tokens.

    Raises:
        StatementRejected: a quote or comment is not closed, or the nesting is too deep.
    """
    try:
        tokens = _dialect(sqlglot_name).tokenize(text)
    except Exception as error:
        raise StatementRejected(
            Reason.SYNTAX, "The statement cannot be read", hint="Close every quote and comment."
        ) from error
    check_nesting(tokens, text)
    return tokens


def parse(text: str, tokens: list[Token], sqlglot_name: str) -> exp.Expr:
    """Return the tree of the one statement.

    Raises:
        StatementRejected: no statement, several, or none that parses.
    """
    try:
        dialect = _dialect(sqlglot_name)
        trees = dialect.parser().parse(tokens, text)
    except ParseError as error:
        raise _syntax_error(error, text) from error
    except RecursionError as error:
        raise StatementRejected(
            Reason.TOO_COMPLEX, "The statement nests too deeply", hint="Name the inner parts in a WITH clause."
        ) from error
    except (SqlglotError, Exception) as error:  # TypeError and others have been seen
        raise StatementRejected(Reason.SYNTAX, "The statement cannot be parsed") from error
    found = [tree for tree in trees if tree is not None and tree.key != "semicolon"]
    if not found:
        raise StatementRejected(Reason.EMPTY, "The statement is empty", hint="Send one SELECT statement.")
    # Not by the trees alone: a word like AS on its own makes none.
    after = next((one for one, two in pairwise(tokens) if _ends(one) and not _ends(two)), None)
    if after is not None:
        message = f"There are {max(len(found), 2)} statements"
        raise reject(Reason.MANY_STATEMENTS, message, text, after.start, hint="Send one at a time.")
    return found[0]


def _ends(token: Token) -> bool:
    return token.token_type.name == "SEMICOLON"


def _syntax_error(error: ParseError, text: str) -> StatementRejected:
    """Say where sqlglot stopped; its own message repeats the statement, so it is not passed on."""
    first = error.errors[0] if error.errors else {}
    near = first.get("highlight") or ""
    lines, line, column = text.split("\n"), first.get("line"), first.get("col")
    if line is None or column is None or not 1 <= line <= len(lines):
        return StatementRejected(Reason.SYNTAX, "Syntax error")
    # sqlglot names the last column of the word it stopped at.
    offset = sum(len(before) + 1 for before in lines[: line - 1]) + max(column - len(near), 0)
    word = near if near.isidentifier() else "this"
    return reject(Reason.SYNTAX, f"Syntax error near {word}", text, min(offset, len(text)))
