"""The rules on PostgreSQL's own tree (GUARD rules 3 to 5): one function for each kind of node that needs judging."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
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
Scope = Container[str]

# Where the tree writes words where it writes an operator's sign elsewhere, and the signs that they mean.
_WORDS_AS_OPERATORS = {
    "AEXPR_BETWEEN": (">=", "<="),
    "AEXPR_NOT_BETWEEN": ("<", ">"),
    "AEXPR_BETWEEN_SYM": (">=", "<="),
    "AEXPR_NOT_BETWEEN_SYM": ("<", ">"),
}
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
    parameters: int = 0
    references: list[Reference] = field(default_factory=list)
    long_columns: list[tuple[list[str], int]] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    # Columns called like functions that are not allowed, by what stands before the dot; and names of functions in FROM.
    suspect_columns: list[tuple[str, str, Node]] = field(default_factory=list)
    function_tables: set[str] = field(default_factory=set)
    # XPath expressions, each with the node that holds it.
    xpaths: list[tuple[Node, Node]] = field(default_factory=list)
    ctes: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    # How many SELECT lists there are.
    queries: int = 0
    has_star: bool = False
    has_attributes: bool = False
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
    if facts.policy is not None and facts.policy.may_mean_another(name):
        message = f"{name} may be the name of a table that the policy hides, for databases differ in letters like these"
        raise facts.reject(Reason.POLICY, message, node, "Give what is meant a name of ASCII letters.")
    if not schema and name in scope:
        facts.ctes.add(name)
        return
    if not facts.extras.allows_relation(schema, name):
        check_relation(facts.dialect, facts.text, schema, name, facts.offset(node))
    facts.references.append(Reference(schema, name, facts.offset(node) or 0, "alias" in node, bool(node.get("inh"))))


def function_is_allowed(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse a call of anything but a listed function of pg_catalog."""
    *schema, name = names_of(node.get("funcname")) or [""]
    ours = schema in ([], ["pg_catalog"]) and name in facts.dialect.functions
    if not ours and (len(schema) > 1 or not facts.extras.allows_function("".join(schema), name)):
        raise reject_function(facts.text, facts.offset(node), ".".join([*schema, name]), facts.dialect)
    _tells_nothing_past_a_policy(name, node, facts)
    if ours and not schema and not facts.extras.allows_function("", name):
        _is_the_engines_alone(name, node, facts, f"Write pg_catalog.{name} for the engine's own.")
    if name in _XPATH_FUNCTIONS:
        facts.xpaths.append(((node.get("args") or [{}])[0], node))
    facts.functions.add(name)


_XPATH_FUNCTIONS = frozenset({"xpath", "xpath_exists", "xmlexists"})
_FAR_STEP = re.compile(r"//|::|\*\*")


def xml_table_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Note the paths of an XMLTABLE. Refuses nothing."""
    columns = (item.get("RangeTableFuncCol", {}).get("colexpr") for item in node.get("columns", ()))
    facts.xpaths += [(path, node) for path in (node.get("rowexpr"), *columns) if path is not None]


def xpaths_are_cheap(facts: Facts) -> None:
    """Refuse an XPath expression that is not written out, or leaps more than once.

    libxml2 looks for no cancel: each further // multiplies its time by the nodes there are, past every limit.
    """
    for path, node in facts.xpaths:
        text = path.get("A_Const", {}).get("sval", {}).get("sval")
        if text is None or len(_FAR_STEP.findall(text)) > 1:
            message = "An XPath expression must be a literal with at most one // or axis"
            raise facts.reject(Reason.TOO_COMPLEX, message, node, "Name the steps: '/order/item/price'.")


def json_is_the_engines(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse a JSON constructor or query that an older server reads as a call of a function of the database's own."""
    facts.has_attributes = True
    for name in _JSON_FUNCTIONS:
        if not facts.extras.allows_function("", name):
            _is_the_engines_alone(name, node, facts, None)


# Grammar to PostgreSQL 16 or 17, and names of functions before. The tree does not tell which of them it was.
_JSON_FUNCTIONS = (
    "json", "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg", "json_query", "json_scalar",
    "json_serialize", "json_value",
)  # fmt: skip


def _is_the_engines_alone(name: str, node: Node, facts: Facts, hint: str | None) -> None:
    """Refuse a name that a function of the database's own has too: under a policy any, for it reads past the policy.

    Without a policy a volatile one, which may have effects: the lists hold no name that one of the engine's has.
    """
    if facts.policy is not None and name in facts.policy.functions:
        message = f"{name} may be a function of the database's own here, which reads past the policy"
        raise facts.reject(Reason.POLICY, message, node, hint)
    if name in facts.extras.volatile:
        message = f"{name} may be a volatile function of the database's own here"
        hint = f"{hint or ''} {_OPERATORS_CHOICE}".lstrip()
        raise facts.reject(Reason.FUNCTION, message, node, hint)


