"""SQLite's own parser as the second one (GUARD rule 6): what the engine would compile must be one plain read.

The statement is compiled, never run, on an empty database in memory. Tables are missing there, which the engine says
only after it has read the whole statement; what it asks an authorizer before that tells what the statement is.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType as T

from dbmcp.dialects.sqlite_connection import Connection
from dbmcp.errors import StatementRejected
from dbmcp.guard.approved import ApprovedQuery
from dbmcp.guard.expansion import check_expansion, check_unparsed_expansion, too_many_clauses
from dbmcp.guard.extras import Extras
from dbmcp.guard.parse import parse, tokenize
from dbmcp.guard.reasons import Reason
from dbmcp.guard.rules import READ_HINT, RULES, TOKEN_RULES, WRITE_WORDS, Parsed, check_relation
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
_MAX_UNPARSED_CLAUSES = 12
# What may be left off behind a statement.
_ENDING = re.compile(r"--[^\n]*|/\*.*?(?:\*/|$)|[ \t\n\r\f;]", re.DOTALL)
_local = threading.local()


def approve_sqlite(text: str, dialect: Dialect, extras: Extras, parameters: int = 0) -> ApprovedQuery:
    """Approve a statement of SQLite's SQL.

    Raises:
        StatementRejected: as `approve` does.
    """
    tokens = _with_values(tokenize(text, dialect.sqlglot_name), parameters)
    while tokens and tokens[-1].token_type == T.SEMICOLON:
        tokens = tokens[:-1]
    if tokens and tokens[0].token_type == T.SEMICOLON:
        message, hint = "There is a semicolon before the statement", "Leave it out."
        raise reject(Reason.MANY_STATEMENTS, message, text, tokens[0].start, hint=hint)
    if not tokens:
        raise StatementRejected(Reason.EMPTY, "The statement is empty", hint="Send one SELECT statement.")
    text = _without_ending(text, tokens[-1].end + 1)
    try:
        tree = parse(text, tokens, dialect.sqlglot_name)
    except StatementRejected as refusal:
        if refusal.code == Reason.MANY_STATEMENTS and not _is_trigger(tokens):
            raise
        _refuse_by_words(text, tokens, dialect)
        may_be = _may_be_a_query_unparsed(refusal, text, tokens, dialect, extras)
        if not may_be or _compiled(text, extras, parameters) is not True:
            raise
        return ApprovedQuery(text, dialect.name, parameters=parameters)
    parsed = Parsed(text, dialect, tokens, tree, extras)
    check_expansion(tree, parsed.nodes)
    for rule in RULES:
        rule(parsed)
    if _compiled(text, extras, parameters) is False:
        raise StatementRejected(
            Reason.PARSERS_DISAGREE, "SQLite itself reads this statement differently", hint="Write it more plainly."
        )
    relations = frozenset(f"{table.db}.{table.name}" if table.db else table.name for table in parsed.tables)
    return ApprovedQuery(text, dialect.name, relations, parameters=parameters)


def _without_ending(text: str, end: int) -> str:
    """Return the text up to its end, behind which SQLite must see nothing either.

    Raises:
        StatementRejected: blanks of Unicode or comments of a template language stand there, which are none to SQLite.
    """
    if _ENDING.sub("", text[end:]):
        message, hint = "Two parsers read the end of this statement differently", "Remove what stands there."
        raise reject(Reason.PARSERS_DISAGREE, message, text, end, hint=hint)
    return text[:end]


def _with_values(tokens: list[Token], parameters: int) -> list[Token]:
    """Return the tokens with each placeholder that gets a value as a number: both stand where a value may stand."""
    if not parameters:
        return tokens
    return [
        token
        for token, following in zip(tokens, [*tokens[1:], None], strict=True)
        if not (
            token.token_type == T.PLACEHOLDER
            and following is not None
            and following.token_type == T.NUMBER
            and following.start == token.end + 1
            and following.text.isdecimal()
            and 1 <= int(following.text) <= parameters
        )
    ]


def _may_be_a_query_unparsed(
    refusal: StatementRejected, text: str, tokens: Sequence[Token], dialect: Dialect, extras: Extras
) -> bool:
    """Say whether a statement that sqlglot does not read may be a query all the same, by the rules on tokens.

    The engine's own parser has the last word.

    Raises:
        StatementRejected: by its words it is none that may run.
    """
    several = any(token.token_type == T.SEMICOLON for token in tokens)
    if refusal.code != Reason.SYNTAX or several or tokens[0].text.upper() not in _QUERY_WORDS:
        return False
    if sum(1 for token, following in pairwise(tokens) if _opens_clause(token, following)) > _MAX_UNPARSED_CLAUSES:
        # There is no tree to see how they refer to each other.
        raise too_many_clauses()
    check_unparsed_expansion(tokens)
    _check_words(text, tokens, dialect)
    for token_rule in TOKEN_RULES:
        token_rule(text, tokens, dialect, extras)
    return True


def _check_words(text: str, tokens: Sequence[Token], dialect: Dialect) -> None:
    """Refuse any word that is a relation held back: without a tree nobody knows which words are relations."""
    for token, following in pairwise([*tokens, tokens[-1]]):
        schema = "temp" if token.text.lower() == "temp" and following.token_type == T.DOT else ""
        check_relation(dialect, text, schema, token.text, token.start)


def _opens_clause(token: Token, following: Token) -> bool:
    return token.text.upper() in ("AS", "MATERIALIZED") and following.token_type == T.L_PAREN


def _is_trigger(tokens: Sequence[Token]) -> bool:
    """Say whether the statement is a CREATE TRIGGER, which has semicolons of its own."""
    return any(token.text.upper() == "TRIGGER" for token in tokens[1:3])


def _refuse_by_words(text: str, tokens: Sequence[Token], dialect: Dialect) -> None:
    """Say of a statement that did not parse what it is, by its words."""
    word = tokens[0].text.upper()
    if word in _NO_QUERIES:
        hint = dialect.instead_of.get(word, READ_HINT)
        raise reject(Reason.NOT_A_QUERY, f"{word} is not a query", text, tokens[0].start, hint=hint)
    words = [token for token in tokens if token.token_type not in (T.IDENTIFIER, T.STRING)]
    verbs = (token for token in words if token.text.upper() in WRITE_WORDS)
    verb = next(verbs, None) if word == "WITH" else tokens[0]
    # REPLACE is a function too.
    if verb is not None and verb.text.upper() in WRITE_WORDS and not _is_call(tokens, verb):
        message = f"{verb.text.upper()} changes the database"
        raise reject(Reason.WRITE, message, text, verb.start, hint=READ_HINT)


def _is_call(tokens: Sequence[Token], verb: Token) -> bool:
    return any(token is verb and following.token_type == T.L_PAREN for token, following in pairwise(tokens))


class _Compiler(Connection):
    """A locked-down connection to an empty database, that keeps what its authorizer was asked and what it refused."""

    asked: list[int]
    refused = False

    def _authorize(self, action: int, first: str | None, second: str | None, *where: str | None) -> int:
        answer = super()._authorize(action, first, second, *where)
        self.asked.append(action)
        self.refused = self.refused or answer != sqlite3.SQLITE_OK
        return answer


def _compiled(text: str, extras: Extras, parameters: int) -> bool | None:
    """Say whether the engine takes the text for one SELECT or VALUES, whatever tables it names.

    None: this version of SQLite does not read it, and will say so itself.
    """
    compiler = _compiler(extras)
    compiler.asked, compiler.refused = [], False
    try:
        values = {str(number): None for number in range(1, parameters + 1)}
        compiler.execute(f"EXPLAIN {text}", values).close()
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
