"""SQLite's own parser as the second one (GUARD rule 6): what the engine would compile must be one plain read.

The statement is compiled, never run, on an empty database in memory. Tables are missing there, which the engine says
only after it has read the whole statement; what it asks an authorizer before that tells what the statement is.
"""

from __future__ import annotations

import sqlite3
import threading
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import exp

from dbmcp.dialects.sqlite_connection import Connection
from dbmcp.errors import StatementRejected
from dbmcp.guard.approved import ApprovedQuery
from dbmcp.guard.extras import Extras
from dbmcp.guard.parse import parse, tokenize
from dbmcp.guard.reasons import Reason
from dbmcp.guard.rules import READ_HINT, RULES, TOKEN_RULES, WRITE_WORDS, Parsed, relations_of
from dbmcp.guard.source import reject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokenizer_core import Token

    from dbmcp.dialects.base import Dialect

_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
# What the engine says of a statement whose grammar is right, but whose names an empty database does not have.
_ABOUT_NAMES = (
    "no such",
    "ambiguous column",
    "no tables specified",
    "unable to use function",
    "misuse of",
    "wrong number",
)
# First words of statements that write, and of others that are no queries; sqlglot does not parse all of them.
_NO_QUERIES = frozenset(
    """ATTACH DETACH PRAGMA VACUUM REINDEX ANALYZE BEGIN COMMIT END ROLLBACK SAVEPOINT RELEASE EXPLAIN""".split()
)
_QUERY_WORDS = frozenset({"SELECT", "VALUES", "WITH", "("})
# SQLite writes the query of a WITH clause out wherever its name stands, and looks at no deadline while it compiles.
_MAX_EXPANDED = 5_000
_MAX_UNPARSED_CLAUSES = 12
_local = threading.local()


def approve_sqlite(text: str, dialect: Dialect, extras: Extras) -> ApprovedQuery:
    """Approve a statement of SQLite's SQL.

    Raises:
        StatementRejected: as `approve` does.
    """
    tokens = tokenize(text, dialect.sqlglot_name)
    while tokens and tokens[-1].token_type.name == "SEMICOLON":
        tokens = tokens[:-1]
    if not tokens:
        raise StatementRejected(Reason.EMPTY, "The statement is empty", hint="Send one SELECT statement.")
    text = text[: tokens[-1].end + 1]
    try:
        tree = parse(text, tokens, dialect.sqlglot_name)
    except StatementRejected as refusal:
        if refusal.code == Reason.MANY_STATEMENTS and not _is_trigger(tokens):
            raise
        _refuse_by_words(text, tokens, dialect)
        if not _is_a_query_unparsed(refusal, text, tokens, dialect, extras):
            raise
        return ApprovedQuery(text, dialect.name)
    _check_expansion(tree)
    parsed = Parsed(text, dialect, tokens, tree, extras)
    for rule in RULES:
        rule(parsed)
    if _compiled(text, extras) is False:
        raise StatementRejected(
            Reason.PARSERS_DISAGREE, "SQLite itself reads this statement differently", hint="Write it more plainly."
        )
    return ApprovedQuery(text, dialect.name, relations_of(tree))


def _is_a_query_unparsed(
    refusal: StatementRejected, text: str, tokens: Sequence[Token], dialect: Dialect, extras: Extras
) -> bool:
    """Say whether a statement that sqlglot does not read is a query all the same.

    The rules on tokens and the engine's own parser judge.

    Raises:
        StatementRejected: a rule on tokens refuses it.
    """
    several = any(token.token_type.name == "SEMICOLON" for token in tokens)
    if refusal.code != Reason.SYNTAX or several or tokens[0].text.upper() not in _QUERY_WORDS:
        return False
    _check_unparsed(tokens)
    for token_rule in TOKEN_RULES:
        token_rule(text, tokens, dialect, extras)
    return _compiled(text, extras) is True


