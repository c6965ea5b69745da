"""What SQLite writes out while it compiles a statement, when it looks at no deadline: queries and columns.

The query of a WITH clause is written out wherever its name stands. A column of a subquery is replaced by what it is
made of, so that `x + x` of a subquery of a subquery is four times what the innermost x is: a text of 400 bytes would
fill all the memory that SQLite may have. Both are counted on sqlglot's tree, and more than is ever meant is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp
from sqlglot.tokenizer_core import Token
from sqlglot.tokenizer_core import TokenType as T

from dbmcp.errors import StatementRejected
from dbmcp.guard.reasons import Reason

_MAX_QUERIES = 5_000
# Each copy takes about a hundred bytes.
_MAX_COPIES = 250_000
# The columns of a query by their names, with how many copies of columns of tables each is made of.
_Columns = Sequence[tuple[str, int]]


def check_expansion(tree: exp.Expr, nodes: Iterable[exp.Expr]) -> None:
    """Refuse queries and columns that refer to each other so often that writing them out would never end.

    Raises:
        StatementRejected: too complex.
    """
    weights: dict[str, int] = {}
    clauses = [node for node in nodes if isinstance(node, exp.With)]
    for clause in clauses:
        for query in clause.expressions:
            tables = query.this.find_all(exp.Table)
            weights[query.alias.lower()] = 1 + sum(weights.get(table.name.lower(), 0) for table in tables)
    if clauses and sum(weights.get(table.name.lower(), 0) for table in tree.find_all(exp.Table)) > _MAX_QUERIES:
        raise too_many_clauses()
    if sum(1 for node in nodes if isinstance(node, exp.Select)) > 1:
        _Copies().of(tree, {})


def check_unparsed_expansion(tokens: Sequence[Token]) -> None:
    """Refuse by the words alone: the names in the longest item of each SELECT list, multiplied.

    Raises:
        StatementRejected: too complex.
    """
    copies, depth = 1, 0
    # Of each SELECT list that is open: its depth, the names in this item, the most in one.
    lists: list[list[int]] = []
    for token in tokens:
        depth += (token.token_type == T.L_PAREN) - (token.token_type == T.R_PAREN)
        if lists and (depth < lists[-1][0] or (depth == lists[-1][0] and token.token_type in _ENDS)):
            _, names, most = lists.pop()
            copies *= max(names, most, 1)
        if token.token_type == T.SELECT:
            lists.append([depth, 0, 0])
        elif lists and depth == lists[-1][0] and token.token_type == T.COMMA:
            lists[-1][1:] = [0, max(lists[-1][1:])]
        elif lists and token.token_type in (T.VAR, T.IDENTIFIER):
            lists[-1][1] += 1
    if copies > _MAX_COPIES:
        raise too_many_copies()


_ENDS = frozenset({T.FROM, T.WHERE, T.GROUP_BY, T.ORDER_BY, T.LIMIT, T.UNION, T.EXCEPT, T.INTERSECT, T.SELECT})


class _Copies:
    """Counts the copies of columns that a statement is written out to; what is not understood counts once."""

    def __init__(self) -> None:
        self._total = 0
        self._named: dict[str, _Columns] = {}
        # Queries in FROM, which were counted with what they are read from.
        self._counted: set[int] = set()

    def of(self, query: exp.Expr, outer: Mapping[str, int]) -> _Columns:
        """Return the columns of a query; `outer` are those that it may use of the queries round it.

        Raises:
            StatementRejected: they are made of too many.
        """
        self._name_clauses(query, outer)
        if isinstance(query, exp.Subquery):
            return self.of(query.this, outer)
        if isinstance(query, exp.SetOperation):
            return self._compound(query, outer)
        if isinstance(query, exp.Select):
            return self._select(query, outer)
        self._count([part for key in query.args for part in _listed(query.args[key]) if key != "with_"], outer)
        return ()

    def _name_clauses(self, query: exp.Expr, outer: Mapping[str, int]) -> None:
        clause = query.args.get("with_")
        for item in clause.expressions if clause is not None else ():
            columns = self.of(item.this, outer)
            names = [column.name.lower() for column in item.args["alias"].columns]
            most = max((weight for _, weight in columns), default=1)
            # A star may stand for any number of columns.
            self._named[item.alias.lower()] = [(name, most) for name in names] or columns

    def _compound(self, query: exp.SetOperation, outer: Mapping[str, int]) -> _Columns:
        parts: list[exp.Expr] = [query.expression, query.this]
        found: list[_Columns] = []
        while parts:
            part = parts.pop()
            if isinstance(part, exp.SetOperation):
                self._name_clauses(part, outer)
                parts += [part.expression, part.this]
            else:
                found.append(self.of(part, outer))
        most = max((weight for columns in found for _, weight in columns), default=1)
        return [(name, most) for name, _ in found[0]]

    def _select(self, query: exp.Select, outer: Mapping[str, int]) -> _Columns:
        read: dict[str, int] = {}
        self._read_from([query.args.get("from_"), *query.args.get("joins", ())], read, outer)
        known = {**outer, **read}
        columns: list[tuple[str, int]] = []
        for item in query.expressions:
            if item.is_star:
                columns += read.items()
                continue
            before = self._total
            self._count([item], known)
            columns.append((item.alias_or_name.lower(), max(self._total - before, 1)))
        # A name of the SELECT list may stand in the other clauses.
        for name, weight in columns:
            known[name] = max(weight, known.get(name, 1))
        self._count([part for key in query.args for part in _listed(query.args[key]) if key not in _SEEN], known)
        return columns

    def _read_from(self, todo: list[exp.Expr | None], read: dict[str, int], outer: Mapping[str, int]) -> None:
        """Note the columns of the queries in FROM, by themselves or by their names."""
        while todo:
            node = todo.pop()
            if node is None:
                continue
            columns: _Columns = ()
            if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Query):
                self._counted.add(id(node))
                columns = self.of(node, outer)
            elif isinstance(node, exp.Table):
                columns = self._named.get(node.name.lower(), ())
            else:
                todo.append(node.this if isinstance(node.this, exp.Expr) else None)
            for name, weight in columns:
                read[name] = max(weight, read.get(name, 1))
            todo += node.args.get("joins") or ()

    def _count(self, todo: list[exp.Expr], known: Mapping[str, int]) -> None:
        while todo:
            node = todo.pop()
            if isinstance(node, exp.Column):
                self._total += known.get(node.name.lower(), 1)
                if self._total > _MAX_COPIES:
                    raise too_many_copies()
            elif isinstance(node, exp.Query) and isinstance(node.this, (exp.Query, type(None))):
                if id(node) not in self._counted:
                    self.of(node, known)
            else:
                todo.extend(node.iter_expressions())


# What has been counted, or was named, before the other clauses are.
_SEEN = frozenset({"expressions", "with_"})


def _listed(value: object) -> list[exp.Expr]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, exp.Expr)]


def too_many_clauses() -> StatementRejected:
    """Make the refusal of WITH clauses that refer to each other too often."""
    return StatementRejected(
        Reason.TOO_COMPLEX, "The WITH clauses refer to each other too often", hint="Ask in several statements."
    )


def too_many_copies() -> StatementRejected:
    """Make the refusal of columns that are made of too many others."""
    return StatementRejected(
        Reason.TOO_COMPLEX,
        "The columns of subqueries are used in each other too often",
        hint="Use each column of a subquery fewer times, or ask in several statements.",
    )
