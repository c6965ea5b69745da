"""PostgreSQL's own grammar as the second parser (GUARD rule 6): libpg_query's tree, through pgparse.

What the engine would read decides: node kinds, functions, relations, types and operators are taken from its tree.
sqlglot reads the same text; where it can, it must see one query over the same relations.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pgparse

from dbmcp.errors import StatementRejected
from dbmcp.guard.approved import ApprovedQuery
from dbmcp.guard.extras import Extras
from dbmcp.guard.parse import parse, tokenize
from dbmcp.guard.postgresql_expansion import check_copies
from dbmcp.guard.postgresql_rules import NODE_RULES, Facts, Node, Scope, columns_are_no_functions, xpaths_are_cheap
from dbmcp.guard.reasons import Reason
from dbmcp.guard.rules import READ_HINT, Parsed, nodes_are_reads, root_is_a_query
from dbmcp.guard.source import reject
from dbmcp.guard.substitution import Substitution, substitute

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

    from dbmcp.dialects.base import Dialect

# The kinds of node a read is made of; a kind that is not here is refused.
_NODES = frozenset(
    """A_ArrayExpr A_Const A_Expr A_Indices A_Indirection A_Star BitString Boolean BoolExpr BooleanTest CaseExpr
    CaseWhen CoalesceExpr CollateClause ColumnDef ColumnRef CommonTableExpr Float FuncCall GroupingFunc GroupingSet
    Integer JoinExpr JsonAggConstructor JsonArgument JsonArrayAgg JsonArrayConstructor JsonArrayQueryConstructor
    JsonBehavior JsonFuncExpr JsonIsPredicate JsonKeyValue JsonObjectAgg JsonObjectConstructor JsonParseExpr
    JsonScalarExpr JsonSerializeExpr JsonTable JsonTableColumn JsonTablePathSpec JsonValueExpr List MinMaxExpr
    NamedArgExpr Null NullTest ParamRef RangeFunction RangeSubselect RangeTableFunc RangeTableFuncCol RangeTableSample
    RangeVar ResTarget RowExpr SQLValueFunction SelectStmt SetToDefault SortBy String SubLink TypeCast TypeName
    WindowDef XmlExpr XmlSerialize""".split()
)

# Those of them that hold nothing to judge.
_VALUES = frozenset("A_Const A_Star BitString Boolean Float Integer Null String".split())

# Fields whose value is a message that the tree writes without its kind; any other such field is refused.
_PLAIN_FIELDS = frozenset(
    """alias arg boolval bsval collClause constructor context_item cycle_clause expr format formatted_expr func fval
    ival join_using_alias larg object_name on_empty on_error output over path_spec pathspec rarg raw_expr rel relation
    returning search_clause sval typeName val value withClause""".split()
)

# Statements that do not change the database by themselves; every other one that is no query does.
_NO_WRITES = frozenset(
    """CallStmt CheckPointStmt ClosePortalStmt ClusterStmt ConstraintsSetStmt CopyStmt DeallocateStmt DeclareCursorStmt
    DiscardStmt DoStmt ExecuteStmt ExplainStmt FetchStmt ListenStmt LoadStmt LockStmt NotifyStmt PrepareStmt ReindexStmt
    TransactionStmt UnlistenStmt VacuumStmt VariableSetStmt VariableShowStmt""".split()
)

_NO_WORD = re.compile(r' at or near "(?![A-Za-z_]+"$|[^\w\'"]+"$).*', re.DOTALL)

_STATEMENT_WORDS = {
    "InsertStmt": "INSERT",
    "UpdateStmt": "UPDATE",
    "DeleteStmt": "DELETE",
    "MergeStmt": "MERGE",
}


def approve_postgresql(
    text: str, dialect: Dialect, extras: Extras, policy: Substitution | None, parameters: int = 0
) -> ApprovedQuery:
    """Approve a statement of PostgreSQL's SQL, with its governed tables replaced by the policy's views.

    Raises:
        StatementRejected: as `approve` does.
    """
    tokens = _tokens(text, dialect)
    facts = _facts(text, dialect, extras, policy, parameters)
    _check_sqlglot(facts, tokens)
    body = facts.text
    relations = frozenset(f"{item.schema}.{item.name}" if item.schema else item.name for item in facts.references)
    prelude = ""
    if policy is not None:
        prelude, body = substitute(body, facts.references, facts.long_columns, facts.aliases | facts.ctes, policy)
    functions = frozenset(facts.functions)
    return ApprovedQuery(
        body, dialect.name, relations, functions, facts.has_star, prelude, parameters, facts.has_attributes
    )


def _facts(text: str, dialect: Dialect, extras: Extras, policy: Substitution | None, parameters: int) -> Facts:
    """Return what the engine's tree holds, judged; the tree is gone before sqlglot makes its own."""
    statement, body = _only_statement(text)
    facts = Facts(body, dialect, extras, policy, parameters)
    root, tree = next(iter(statement.items()))
    if root != "SelectStmt":
        raise _not_a_query(root, tree, body, dialect)
    _walk(tree, root, facts)
    columns_are_no_functions(facts)
    xpaths_are_cheap(facts)
    if facts.queries > 1:
        check_copies(tree)
    return facts