def _check_expansion(tree: exp.Expr) -> None:
    """Refuse WITH clauses that refer to each other so often that writing them out would never end."""
    weights: dict[str, int] = {}
    for clause in tree.find_all(exp.With):
        for query in clause.expressions:
            tables = query.this.find_all(exp.Table)
            weights[query.alias.lower()] = 1 + sum(weights.get(table.name.lower(), 0) for table in tables)
    total = sum(weights.get(table.name.lower(), 0) for table in tree.find_all(exp.Table))
    if total > _MAX_EXPANDED:
        raise _too_many_clauses()


def _check_unparsed(tokens: Sequence[Token]) -> None:
    """Refuse many WITH clauses in a statement of which there is no tree to see how they refer to each other."""
    if sum(1 for token, following in pairwise(tokens) if _opens_clause(token, following)) > _MAX_UNPARSED_CLAUSES:
        raise _too_many_clauses()


def _opens_clause(token: Token, following: Token) -> bool:
    return token.text.upper() in ("AS", "MATERIALIZED") and following.token_type.name == "L_PAREN"


def _too_many_clauses() -> StatementRejected:
    return StatementRejected(
        Reason.TOO_COMPLEX, "The WITH clauses refer to each other too often", hint="Ask in several statements."
    )


def _is_trigger(tokens: Sequence[Token]) -> bool:
    """Say whether the statement is a CREATE TRIGGER, which has semicolons of its own."""
    return any(token.text.upper() == "TRIGGER" for token in tokens[1:3])


def _refuse_by_words(text: str, tokens: Sequence[Token], dialect: Dialect) -> None:
    """Say of a statement that did not parse what it is, by its words."""
    word = tokens[0].text.upper()
    if word in _NO_QUERIES:
        hint = dialect.instead_of.get(word, READ_HINT)
        raise reject(Reason.NOT_A_QUERY, f"{word} is not a query", text, tokens[0].start, hint=hint)
    verb = next((token for token in tokens if token.text.upper() in WRITE_WORDS), None) if word == "WITH" else tokens[0]
    # REPLACE is a function too.
    if verb is not None and verb.text.upper() in WRITE_WORDS and not _is_call(tokens, verb):
        message = f"{verb.text.upper()} changes the database"
        raise reject(Reason.WRITE, message, text, verb.start, hint=READ_HINT)


def _is_call(tokens: Sequence[Token], verb: Token) -> bool:
    return any(token is verb and following.token_type.name == "L_PAREN" for token, following in pairwise(tokens))


class _Compiler(Connection):
    """A locked-down connection to an empty database, that keeps what its authorizer was asked and what it refused."""

    asked: list[int]
    refused = False

    def _authorize(self, action: int, first: str | None, second: str | None, *where: str | None) -> int:
        answer = super()._authorize(action, first, second, *where)
        self.asked.append(action)
        self.refused = self.refused or answer != sqlite3.SQLITE_OK
        return answer


def _compiled(text: str, extras: Extras) -> bool | None:
    """Say whether the engine takes the text for one SELECT or VALUES, whatever tables it names.

    None: this version of SQLite does not read it, and will say so itself.
    """
    compiler = _compiler(extras)
    compiler.asked, compiler.refused = [], False
    try:
        compiler.execute(f"EXPLAIN {text}").close()
    except sqlite3.Error as error:
        if not str(error).startswith(_ABOUT_NAMES):
            return False if compiler.refused else None
    return compiler.asked[:1] == [sqlite3.SQLITE_SELECT] and not compiler.refused


def _compiler(extras: Extras) -> _Compiler:
    """Return this thread's compiler; a connection of SQLite's belongs to one thread."""
    compilers: dict[Extras, _Compiler] = _local.__dict__.setdefault("compilers", {})
    if extras not in compilers:
        opened = sqlite3.connect(":memory:", factory=_Compiler, isolation_level=None, cached_statements=0)
        compilers[extras] = opened
        opened.asked = []
        opened.lock_down(None, frozenset(name.lower() for name in extras.functions))
    return compilers[extras]
