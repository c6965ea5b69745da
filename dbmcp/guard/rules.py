"""The rules on a parsed statement (GUARD rules 3 to 5), on sqlglot's tree and tokens. One function a rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType as T

from dbmcp.guard import nodes
from dbmcp.guard.extras import NO_EXTRAS, Extras
from dbmcp.guard.nesting import TYPE_TOKENS
from dbmcp.guard.reasons import Reason
from dbmcp.guard.source import reject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlglot.tokenizer_core import Token

    from dbmcp.dialects.base import Dialect
    from dbmcp.errors import StatementRejected


@dataclass(frozen=True)
class Parsed:
    """One statement as sqlglot reads it: the caller's text, its tokens, its tree."""

    text: str
    dialect: Dialect
    tokens: Sequence[Token]
    tree: exp.Expr
    extras: Extras = NO_EXTRAS

    @cached_property
    def nodes(self) -> list[exp.Expr]:
        """Return every node of the tree."""
        return list(self.tree.walk())

    @cached_property
    def tables(self) -> list[exp.Table]:
        """Return every reference to a table by its name; a name of a WITH clause too."""
        return [node for node in self.nodes if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier)]

    def reject(self, reason: Reason, message: str, node: exp.Expr | None, hint: str | None = None) -> StatementRejected:
        """Make a refusal at the place of a node, or of the first place known below it."""
        return reject(reason, message, self.text, offset_of(node), hint=hint)


def offset_of(node: exp.Expr | None) -> int | None:
    """Return the offset of the first token known to belong to a node."""
    if node is None:
        return None
    starts = [start for below in node.walk() if isinstance(start := below.meta.get("start"), int)]
    return min(starts, default=None)


