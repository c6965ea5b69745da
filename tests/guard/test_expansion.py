"""Columns of subqueries that engines write out where they are used: what multiplies is refused, what adds up passes."""

from __future__ import annotations

import pytest

from dbmcp.errors import StatementRejected
from dbmcp.guard import approve


def _nested(levels: int, item: str, source: str = "(SELECT 1 AS x)") -> str:
    return f"(SELECT {item} AS x FROM " * levels + source + ")" * levels


MULTIPLIED = [
    f"SELECT x FROM {_nested(9, 'max(x, x, x, x)')}",
    f"SELECT q.x FROM {_nested(9, 'max(x, x, x, x)')} AS q",
    f"SELECT {' + '.join(['x'] * 30)} FROM {_nested(8, 'x + x + x + x')}",
    f"SELECT 1 FROM {_nested(8, 'x + x + x + x')} ORDER BY {', '.join(f'x + {n}' for n in range(9))}",
    f"SELECT 1 FROM {_nested(8, 'x + x + x + x')} AS a JOIN t ON {' OR '.join(['x = t.id'] * 9)}",
    f"SELECT 1 FROM t WHERE id IN (SELECT x FROM {_nested(9, '(SELECT x + x + x + x)')})",
    f"SELECT id, (SELECT x FROM {_nested(9, 'x + x + x + x')}) FROM t UNION SELECT 1, 2",
    f"SELECT * FROM (SELECT 1 AS x UNION ALL SELECT x FROM {_nested(9, 'x + x + x + x')})",
    f"SELECT x FROM {_nested(9, 'x + x + x + x', '((SELECT 1 AS x) JOIN t)')}",
    f"SELECT y.* FROM (SELECT * FROM {_nested(9, 'x + x + x + x')}) AS y",
]


@pytest.mark.parametrize("sql", MULTIPLIED)
def test_what_multiplies_is_refused(sql: str) -> None:
    with pytest.raises(StatementRejected) as refusal:
        approve(sql, "sqlite")
    assert refusal.value.code == "too_complex"


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT x FROM {_nested(8, 'x + x + x + x')}",
        f"SELECT x FROM {_nested(40, 'x')}",
        f"SELECT x + x FROM {_nested(20, 'x + id', 't')}",
        f"SELECT {', '.join(f'(SELECT max(x) FROM t WHERE id = {n})' for n in range(100))} FROM {_nested(3, 'x + x')}",
        "SELECT * FROM person" + " UNION ALL SELECT * FROM person" * 400,
    ],
)
def test_what_adds_up_passes(sql: str) -> None:
    approve(sql, "sqlite")


def test_a_with_clause_before_values_is_counted_once_at_each_level() -> None:
    sql = "VALUES (1)"
    for level in range(40):
        sql = f"WITH a{level} AS ({sql}) VALUES (1)"
    with pytest.raises(StatementRejected, match="WITH clauses"):
        approve(sql, "sqlite")


def _aliased(levels: int, item: str) -> str:
    return f"(SELECT {item} AS x FROM " * levels + "(SELECT id AS x FROM t) AS q" + ") AS q" * levels


ON_POSTGRESQL = [
    f"SELECT x FROM {_aliased(7, 'q.x + q.x + q.x + q.x')}",
    f"SELECT x FROM {_aliased(7, 'ROW(q, q, q, q)')}",
    f"SELECT x FROM {_aliased(7, '(q).x + (q).x + (q).x + (q).x')}",
    f"SELECT x FROM {_aliased(7, '(SELECT x + x + x + x)')}",
    f"SELECT 1 FROM {_aliased(6, 'x + x + x + x')} ORDER BY {', '.join(f'x + {n}' for n in range(9))}",
    f"SELECT 1 FROM t JOIN {_aliased(6, 'x + x + x + x')} ON {' OR '.join(['x = t.id'] * 9)}",
    f"SELECT q.z FROM {_aliased(7, 'x + x + x + x')} (z)",
    f"SELECT j FROM (t CROSS JOIN {_aliased(7, 'x + x + x + x')}) AS j",
    f"SELECT id FROM t UNION SELECT x FROM {_aliased(7, 'x + x + x + x')}",
    f"VALUES ((SELECT x FROM {_aliased(7, 'x + x + x + x')}))",
    # sqlglot does not read this one.
    f"SELECT x FROM {_aliased(7, 'x + x + x + x')} ORDER BY x USING <",
]


@pytest.mark.parametrize("sql", ON_POSTGRESQL)
def test_what_multiplies_is_refused_on_postgresql(sql: str) -> None:
    with pytest.raises(StatementRejected, match="used in each other too often") as refusal:
        approve(sql)
    assert refusal.value.code == "too_complex"


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT x FROM {_aliased(6, 'x + x + x + x')}",
        f"SELECT q.*, q FROM {_aliased(20, 'x')}",
        f"SELECT q.* FROM {'(SELECT q.* FROM ' * 20}t AS q{') AS q' * 20}",
        f"SELECT {', '.join(f'(SELECT max(x) FROM t WHERE id = {n})' for n in range(100))} FROM {_aliased(3, 'x + x')}",
        "SELECT * FROM person" + " UNION ALL SELECT * FROM person" * 400,
        # A query that is named twice is made once, where nothing says otherwise.
        "WITH a AS (SELECT 1 AS x)"
        + "".join(
            f", {two} AS (SELECT p.x FROM {one} AS p, {one} AS q)"
            for one, two in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + " SELECT x FROM i",
    ],
)
def test_what_adds_up_passes_on_postgresql(sql: str) -> None:
    approve(sql)
