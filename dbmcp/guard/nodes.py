"""The sqlglot node classes a read may hold (GUARD rule 3): an allowlist, so that what is new is refused."""

from __future__ import annotations

from sqlglot import exp

from dbmcp.guard.reasons import Reason

# Clauses, relations, names, literals and operators. Function nodes are not listed: a function is judged by the
# name that stands in the text, which a typed node no longer holds.
_ALLOWED = """
    Add Adjacent Alias Aliases All Any AtTimeZone Between BitString BitwiseAnd BitwiseLeftShift BitwiseNot BitwiseOr
    BitwiseRightShift BitwiseXor Boolean Bracket ByteString CTE Column ColumnDef Collate Cube DPipe DataType
    DataTypeParam Distance Distinct Div Dot EQ Escape Except ExtendsLeft ExtendsRight Fetch Filter FormatJson From
    FromTimeZone GT GTE Glob Group GroupingSets Having Heredoc HexString ILike Identifier IgnoreNulls In
    IndexTableHint IntDiv Intersect Interval IntervalSpan Is JSON JSONColumnDef JSONKeyValue JSONPath JSONPathFilter
    JSONPathKey JSONPathPart JSONPathRecursive JSONPathRoot JSONPathScript JSONPathSelector JSONPathSlice
    JSONPathSubscript JSONPathUnion JSONPathWildcard JSONSchema JSONValue Join Kwarg LT LTE Lateral Like Limit
    LimitOptions Literal Match Mod Mul NEQ National Neg Not Null NullSafeEQ NullSafeNEQ Offset OnCondition Operator
    Order Ordered Overlaps Paren PropertyEQ Pseudocolumn RawString RecursiveWithSearch RespectNulls Rollup Select
    SimilarTo Slice Star Sub Subquery Table TableAlias TableFromRows TableSample Tuple UnicodeString Union Values
    Var Variadic Where Window WindowSpec With WithinGroup WithOperator XMLKeyValueOption XMLNamespace
    PseudoType ObjectIdentifier Introducer Lambda ColumnConstraint DefaultColumnConstraint NotNullColumnConstraint
    PathColumnConstraint
"""

ALLOWED_NODES: frozenset[type[exp.Expr]] = frozenset(getattr(exp, name) for name in _ALLOWED.split())

_WRITES = "Insert Update Delete Merge Create Drop Alter TruncateTable Copy LoadData Comment Grant Revoke"
WRITE_NODES: frozenset[type[exp.Expr]] = frozenset(getattr(exp, name) for name in _WRITES.split())

QUERY_ROOTS = (exp.Select, exp.Union, exp.Except, exp.Intersect, exp.Values, exp.Subquery, exp.Table)


def judge(node: exp.Expr) -> tuple[Reason, str] | None:
    """Return why this node may not stand in a read, or None when it may."""
    kind = type(node)
    if kind in ALLOWED_NODES:
        return None
    if kind in WRITE_NODES:
        return Reason.WRITE, f"{kind.__name__.upper()} changes the database"
    if kind is exp.Into:
        return Reason.SELECT_INTO, "SELECT … INTO writes a table"
    if kind is exp.Lock:
        return Reason.ROW_LOCK, "FOR UPDATE and FOR SHARE lock rows"
    # Parameters are judged elsewhere: on tokens, or on the engine's own tree, where @ is an operator.
    if kind in (exp.Placeholder, exp.Parameter, exp.SessionParameter) or isinstance(node, exp.Func):
        return None
    return Reason.UNSUPPORTED, f"{kind.__name__} is not known to be a read"
