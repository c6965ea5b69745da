"""Which literals of a statement are its inputs, and which give it its shape."""

from __future__ import annotations

import pytest

from dbmcp.guard import approve
from dbmcp.guard.literals import inputs

DIALECTS = ("postgresql", "sqlite")


def brief(sql: str, dialect: str) -> list[tuple[str, str, str]]:
    """Return each input as it stands in the text, its operator and its column; the statement must be a read."""
    text = approve(sql, dialect).text
    return [(text[item.start : item.end], item.operator, item.column) for item in inputs(text, dialect)]


BOTH = {
    "a = 'x'": [("'x'", "=", "a")],
    "t.a = 'it''s'": [("'it''s'", "=", "a")],
    "a <> 5": [("5", "<>", "a")],
    "a != -5": [("-5", "<>", "a")],
    "a > 1.5 AND b <= 2": [("1.5", ">", "a"), ("2", "<=", "b")],
    "5 < a": [("5", ">", "a")],
    "'x' = a": [("'x'", "=", "a")],
    "a BETWEEN 1 AND -2": [("1", ">=", "a"), ("-2", "<=", "a")],
    "a NOT BETWEEN 'b' AND 'c'": [("'b'", ">=", "a"), ("'c'", "<=", "a")],
    "a LIKE 'x%'": [("'x%'", "like", "a")],
    "a NOT LIKE 'x%'": [("'x%'", "like", "a")],
    "a IN ('x', 'y')": [("IN ('x', 'y')", "in", "a")],
    "a NOT IN (1, -2)": [("NOT IN (1, -2)", "not in", "a")],
    "a IN(5)": [("IN(5)", "in", "a")],
    "lower(a) = 'x'": [("'x'", "=", "a")],
    "a + 1 > 2": [("2", ">", "a")],
    "CAST(a AS text) = '5'": [("'5'", "=", "a")],
    "(a) = 1 OR NOT (b = 2)": [("1", "=", "a"), ("2", "=", "b")],
    "a = (SELECT max(c) FROM t WHERE b = 3)": [("3", "=", "b")],
    "EXISTS (SELECT 1 FROM t AS u WHERE u.a = t.a AND u.b = 7)": [("7", "=", "b")],
    "a ->> 'colour' = 'red'": [("'red'", "=", "colour")],
    # What gives the statement its shape.
    "1 = 1": [],
    "true": [],
    "a IS NULL": [],
    "a = b": [],
    "substr(a, 2, 3) = b": [],
    "a IN (1, 'x')": [],
    "a IN (b, 1)": [],
    "a > b * 2": [],
    "(a, b) = (1, 2)": [],
    "a = NULL": [],
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("condition", BOTH)
def test_what_a_column_is_compared_with_is_an_input(dialect: str, condition: str):
    assert brief(f"SELECT a FROM t WHERE {condition}", dialect) == BOTH[condition]


POSTGRESQL = {
    "a = DATE '2026-01-31'": [("DATE '2026-01-31'", "=", "a", "date", True)],
    "a = '2026-01-31'::date": [("'2026-01-31'", "=", "a", "date", False)],
    "a = CAST('2026-01-31' AS date)": [("'2026-01-31'", "=", "a", "date", False)],
    "a > now() - interval '30 days'": [("interval '30 days'", ">", "a", "interval", True)],
    "a > now() - '30 days'::interval": [("'30 days'", ">", "a", "interval", False)],
    "a = true": [("true", "=", "a", None, False)],
    "a ILIKE 'x'": [("'x'", "like", "a", None, False)],
    "a IS DISTINCT FROM 'x'": [("'x'", "<>", "a", None, False)],
    "a COLLATE \"C\" < 'x'": [("'x'", "<", "a", None, False)],
    "'é' <> b AND a = 'ü'": [("'é'", "<>", "b", None, False), ("'ü'", "=", "a", None, False)],
    r"a = E'it\'s'": [(r"E'it\'s'", "=", "a", None, False)],
    # A type of several words, with a unit or a length, an array, or in a schema; a text in two pieces.
    "a > timestamp with time zone '2026-01-31'": [],
    "a > now() - interval '1' day": [],
    "a = '{1,2}'::int[]": [],
    "a = public.mood 'sad'": [],
    "a = 'x'\n'y'": [],
    "a = 0x1F": [],
    "a = -(5)": [],
    "a LIKE 'x!%' ESCAPE '!'": [],
    "to_char(a, 'YYYY') = b": [],
    "a = ANY ('{1,2}')": [],
}


@pytest.mark.parametrize("condition", POSTGRESQL)
def test_what_postgresql_alone_can_say(condition: str):
    text = f"SELECT a FROM t WHERE {condition}"
    found = [
        (text[item.start : item.end], item.operator, item.column, item.cast, item.cast_is_inside)
        for item in inputs(text, "postgresql")
    ]
    assert found == POSTGRESQL[condition]


SHAPES = [
    "SELECT a = 1, 'x', CASE WHEN a = 2 THEN 'y' END, count(*) FILTER (WHERE a = 3) FROM t GROUP BY a",
    "SELECT a FROM t ORDER BY a = 'x', 1 LIMIT 5 OFFSET 6",
    "SELECT a = 1 FROM t GROUP BY a = 1",
    "VALUES (1, 'x'), (2, 'y')",
    "SELECT sum(a) OVER (PARTITION BY b = 1 ORDER BY a > 2) FROM t",
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("sql", SHAPES)
def test_select_lists_groups_orders_and_limits_hold_no_inputs(dialect: str, sql: str):
    assert brief(sql, dialect) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_inputs_are_found_in_every_part_of_a_statement_that_has_conditions(dialect: str):
    sql = (
        "WITH w AS (SELECT a FROM t WHERE a = 1) SELECT count(*) FROM w JOIN t ON t.a = w.a AND t.b = 2 "
        "WHERE w.a IN (SELECT a FROM t WHERE c = 3) GROUP BY t.b HAVING count(*) > 4 "
        "UNION ALL SELECT 0 FROM t WHERE b = 5"
    )
    found = [("1", "=", "a"), ("2", "=", "b"), ("3", "=", "c"), ("4", ">", "count"), ("5", "=", "b")]
    assert brief(sql, dialect) == found


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_statement_that_cannot_be_read_has_no_inputs(dialect: str):
    assert inputs("SELECT 'open", dialect) == []