# First words of statements that write, whatever the parser makes of them.
WRITE_WORDS = frozenset({"INSERT", "REPLACE", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER"})
READ_HINT = "Send one SELECT, VALUES or WITH … SELECT statement; this server only reads."


def root_is_a_query(parsed: Parsed) -> None:
    """Refuse a root that is no query, known or unknown."""
    root = parsed.tree
    if isinstance(root, nodes.QUERY_ROOTS):
        return
    word = parsed.tokens[0].text.upper()
    if type(root) in nodes.WRITE_NODES or word in WRITE_WORDS:
        raise reject(Reason.WRITE, f"{word} changes the database", parsed.text, parsed.tokens[0].start, hint=READ_HINT)
    message = f"{word} is not a query"
    hint = parsed.dialect.instead_of.get(word, READ_HINT)
    raise reject(Reason.NOT_A_QUERY, message, parsed.text, parsed.tokens[0].start, hint=hint)


def nodes_are_reads(parsed: Parsed) -> None:
    """Refuse a node of a class that is not known to read."""
    if nodes.ALLOWED_NODES.issuperset(map(type, parsed.nodes)):
        return
    for node in parsed.nodes:
        if (judged := nodes.judge(node)) is not None:
            reason, message = judged
            raise parsed.reject(reason, message, node, READ_HINT)


def there_are_no_parameters(text: str, tokens: Sequence[Token], _: Dialect, __: Extras) -> None:
    """Refuse ?, :name, @name and $name: no values come with a statement."""
    for token in tokens:
        kind = token.token_type
        if kind in _PARAMETERS or (kind == T.VAR and token.text.startswith("$")):
            hint = "Write the value into the statement."
            raise reject(Reason.PARAMETER, "There is no value for the parameter", text, token.start, hint=hint)


def functions_are_allowed(text: str, tokens: Sequence[Token], dialect: Dialect, extras: Extras) -> None:
    """Refuse a name before a parenthesis that is no allowed function, keyword, type or name of a column list.

    Judged on the tokens: a typed node no longer knows by which name it was called.
    """
    for at, (token, following) in enumerate(pairwise(tokens)):
        # What follows AS is a type or a new name.
        if (
            following.token_type != T.L_PAREN
            or token.token_type in _NOT_NAMES
            or (at and tokens[at - 1].text.upper() == "AS")
        ):
            continue
        name = token.text.lower()
        quoted = token.token_type == T.IDENTIFIER
        if not quoted and name.rpartition(" ")[2] in dialect.words_before_parenthesis:
            continue
        if name in dialect.functions or extras.allows_function("", name):
            continue
        is_type = not quoted and token.token_type in TYPE_TOKENS and name not in dialect.functions_held_back
        if not is_type and not _is_list_name(tokens, at):
            raise reject_function(text, token.start, token.text, dialect)


def _is_list_name(tokens: Sequence[Token], at: int) -> bool:
    """Say whether the word is a name that WITH gives to a query, with a list of columns: WITH name (a, b) AS (…)."""
    if at == 0 or tokens[at - 1].text.upper() not in ("WITH", "RECURSIVE", ",", "WITH RECURSIVE"):
        return False
    closing = next((end for end in range(at + 2, len(tokens)) if tokens[end].token_type == T.R_PAREN), len(tokens))
    inside = tokens[at + 2 : closing]
    plain = all(item.token_type in _LIST_ITEMS or item.text.isidentifier() for item in inside)
    # The query is in parentheses: after `f(a) AS` in a list of columns there is a name.
    words = [token.text.upper() for token in tokens[closing + 1 : closing + 5]]
    return plain and words[:1] == ["AS"] and any(words[1 : len(how) + 1] == [*how] for how in _BEFORE_QUERY)


_LIST_ITEMS = frozenset({T.VAR, T.IDENTIFIER, T.COMMA})
_BEFORE_QUERY = (("(",), ("MATERIALIZED", "("), ("NOT", "MATERIALIZED", "("))
_PARAMETERS = frozenset({T.PLACEHOLDER, T.PARAMETER, T.COLON, T.SESSION_PARAMETER})
_NOT_NAMES = frozenset(
    {
        T.L_PAREN, T.R_PAREN, T.L_BRACKET, T.R_BRACKET, T.COMMA, T.SEMICOLON, T.PLUS, T.DASH, T.STAR, T.SLASH, T.MOD,
        T.EQ, T.NEQ, T.LT, T.GT, T.LTE, T.GTE, T.DPIPE, T.AMP, T.PIPE, T.TILDE, T.CARET, T.DOT, T.ARROW, T.DARROW,
        T.HASH_ARROW, T.DHASH_ARROW, T.LT_AT, T.AT_GT, T.NUMBER, T.STRING, T.HEX_STRING,
        T.NULLSAFE_EQ, T.PARAMETER,
    }
)  # fmt: skip


def no_table_hides_behind_in(text: str, tokens: Sequence[Token], dialect: Dialect, _: Extras) -> None:
    """Refuse `x IN name` for a relation held back: SQLite reads a table so, with no FROM to show it."""
    for at, token in enumerate(tokens):
        if token.text.upper() not in ("IN", "NOT IN") or token.token_type in (T.IDENTIFIER, T.STRING):
            continue
        names = []
        for named in tokens[at + 1 : at + 4]:
            if named.token_type != T.DOT:
                names.append(named)
            elif not names:
                break
        if at + 2 < len(tokens) and tokens[at + 2].token_type == T.DOT and len(names) > 1:
            check_relation(dialect, text, names[0].text.lower(), names[1].text, names[0].start)
        elif names and names[0].token_type != T.L_PAREN:
            check_relation(dialect, text, "", names[0].text, names[0].start)


def reject_function(text: str, offset: int | None, name: str, dialect: Dialect) -> StatementRejected:
    """Make the refusal of a function: why it is held back, or that it is not known."""
    held_back = dialect.functions_held_back.get(name.lower())
    why = (
        f"The function {name} is held back: {held_back.rstrip('.')}"
        if held_back
        else f"The function {name} is not allowed"
    )
    hint = None if held_back else "Only built-in functions that read nothing but their arguments are allowed."
    return reject(Reason.FUNCTION, why, text, offset, hint=hint)


def relations_are_allowed(parsed: Parsed) -> None:
    """Refuse a table of the engine's own that is not known to be harmless."""
    for table in parsed.tables:
        check_relation(parsed.dialect, parsed.text, table.db.lower(), table.name, offset_of(table))


def check_relation(dialect: Dialect, text: str, schema: str, name: str, offset: int | None) -> None:
    """Refuse a relation of the engine's own that is not known to be harmless.

    Raises:
        StatementRejected: the relation is held back.
    """
    reason = dialect.relation_held_back(schema, name.lower())
    if reason:
        raise reject(Reason.RELATION, f"The table {name} is held back: {reason.rstrip('.')}", text, offset)


def tokens_are_allowed(parsed: Parsed) -> None:
    """Apply the rules on tokens."""
    for rule in TOKEN_RULES:
        rule(parsed.text, parsed.tokens, parsed.dialect, parsed.extras)


# The rules that need no tree.
TOKEN_RULES: tuple[Callable[[str, Sequence[Token], Dialect, Extras], None], ...] = (
    there_are_no_parameters,
    functions_are_allowed,
    no_table_hides_behind_in,
)

# Root first: the other rules may count on a query.
RULES: tuple[Callable[[Parsed], None], ...] = (
    root_is_a_query,
    nodes_are_reads,
    tokens_are_allowed,
    relations_are_allowed,
)
