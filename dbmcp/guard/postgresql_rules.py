"""The rules on PostgreSQL's own tree (GUARD rules 3 to 5): one function for each kind of node that needs judging."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dbmcp.guard.extras import NO_EXTRAS, Extras
from dbmcp.guard.reasons import Reason
from dbmcp.guard.rules import check_relation, reject_function
from dbmcp.guard.source import reject
from dbmcp.guard.substitution import Reference, Substitution

if TYPE_CHECKING:
    from dbmcp.dialects.base import Dialect
    from dbmcp.errors import StatementRejected

Node = dict[str, Any]
# The names of WITH clauses that a bare table name would mean.
Scope = frozenset[str]

# Where the tree writes words where it writes an operator's sign elsewhere.
_WORDS_AS_OPERATORS = frozenset({"AEXPR_BETWEEN", "AEXPR_NOT_BETWEEN", "AEXPR_BETWEEN_SYM", "AEXPR_NOT_BETWEEN_SYM"})
_OPERATOR_HINT = "Only PostgreSQL's own operators are allowed, and those that the operator of this server lists."
_ANY_NAME = "*"
_SAMPLE_METHODS = frozenset({"system", "bernoulli"})


@dataclass(slots=True)
class Facts:
    """What the engine's tree holds, gathered in one walk; offsets are characters of the text."""

    text: str
    dialect: Dialect
    extras: Extras = NO_EXTRAS
    policy: Substitution | None = None
    references: list[Reference] = field(default_factory=list)
    long_columns: list[tuple[list[str], int]] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    # Columns called like functions held back, by what stands before the dot; and the names of functions in FROM.
    suspect_columns: list[tuple[str, str, Node]] = field(default_factory=list)
    function_tables: set[str] = field(default_factory=set)
    ctes: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    has_star: bool = False
    _encoded: bytes | None = None

    def offset(self, node: Node) -> int | None:
        """Return a node's place as an offset in characters; the tree counts bytes."""
        at = node.get("location", 0)
        if not isinstance(at, int) or at < 0:
            return None
        if self.text.isascii():
            return at
        if self._encoded is None:
            self._encoded = self.text.encode()
        return len(self._encoded[:at].decode(errors="ignore"))

    def reject(self, reason: Reason, message: str, node: Node, hint: str | None = None) -> StatementRejected:
        """Make a refusal at the place of a node."""
        return reject(reason, message, self.text, self.offset(node), hint=hint)


def names_of(value: Any) -> list[str]:
    """Return the parts of a dotted name; a part that is no plain name (a star, a subscript) is left out."""
    return [item["String"].get("sval", "") for item in value or () if isinstance(item, dict) and "String" in item]


def table_is_allowed(node: Node, facts: Facts, scope: Scope) -> None:
    """Refuse a relation of the engine's own that is not known to be harmless; note every other one."""
    schema, name = node.get("schemaname", ""), node.get("relname", "")
    if "catalogname" in node:
        raise facts.reject(Reason.RELATION, "A table name has at most a schema before it", node)
    if not schema and name in scope:
        facts.ctes.add(name)
        return
    check_relation(facts.dialect, facts.text, schema, name, facts.offset(node))
    facts.references.append(Reference(schema, name, facts.offset(node) or 0, "alias" in node, bool(node.get("inh"))))


