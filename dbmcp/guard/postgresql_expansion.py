"""What PostgreSQL writes out while it plans a statement: a column of a subquery, wherever its name stands.

A subquery is pulled up into the one round it, and its columns are replaced by what they are made of. So `x + x` of a
subquery of a subquery is four times what the innermost x is, and a text of 400 bytes fills any memory, in steps that
look for no cancel. Names are counted on the engine's own tree, and more copies than are ever meant are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dbmcp.guard.expansion import too_many_copies

if TYPE_CHECKING:
    from dbmcp.guard.postgresql_rules import Node

# The columns of a query by their names, with how many copies of columns of tables each is made of.
_Columns = Sequence[tuple[str, int]]
_NOTHING: Node = {}


def check_copies(statement: Node) -> None:
    """Refuse a SELECT whose columns are made of too many others.

    Raises:
        StatementRejected: too complex.
    """
    _Copies().of(statement, {})


class _Copies:
    """Counts the copies of columns that a statement is written out to; what is not understood counts once."""

    def __init__(self) -> None:
        self._total = 0
        self._named: dict[str, _Columns] = {}
        # Queries of WITH clauses that are written out at each of their names, with the copies in one.
        self._inlined: dict[str, int] = {}

    def of(self, query: Node, outer: Mapping[str, int]) -> _Columns:
        """Return the columns of a query; `outer` are those that it may use of the queries round it."""
        for item in query.get("withClause", _NOTHING).get("ctes", ()):
            self._name(item["CommonTableExpr"], outer)
        if "larg" in query:
            return self._compound(query, outer)
        read: dict[str, int] = {}
        rows: dict[str, int] = {}
        self._read_from(query.get("fromClause", ()), read, rows, outer)
        known = {**outer, **rows, **read}
        columns: list[tuple[str, int]] = []
        for target in query.get("targetList", ()):
            value = target["ResTarget"].get("val", _NOTHING)
            weight = self._count(value, known)
            name = target["ResTarget"].get("name") or _last_name(value)
            columns += read.items() if name == _STAR else [(name, weight)]
        for number, value in enumerate(
            query.get("valuesLists", [_NOTHING])[0].get("List", _NOTHING).get("items", ()), 1
        ):
            columns.append((f"column{number}", self._count(value, known)))
        for name, weight in columns:
            known[name] = max(weight, known.get(name, 1))
        # The conditions of joins among them.
        self._count([part for key, part in query.items() if key not in _SEEN], known)
        return columns

    def _name(self, clause: Node, outer: Mapping[str, int]) -> None:
        before = self._total
        columns = self.of(clause["ctequery"].get("SelectStmt", _NOTHING), outer)
        self._named[clause["ctename"]] = _renamed(columns, clause.get("aliascolnames"))
        self._inlined.pop(clause["ctename"], None)
        if clause.get("ctematerialized") == "CTEMaterializeNever":
            self._inlined[clause["ctename"]] = _COPIES_OF_QUERY + self._total - before

    def _compound(self, query: Node, outer: Mapping[str, int]) -> _Columns:
        parts, found = [query["rarg"], query["larg"]], []
        while parts:
            part = parts.pop()
            if "larg" in part and "withClause" not in part:
                parts += [part["rarg"], part["larg"]]
            else:
                found.append(self.of(part, outer))
        most = max((weight for columns in found for _, weight in columns), default=1)
        return [(name, most) for name, _ in found[0]]

    def _read_from(
        self, items: Sequence[Node], read: dict[str, int], rows: dict[str, int], outer: Mapping[str, int]
    ) -> None:
        """Note the columns of the queries in FROM, by themselves or by their names, and what a whole row is made of."""
        todo = list(reversed(items))
        joins = []
        while todo:
            ((kind, node),) = todo.pop().items()
            columns: _Columns = ()
            name = node.get("relname", "")
            if kind == "JoinExpr":
                todo += [node["rarg"], node["larg"]]
                joins.append(node)
            elif kind == "RangeSubselect":
                # One that is LATERAL may use the columns of those before it.
                columns = self.of(node["subquery"].get("SelectStmt", _NOTHING), {**outer, **rows, **read})
            elif kind == "RangeVar" and "schemaname" not in node:
                columns = self._named.get(name, ())
                self._add(self._inlined.get(name, 0))
            for column, weight in _renamed(columns, node.get("alias", _NOTHING).get("colnames")):
                read[column] = max(weight, read.get(column, 1))
            rows[node.get("alias", _NOTHING).get("aliasname", name)] = sum(weight for _, weight in columns)
        rows[_STAR] = sum(read.values())
        for join in joins:
            alias = join.get("alias", _NOTHING)
            rows[alias.get("aliasname", "")] = rows[_STAR]
            read.update((column, max(read.values(), default=1)) for column in _texts(alias.get("colnames", ())))

    def _count(self, tree: Any, known: Mapping[str, int]) -> int:
        before, todo = self._total, [tree]
        while todo:
            node = todo.pop()
            if isinstance(node, list):
                todo += node
            elif isinstance(node, dict):
                for kind, value in node.items():
                    if kind == "ColumnRef":
                        self._add(max(known.get(_last_name({kind: value}), 1), 1))
                    elif kind == "SelectStmt":
                        self.of(value, known)
                    elif kind != "RangeSubselect" and isinstance(value, (dict, list)):
                        todo.append(value)
        return max(self._total - before, 1)

    def _add(self, copies: int) -> None:
        self._total += copies
        if self._total > _MAX_COPIES:
            raise too_many_copies()


_STAR = "*"
# In November 2026 each copy took PostgreSQL 15 one to nine kilobytes.
_MAX_COPIES = 10_000
_COPIES_OF_QUERY = 50
_SEEN = frozenset({"targetList", "withClause"})


def _renamed(columns: _Columns, names: Any) -> _Columns:
    """Return the columns with the names of a list, as far as it goes; a star may stand for any number of columns."""
    if not names:
        return columns
    most = max((weight for _, weight in columns), default=1)
    return [*((name, most) for name in _texts(names)), *columns]


def _last_name(value: Node) -> str:
    """Return the name of a column as a query gives it, "" for a value without one."""
    fields = value.get("ColumnRef", _NOTHING).get("fields")
    if fields is None:
        return ""
    return _STAR if "A_Star" in fields[-1] else next(_texts(fields[-1:]), "")


def _texts(items: Sequence[Node]) -> Iterator[str]:
    return (item["String"].get("sval", "") for item in items if "String" in item)