_OPERATORS_CHOICE = "The operator can allow it with databases.<name>.functions."
_TELLING = frozenset(
    """col_description obj_description pg_database_size pg_get_expr pg_get_function_arguments
    pg_get_partition_constraintdef pg_get_publication_tables pg_indexes_size pg_relation_size pg_sequence_last_value
    pg_sequence_parameters pg_table_size pg_tablespace_size pg_total_relation_size""".split()
)


def tells_past_a_policy(name: str) -> bool:
    """Say whether a function that is allowed else shows definitions, comments, sizes or counts."""
    return (
        name in _TELLING
        or name.startswith("pg_stat_get_")
        or (name.startswith("pg_get_") and ("def" in name or name.endswith(("_sqlbody", "_arg_default"))))
    )


def _tells_nothing_past_a_policy(name: str, node: Node, facts: Facts) -> None:
    if facts.policy is not None and tells_past_a_policy(name):
        message = f"The function {name} tells of rows or values, and this database is under a policy"
        raise facts.reject(Reason.POLICY, message, node, "Use search_schema and describe_tables.")


def attribute_is_no_function(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse `(x).f` where f may be a function that is not allowed: the engine reads f(x) when x has no column f.

    A value has no columns: right behind it f is a function. Elsewhere the text does not tell, but the names of the
    database's own functions may be known.
    """
    parts = node.get("indirection", [])
    facts.has_star = facts.has_star or any("A_Star" in item for item in parts)
    calls = names_of(parts[:1]) if _is_value(node.get("arg", {})) else []
    facts.functions.update(calls)
    for name in names_of(parts):
        is_allowed = name in facts.dialect.functions or facts.extras.allows_function("", name)
        if name in facts.dialect.functions_held_back or (name in calls and not is_allowed):
            raise reject_function(facts.text, facts.offset(node), name, facts.dialect)
        _tells_nothing_past_a_policy(name, node, facts)
        _may_be_a_column(name, node, facts, (facts.policy or facts.extras).attributes)


_VALUE_KINDS = frozenset({"A_Const", "A_ArrayExpr", "BoolExpr", "BooleanTest", "NullTest", "SQLValueFunction"})
_VALUE_TYPES = frozenset(
    """bit bool bpchar bytea char cidr date float4 float8 inet int2 int4 int8 interval json jsonb money name numeric oid
    regclass regtype text time timestamp timestamptz timetz uuid varbit varchar xml""".split()
)


def _is_value(node: Node) -> bool:
    """Say whether an expression is, by its text alone, a value without columns of its own."""
    if "TypeCast" not in node:
        return not _VALUE_KINDS.isdisjoint(node)
    type_ = node["TypeCast"].get("typeName", {})
    *schema, name = names_of(type_.get("names")) or [""]
    return "arrayBounds" in type_ or (schema in ([], ["pg_catalog"]) and name in _VALUE_TYPES)


def _may_be_a_column(name: str, node: Node, facts: Facts, own: frozenset[str]) -> None:
    """Refuse a name behind a dot that may be a function of the database's own; note every other one."""
    facts.has_attributes = True
    if name not in own:
        return
    if facts.policy is not None:
        message = f"{name} may be a function here, and functions of the database's own read past the policy"
        raise facts.reject(Reason.POLICY, message, node, "Write a column without what stands before its dot.")
    message = f"{name} may be a function of the database's own here"
    hint = f"Write a column without what stands before its dot. {_OPERATORS_CHOICE}"
    raise facts.reject(Reason.FUNCTION, message, node, hint)


def column_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Note a star, a column with its schema, which a policy may have to rewrite, and one called like a function."""
    parts = node.get("fields", [])
    if len(parts) == 1 and "String" in parts[0]:
        return
    facts.has_star = facts.has_star or any("A_Star" in item for item in parts)
    own = facts.policy or facts.extras
    if len(parts) > 1 and "String" in parts[-1]:
        name = names_of(parts)[-1]
        _may_be_a_column(name, node, facts, own.row_attributes)
        if len(parts) == 2 and _is_suspect(name, facts, own.attributes):
            facts.suspect_columns.append((names_of(parts)[0], name, node))
    if len(parts) > 2 and (offset := facts.offset(node)) is not None:
        facts.long_columns.append((names_of(parts), offset))


def _is_suspect(name: str, facts: Facts, own: frozenset[str]) -> bool:
    """Say whether a column is called like a function that may not be called behind the name of one in FROM."""
    telling = facts.policy is not None and tells_past_a_policy(name)
    return telling or name in facts.dialect.functions_held_back or name in own


def join_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Note a natural join, for its columns come from the tables; it compares as USING does."""
    facts.has_star = facts.has_star or bool(node.get("isNatural"))
    if node.get("isNatural") or "usingClause" in node:
        _sign_is_the_engines_alone("=", node, facts)


def case_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse nothing but `CASE x WHEN y`, which compares, where = is not the engine's alone."""
    if "arg" in node:
        _sign_is_the_engines_alone("=", node, facts)


def function_table_is_noted(node: Node, facts: Facts, _: Scope) -> None:
    """Note by which name the columns of a function in FROM are called, but where they are listed. Refuses nothing."""
    if "coldeflist" in node:
        return
    alias = node.get("alias", {}).get("aliasname")
    if alias:
        facts.function_tables.add(alias)
        return
    for function in node.get("functions", []):
        call = (function.get("List", {}).get("items") or [{}])[0].get("FuncCall")
        # A cast or COALESCE in FROM goes by a name that only the engine knows: any may be meant.
        facts.function_tables.update(names_of(call.get("funcname"))[-1:] if call else [_ANY_NAME])


def columns_are_no_functions(facts: Facts) -> None:
    """Refuse `t.f` where t is a function in FROM and f one not allowed: when t gives plain values, that is f(t).

    `t.f` of a table is let be where f takes no row: none that is held back does, and columns are called like functions.
    """
    for table, name, node in facts.suspect_columns:
        if facts.function_tables.isdisjoint((table, _ANY_NAME)):
            continue
        if name in facts.dialect.functions_held_back:
            raise reject_function(facts.text, facts.offset(node), name, facts.dialect)
        _tells_nothing_past_a_policy(name, node, facts)
        _may_be_a_column(name, node, facts, (facts.policy or facts.extras).attributes)


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
    if (signs := _WORDS_AS_OPERATORS.get(node.get("kind", ""))) is not None:
        for sign in signs:
            _sign_is_the_engines_alone(sign, node, facts)
        return
    if node.get("subLinkType") == "ANY_SUBLINK" and "operName" not in node:
        _sign_is_the_engines_alone("=", node, facts)
    for field_name in ("name", "operName", "useOp"):
        if field_name not in node:
            continue
        *schema, sign = names_of(node[field_name]) or [""]
        if not sign or (schema and facts.extras.allows_operator(schema[0])):
            continue
        is_known = sign in facts.dialect.operators or sign in facts.extras.operators
        if schema not in ([], ["pg_catalog"]) or not is_known:
            shown = f"OPERATOR({'.'.join([*schema, sign])})" if schema else sign
            raise facts.reject(Reason.OPERATOR, f"The operator {shown} is not allowed", node, _OPERATOR_HINT)
        if not schema:
            _sign_is_the_engines_alone(sign, node, facts)


def _sign_is_the_engines_alone(sign: str, node: Node, facts: Facts) -> None:
    """Refuse, under a policy, a sign that an operator of the database's own has too: its function reads past that."""
    if facts.policy is not None and sign in facts.policy.operators:
        message = f"The operator {sign} may be the database's own here, which reads past the policy"
        hint = f"Write OPERATOR(pg_catalog.{sign}) for the engine's own."
        raise facts.reject(Reason.POLICY, message, node, hint)


def sample_is_allowed(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse a sampling method of an extension."""
    method = names_of(node.get("method"))
    if len(method) != 1 or method[0] not in _SAMPLE_METHODS:
        raise facts.reject(Reason.FUNCTION, "Only SYSTEM and BERNOULLI samples are allowed", node)


def parameter_has_a_value(node: Node, facts: Facts, _: Scope) -> None:
    """Refuse a placeholder for which no value comes with the statement."""
    number = node.get("number", 0)
    if not 1 <= number <= facts.parameters:
        hint = "Write the value into the statement."
        raise facts.reject(Reason.PARAMETER, f"There is no value for the parameter ${number}", node, hint)


# Kind of node → what judges it. A kind that is not here needs no judging beyond being known.
NODE_RULES: Mapping[str, Callable[[Node, Facts, Scope], None]] = {
    "RangeVar": table_is_allowed,
    "FuncCall": function_is_allowed,
    "A_Indirection": attribute_is_no_function,
    "ColumnRef": column_is_noted,
    "JoinExpr": join_is_noted,
    "CaseExpr": case_is_noted,
    "RangeFunction": function_table_is_noted,
    "TypeName": type_is_allowed,
    "TypeCast": cast_names_no_function,
    "A_Expr": operator_is_allowed,
    "SubLink": operator_is_allowed,
    "SortBy": operator_is_allowed,
    "ParamRef": parameter_has_a_value,
    "RangeTableSample": sample_is_allowed,
    "RangeTableFunc": xml_table_is_noted,
    **dict.fromkeys(
        """JsonArrayAgg JsonArrayConstructor JsonArrayQueryConstructor JsonFuncExpr JsonObjectAgg JsonObjectConstructor
        JsonParseExpr JsonScalarExpr JsonSerializeExpr""".split(),
        json_is_the_engines,
    ),
}
