"""The rules on a parsed statement (GUARD rules 3 to 5), on sqlglot's tree and tokens. One function a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from dbmcp.guard import nodes
from dbmcp.guard.extras import NO_EXTRAS, Extras
from dbmcp.guard.reasons import Reason
from dbmcp.guard.source import reject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlglot.tokenizer_core import Token

    from dbmcp.dialects.base import Dialect
    from dbmcp.errors import StatementRejected


@dataclass(frozen=True, slots=True)
class Parsed:
    """One statement as sqlglot reads it: the caller's text, its tokens, its tree."""

    text: str
    dialect: Dialect
    tokens: Sequence[Token]
    tree: exp.Expr
    extras: Extras = NO_EXTRAS

    def reject(self, reason: Reason, message: str, node: exp.Expr | None, hint: str | None = None) -> StatementRejected:
        """Make a refusal at the place of a node, or of the first place known below it."""
        return reject(reason, message, self.text, offset_of(node), hint=hint)


def offset_of(node: exp.Expr | None) -> int | None:
    """Return the offset of the first token known to belong to a node."""
    if node is None:
        return None
    starts = [start for below in node.walk() if isinstance(start := below.meta.get("start"), int)]
    return min(starts, default=None)


READ_HINT = "Send one SELECT, VALUES or WITH … SELECT statement; this server only reads."


def root_is_a_query(parsed: Parsed) -> None:
    """Refuse a root that is no query, known or unknown."""
    root = parsed.tree
    if isinstance(root, nodes.QUERY_ROOTS):
        return
    word = parsed.tokens[0].text.upper()
    if type(root) in nodes.WRITE_NODES:
        raise reject(Reason.WRITE, f"{word} changes the database", parsed.text, parsed.tokens[0].start, hint=READ_HINT)
    message = f"{word} is not a query"
    hint = parsed.dialect.instead_of.get(word, READ_HINT)
    raise reject(Reason.NOT_A_QUERY, message, parsed.text, parsed.tokens[0].start, hint=hint)


def nodes_are_reads(parsed: Parsed) -> None:
    """Refuse a node of a class that is not known to read."""
    for node in parsed.tree.walk():
        if (judged := nodes.judge(node)) is not None:
            reason, message = judged
            raise parsed.reject(reason, message, node, READ_HINT)


def there_are_no_parameters(parsed: Parsed) -> None:
    """Refuse ?, :name, @name and $name: no values come with a statement."""
    for token in parsed.tokens:
        kind = token.token_type.name
        if kind in ("PLACEHOLDER", "PARAMETER", "COLON", "SESSION_PARAMETER") or (
            kind == "VAR" and token.text.startswith("$")
        ):
            hint = "Write the value into the statement."
            raise reject(Reason.PARAMETER, "There is no value for the parameter", parsed.text, token.start, hint=hint)


def functions_are_allowed(parsed: Parsed) -> None:
    """Refuse a name before a parenthesis that is no allowed function, keyword or name of a column list.

    Judged on the tokens: a typed node no longer knows by which name it was called.
    """
    named = _column_list_names(parsed.tree)
    for token, following in zip(parsed.tokens, parsed.tokens[1:], strict=False):
        if following.token_type.name != "L_PAREN" or token.start in named:
            continue
        kind = token.token_type.name
        if kind in _NOT_NAMES:
            continue
        quoted = kind == "IDENTIFIER"
        name = token.text.lower()
        if not quoted and name in parsed.dialect.words_before_parenthesis:
            continue
        if name not in parsed.dialect.functions and not parsed.extras.allows_function("", name):
            raise reject_function(parsed.text, token.start, token.text, parsed.dialect)


_NOT_NAMES = frozenset(
    """L_PAREN R_PAREN L_BRACKET R_BRACKET COMMA SEMICOLON PLUS DASH STAR SLASH MOD EQ NEQ LT GT LTE GTE DPIPE AMP PIPE
    TILDE CARET DOT ARROW DARROW HASH_ARROW DHASH_ARROW LT_AT AT_GT NUMBER STRING HEX_STRING LT_LT GT_GT NULLSAFE_EQ
    DEQ PARAMETER""".split()
)


def _column_list_names(tree: exp.Expr) -> set[int]:
    """Return the offsets of names that a column list may follow: `WITH name(a, b)`, `AS name(a, b)`."""
    starts: set[int] = set()
    for alias in tree.find_all(exp.TableAlias):
        name = alias.this
        if isinstance(name, exp.Identifier) and isinstance(start := name.meta.get("start"), int):
            starts.add(start)
    return starts


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


def relations_of(tree: exp.Expr) -> frozenset[str]:
    """Return the names of the tables a tree reads, `schema.name` where it says so; names of a WITH clause too."""
    tables = (table for table in tree.find_all(exp.Table) if isinstance(table.this, exp.Identifier))
    return frozenset(f"{table.db}.{table.name}" if table.db else table.name for table in tables)


def relations_are_allowed(parsed: Parsed) -> None:
    """Refuse a table of the engine's own that is not known to be harmless."""
    for table in parsed.tree.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier):
            check_relation(parsed.dialect, parsed.text, table.db.lower(), table.name, offset_of(table))


def check_relation(dialect: Dialect, text: str, schema: str, name: str, offset: int | None) -> None:
    """Refuse a relation of the engine's own that is not known to be harmless.

    Raises:
        StatementRejected: the relation is held back.
    """
    reason = dialect.relation_held_back(schema, name.lower())
    if reason:
        raise reject(Reason.RELATION, f"The table {name} is held back: {reason.rstrip('.')}", text, offset)


# Root first: the other rules may count on a query.
RULES: tuple[Callable[[Parsed], None], ...] = (
    root_is_a_query,
    nodes_are_reads,
    there_are_no_parameters,
    functions_are_allowed,
    relations_are_allowed,
)