def _tokens(text: str, dialect: Dialect) -> list[Token]:
    """Return sqlglot's tokens, or none: what it cannot split into tokens PostgreSQL may well read.

    Raises:
        StatementRejected: they are too many, or nest too deeply, for the engine's parser to spend its time on them.
    """
    try:
        return tokenize(text, dialect.sqlglot_name)
    except StatementRejected as refusal:
        if refusal.code != Reason.SYNTAX:
            raise
        return []


def _only_statement(text: str) -> tuple[Node, str]:
    """Return the engine's tree of the one statement, and the statement's text without its semicolon."""
    try:
        statements = pgparse.parse(text)
    except pgparse.PGQueryError as error:
        if "memory exhausted" in str(error.message):
            raise StatementRejected(Reason.TOO_COMPLEX, "The statement nests too deeply") from error
        position = getattr(error, "position", 0) or 0
        at = max(position - 1, 0) if position else None
        # The engine quotes the word it stopped at, which may be a literal.
        message = _NO_WORD.sub("", str(error.message).strip().capitalize())
        raise reject(Reason.SYNTAX, message, text, at) from error
    except RecursionError as error:
        raise StatementRejected(Reason.TOO_COMPLEX, "The statement nests too deeply") from error
    if not statements:
        raise StatementRejected(Reason.EMPTY, "The statement is empty", hint="Send one SELECT statement.")
    if len(statements) > 1:
        end = len(text.encode()[: statements[1].get("stmt_location", 0)].decode(errors="ignore"))
        raise reject(
            Reason.MANY_STATEMENTS,
            f"There are {len(statements)} statements",
            text,
            end,
            hint="Send one at a time.",
        )
    if statements[0].get("stmt_location", 0):
        hint = "Leave it out."
        raise reject(Reason.MANY_STATEMENTS, "There is a semicolon before the statement", text, 0, hint=hint)
    length = statements[0].get("stmt_len")
    return statements[0]["stmt"], text.encode()[:length].decode() if length else text


def _not_a_query(root: str, tree: Node, text: str, dialect: Dialect) -> StatementRejected:
    tokens = text.split(None, 1)
    word = _STATEMENT_WORDS.get(root) or (tokens[0].upper() if tokens else root)
    if root not in _NO_WRITES or tree.get("is_from"):
        return reject(Reason.WRITE, f"{word} changes the database", text, 0, hint=READ_HINT)
    hint = dialect.instead_of.get(word, READ_HINT)
    return reject(Reason.NOT_A_QUERY, f"{word} is not a query", text, 0, hint=hint)


def _walk(tree: Node, root: str, facts: Facts) -> None:
    """Visit every node once, judging each; iterative, so that depth costs no stack.

    Each node comes with its scope: the names of WITH clauses that a bare table name there would mean.
    """
    todo: list[tuple[str, Node, Scope]] = [(root, tree, frozenset())]
    while todo:
        kind, node, scope = todo.pop()
        if not kind and len(node) == 1 and next(iter(node)) in _NODES:
            ((kind, node),) = node.items()
        if "aliasname" in node:
            facts.aliases.add(node["aliasname"])
        if "targetList" in node:
            facts.queries += 1
        if "withClause" in node:
            bodies, scope = _with_clause(node["withClause"], scope)
            todo.extend(bodies)
        if kind in NODE_RULES:
            NODE_RULES[kind](node, facts, scope)
        _add_children(todo, node, scope, facts)


