"""The rules on a parsed statement (GUARD rules 3 to 5), on sqlglot's tree and tokens. One function a rule."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import exp

from dbmcp.guard import nodes
from dbmcp.guard.extras import NO_EXTRAS, Extras
from dbmcp.guard.parse import TYPE_TOKENS
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
    for node in parsed.tree.walk():
        if (judged := nodes.judge(node)) is not None:
            reason, message = judged
            raise parsed.reject(reason, message, node, READ_HINT)


def there_are_no_parameters(text: str, tokens: Sequence[Token], _: Dialect, __: Extras) -> None:
    """Refuse ?, :name, @name and $name: no values come with a statement."""
    for token in tokens:
        kind = token.token_type.name
        if kind in ("PLACEHOLDER", "PARAMETER", "COLON", "SESSION_PARAMETER") or (
            kind == "VAR" and token.text.startswith("$")
        ):
            hint = "Write the value into the statement."
            raise reject(Reason.PARAMETER, "There is no value for the parameter", text, token.start, hint=hint)


def functions_are_allowed(text: str, tokens: Sequence[Token], dialect: Dialect, extras: Extras) -> None:
    """Refuse a name before a parenthesis that is no allowed function, keyword, type or name of a column list.

    Judged on the tokens: a typed node no longer knows by which name it was called.
    """
    for at, (token, following) in enumerate(pairwise(tokens)):
        kind = token.token_type.name
        # What follows AS is a type or a new name.
        if following.token_type.name != "L_PAREN" or kind in _NOT_NAMES or (at and tokens[at - 1].text.upper() == "AS"):
            continue
        name = token.text.lower()
        quoted = kind == "IDENTIFIER"
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
    closing = next((end for end in range(at + 2, len(tokens)) if tokens[end].token_type.name == "R_PAREN"), None)
    inside = tokens[at + 2 : closing]
    plain = all(item.token_type.name in ("VAR", "IDENTIFIER", "COMMA") or item.text.isidentifier() for item in inside)
    return closing is not None and plain and len(tokens) > closing + 1 and tokens[closing + 1].text.upper() == "AS"


_NOT_NAMES = frozenset(
    """L_PAREN R_PAREN L_BRACKET R_BRACKET COMMA SEMICOLON PLUS DASH STAR SLASH MOD EQ NEQ LT GT LTE GTE DPIPE AMP PIPE
    TILDE CARET DOT ARROW DARROW HASH_ARROW DHASH_ARROW LT_AT AT_GT NUMBER STRING HEX_STRING LT_LT GT_GT NULLSAFE_EQ
    DEQ PARAMETER""".split()
)


def no_table_hides_behind_in(text: str, tokens: Sequence[Token], dialect: Dialect, _: Extras) -> None:
    """Refuse `x IN name` for a relation held back: SQLite reads a table so, with no FROM to show it."""
    for at, token in enumerate(tokens):
        if token.text.upper() not in ("IN", "NOT IN") or token.token_type.name in ("IDENTIFIER", "STRING"):
            continue
        names = []
        for named in tokens[at + 1 : at + 4]:
            if named.token_type.name != "DOT":
                names.append(named)
            elif not names:
                break
        if at + 2 < len(tokens) and tokens[at + 2].token_type.name == "DOT" and len(names) > 1:
            check_relation(dialect, text, names[0].text.lower(), names[1].text, names[0].start)
        elif names and names[0].token_type.name != "L_PAREN":
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
