"""The rules on PostgreSQL's own tree (GUARD rules 3 to 5): one function for each kind of node that needs judging."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dbmcp.guard.extras import NO_EXTRAS, Extras
from dbmcp.guard.reasons import Reason
from dbmcp.guard.rules import check_relation, reject_function
from dbmcp.guard.source import reject
from dbmcp.guard.substitution import Reference

if TYPE_CHECKING:
    from dbmcp.dialects.base import Dialect
    from dbmcp.errors import StatementRejected

Node = dict[str, Any]
# The names of WITH clauses that a bare table name would mean.
Scope = frozenset[str]

# A name cast to these would hand over a function or an operator by its text.
_TYPES_HELD_BACK = frozenset({"regproc", "regprocedure", "regoper", "regoperator"})
_SAMPLE_METHODS = frozenset({"system", "bernoulli"})


@dataclass(slots=True)
class Facts:
    """What the engine's tree holds, gathered in one walk; offsets are characters of the text."""

    text: str
    dialect: Dialect
    extras: Extras = NO_EXTRAS
    references: list[Reference] = field(default_factory=list)
    long_columns: list[tuple[list[str], int]] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    ctes: set[str] = field(default_factory=set)
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
    facts.functions.add(name)


def attribute_is_no_function(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse `(x).f` where f is a function held back: the engine reads it as f(x) when x has no column f.

    `t.f` of a table is let be: no function that is held back takes a row, and columns are called like functions.
    """
    parts = node.get("indirection", [])
    facts.has_star = facts.has_star or any("A_Star" in item for item in parts)
    for name in names_of(parts):
        if name in facts.dialect.functions_held_back:
            raise reject_function(facts.text, facts.offset(node), name, facts.dialect)


def column_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Note a star, and a column with its schema, which a policy may have to rewrite. Refuses nothing."""
    parts = node.get("fields", [])
    facts.has_star = facts.has_star or any("A_Star" in item for item in parts)
    if len(parts) > 2 and (offset := facts.offset(node)) is not None:
        facts.long_columns.append((names_of(parts), offset))


def join_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Note a natural join: its columns come from the tables. Refuses nothing."""
    facts.has_star = facts.has_star or bool(node.get("isNatural"))


def type_is_allowed(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse a cast to a function or operator by its name, and types that are none of a value."""
    names = names_of(node.get("names"))
    if names and names[-1] in _TYPES_HELD_BACK:
        raise facts.reject(Reason.TYPE, f"A cast to {names[-1]} is not allowed", node, "Compare names as text.")
    if node.get("setof") or node.get("pct_type"):
        raise facts.reject(Reason.TYPE, "SETOF and %TYPE have no place in a query", node)


def operator_is_allowed(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse OPERATOR(schema.sign) of another schema than pg_catalog."""
    for field_name in ("name", "operName", "useOp"):
        names = names_of(node.get(field_name))
        if len(names) > 1 and names[0] != "pg_catalog" and not facts.extras.allows_operator(names[0]):
            raise facts.reject(Reason.OPERATOR, f"The operator of schema {names[0]} is not allowed", node)


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
    "TypeName": type_is_allowed,
    "A_Expr": operator_is_allowed,
    "SubLink": operator_is_allowed,
    "SortBy": operator_is_allowed,
    "RangeTableSample": sample_is_allowed,
}