def _add_children(todo: list[tuple[str, Node, Scope]], node: Node, scope: Scope, facts: Facts) -> None:
    """Add what is below a node, with its kind, but for plain values; the WITH clause has been seen to."""
    for key, value in node.items():
        if value.__class__ is list:
            todo.extend([("", item, scope) for item in value if not _VALUES.issuperset(item)])
        elif value.__class__ is not dict or key in _VALUES or key == "withClause":
            continue
        elif key in _NODES:
            todo.append((key, value, scope))
        elif key[:1].isupper():
            raise _unknown_node(key, value, facts)
        elif not value or not _VALUES.issuperset(value):
            todo.append((_plain_kind(key, value, node, facts), value, scope))


class _Names:
    """The names of a WITH clause before a place in it, and those outside; a set for each place would be megabytes."""

    __slots__ = ("_end", "_outside", "_places")

    def __init__(self, places: dict[str, int], end: int, outside: Scope) -> None:
        self._places, self._end, self._outside = places, end, outside

    def __contains__(self, name: object) -> bool:
        return self._places.get(name, self._end) < self._end or name in self._outside  # type: ignore[call-overload]


def _with_clause(clause: Node, outside: Scope) -> tuple[list[tuple[str, Any, Scope]], Scope]:
    """Return the queries of a WITH clause, each with its scope, and the scope of the statement that follows.

    A query sees the names before its own; all of them, its own too, when the clause is RECURSIVE.
    """
    queries = [item.get("CommonTableExpr", {}) for item in clause.get("ctes", [])]
    # Of two queries of one name the engine tells at once.
    places = {query.get("ctename", ""): at for at, query in enumerate(queries)}
    following = _Names(places, len(queries), outside)
    seen = [following if clause.get("recursive") else _Names(places, at, outside) for at in range(len(queries))]
    return [("CommonTableExpr", query, scope) for query, scope in zip(queries, seen, strict=True)], following


def _plain_kind(key: str, value: Node, node: Node, facts: Facts) -> str:
    """Return the kind of a field's value: none of its own when it wraps a node, or that which the field implies."""
    if len(value) == 1 and next(iter(value))[:1].isupper():
        return ""
    if key == "intoClause":
        raise facts.reject(Reason.SELECT_INTO, "SELECT … INTO writes a table", value.get("rel", node), READ_HINT)
    if key not in _PLAIN_FIELDS:
        raise facts.reject(Reason.UNSUPPORTED, f"The clause {key} is not known to be a read", node)
    return {"typeName": "TypeName", "relation": "RangeVar", "func": "FuncCall"}.get(key, key)


def _unknown_node(kind: str, node: Node, facts: Facts) -> StatementRejected:
    if kind in _STATEMENT_WORDS:
        where = node.get("relation", node)
        return facts.reject(Reason.WRITE, f"{_STATEMENT_WORDS[kind]} changes the database", where, READ_HINT)
    if kind == "LockingClause":
        return reject(Reason.ROW_LOCK, "FOR UPDATE and FOR SHARE lock rows", facts.text, None, hint="Leave it out.")
    return facts.reject(Reason.UNSUPPORTED, f"{kind} is not known to be a read", node)


def _check_sqlglot(facts: Facts, tokens: list[Token]) -> None:
    """Hold sqlglot's reading against the engine's: where it parses, it must see one query over the same relations."""
    # What stands behind the statement is a semicolon, blanks and comments.
    while tokens and tokens[-1].start >= len(facts.text):
        tokens.pop()
    if not tokens:
        return
    try:
        tree = parse(facts.text, tokens, facts.dialect.sqlglot_name)
    except StatementRejected as refusal:
        if refusal.code == Reason.SYNTAX:
            return  # It does not read all of PostgreSQL's SQL; the engine's own tree has been judged.
        raise
    parsed = Parsed(facts.text, facts.dialect, tokens, tree)
    root_is_a_query(parsed)
    nodes_are_reads(parsed)
    seen = {table.name.lower() for table in parsed.tables}
    expected = {item.name.lower() for item in facts.references}
    if seen != expected.union(name.lower() for name in facts.ctes):
        raise StatementRejected(
            Reason.PARSERS_DISAGREE,
            "Two parsers read this statement differently",
            hint="Write it more plainly: qualify names and avoid unusual syntax.",
        )