def function_is_allowed(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse a call of anything but a listed function of pg_catalog."""
    *schema, name = names_of(node.get("funcname")) or [""]
    ours = schema in ([], ["pg_catalog"]) and name in facts.dialect.functions
    if not ours and (len(schema) > 1 or not facts.extras.allows_function("".join(schema), name)):
        raise reject_function(facts.text, facts.offset(node), ".".join([*schema, name]), facts.dialect)
    if facts.policy is not None and tells_past_a_policy(name):
        raise facts.reject(Reason.POLICY, f"The function {name} {_PAST}", node, _PAST_HINT)
    facts.functions.add(name)


_PAST = "tells of rows or values, and this database is under a policy"
_PAST_HINT = "Use search_schema and describe_tables."
_TELLING = frozenset(
    """pg_database_size pg_get_expr pg_get_partition_constraintdef pg_get_publication_tables pg_indexes_size
    pg_relation_size pg_sequence_last_value pg_sequence_parameters pg_table_size pg_tablespace_size
    pg_total_relation_size""".split()
)


def tells_past_a_policy(name: str) -> bool:
    """Say whether a function that is allowed else shows definitions, sizes or counts."""
    return (
        name in _TELLING
        or name.startswith("pg_stat_get_")
        or (name.startswith("pg_get_") and ("def" in name or name.endswith(("_sqlbody", "_arg_default"))))
    )


def attribute_is_no_function(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse `(x).f` where f is a function held back: the engine reads it as f(x) when x has no column f."""
    parts = node.get("indirection", [])
    facts.has_star = facts.has_star or any("A_Star" in item for item in parts)
    for name in names_of(parts):
        if name in facts.dialect.functions_held_back:
            raise reject_function(facts.text, facts.offset(node), name, facts.dialect)
        if facts.policy is not None and (name in facts.policy.attributes or tells_past_a_policy(name)):
            raise facts.reject(Reason.POLICY, f"{name} may be a function here, {_OWN}", node, _OWN_HINT)


_OWN = "and functions of the database's own read past the policy"
_OWN_HINT = "Write a column without what stands before its dot."


def column_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Note a star, a column with its schema, which a policy may have to rewrite, and one called like a function."""
    parts = node.get("fields", [])
    facts.has_star = facts.has_star or any("A_Star" in item for item in parts)
    if facts.policy is not None and len(parts) > 1 and names_of(parts)[-1] in facts.policy.row_attributes:
        raise facts.reject(Reason.POLICY, f"{names_of(parts)[-1]} may be a function here, {_OWN}", node, _OWN_HINT)
    if len(parts) == 2 and (name := names_of(parts)[-1]) in facts.dialect.functions_held_back:
        facts.suspect_columns.append((names_of(parts)[0], name, node))
    if len(parts) > 2 and (offset := facts.offset(node)) is not None:
        facts.long_columns.append((names_of(parts), offset))


def join_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Note a natural join: its columns come from the tables. Refuses nothing."""
    facts.has_star = facts.has_star or bool(node.get("isNatural"))


def function_table_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Note by which name the columns of a function in FROM are called. Refuses nothing."""
    alias = node.get("alias", {}).get("aliasname")
    if alias:
        facts.function_tables.add(alias)
        return
    for function in node.get("functions", []):
        call = (function.get("List", {}).get("items") or [{}])[0].get("FuncCall")
        # A cast or COALESCE in FROM goes by a name that only the engine knows: any may be meant.
        facts.function_tables.update(names_of(call.get("funcname"))[-1:] if call else [_ANY_NAME])


def columns_are_no_functions(facts: Facts) -> None:
    """Refuse `t.f` where t is a function in FROM and f one that is held back: when t gives plain values, that is f(t).

    `t.f` of a table is let be: no function that is held back takes a row, and columns are called like functions.
    """
    for table, name, node in facts.suspect_columns:
        if facts.function_tables.intersection((table, _ANY_NAME)):
            raise reject_function(facts.text, facts.offset(node), name, facts.dialect)


def type_is_allowed(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse types that are none of a value."""
    if node.get("setof") or node.get("pct_type"):
        raise facts.reject(Reason.TYPE, "SETOF and %TYPE have no place in a query", node)


def cast_names_no_function(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse the name of a function held back as a literal of the types that hold functions."""
    text = node.get("arg", {}).get("A_Const", {}).get("sval", {}).get("sval")
    names = names_of(node.get("typeName", {}).get("names"))
    if text and names and names[-1] in ("regproc", "regprocedure"):
        name = text.partition("(")[0].rpartition(".")[2].strip('" ').lower()
        if name in facts.dialect.functions_held_back:
            raise reject_function(facts.text, facts.offset(node), name, facts.dialect)


def operator_is_allowed(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse an operator that is not pg_catalog's: behind it stands a function of an extension or a user."""
    if node.get("kind") in _WORDS_AS_OPERATORS:
        return
    for field_name in ("name", "operName", "useOp"):
        *schema, sign = names_of(node.get(field_name)) or [""]
        if not sign or (schema and facts.extras.allows_operator(schema[0])):
            continue
        if schema not in ([], ["pg_catalog"]) or sign not in facts.dialect.operators | facts.extras.operators:
            shown = f"OPERATOR({'.'.join([*schema, sign])})" if schema else sign
            raise facts.reject(Reason.OPERATOR, f"The operator {shown} is not allowed", node, _OPERATOR_HINT)


def sample_is_allowed(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse a sampling method of an extension."""
    method = names_of(node.get("method"))
    if len(method) != 1 or method[0] not in _SAMPLE_METHODS:
        raise facts.reject(Reason.FUNCTION, "Only SYSTEM and BERNOULLI samples are allowed", node)


# Kind of node → what judges it. A kind that is not here needs no judging beyond being known.
NODE_RULES: Mapping[str, Callable[[Node, Facts, Scope], None]] = {
    "RangeVar": table_is_allowed,
    "FuncCall": function_is_allowed,
    "A_Indirection": attribute_is_no_function,
    "ColumnRef": column_is_noted,
    "JoinExpr": join_is_noted,
    "RangeFunction": function_table_is_noted,
    "TypeName": type_is_allowed,
    "TypeCast": cast_names_no_function,
    "A_Expr": operator_is_allowed,
    "SubLink": operator_is_allowed,
    "SortBy": operator_is_allowed,
    "RangeTableSample": sample_is_allowed,
}
