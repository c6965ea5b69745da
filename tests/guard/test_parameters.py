"""Placeholders: read where values come with the statement, and refused everywhere else."""

from __future__ import annotations

import pytest

from dbmcp.errors import StatementRejected
from dbmcp.guard import Reason, approve

SIGNS = [("postgresql", "$"), ("sqlite", "?")]


@pytest.mark.parametrize("dialect, sign", SIGNS)
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT #1",
        "SELECT a FROM t WHERE b = #1 AND c BETWEEN #2 AND #3 ORDER BY 1 LIMIT #4 OFFSET #5",
        "SELECT #2, #1, #2 FROM t",
        "SELECT count(*) FILTER (WHERE a > #1) FROM t GROUP BY coalesce(b, #2) HAVING count(*) > #3",
        "WITH q AS (SELECT #1 AS a) SELECT a FROM q UNION ALL SELECT #2",
        "SELECT CASE WHEN #1 IS NULL THEN a ELSE CAST(#1 AS text) END FROM t WHERE a IN (#2, #3)",
        "SELECT '#9', \"#9\", /* #9 */ #1 -- #9\n AS a",
    ],
)
def test_a_read_with_placeholders_passes_where_each_has_a_value(dialect: str, sign: str, sql: str) -> None:
    text = sql.replace("#", sign)
    approved = approve(text, dialect, parameters=5)
    assert approved.text == text
    assert approved.parameters == 5


@pytest.mark.parametrize("dialect, sign", SIGNS)
@pytest.mark.parametrize("parameters", [0, 1])
@pytest.mark.parametrize("number", ["2", "0", "99", "4294967296"])
def test_a_placeholder_without_a_value_is_refused_at_its_place(
    dialect: str, sign: str, parameters: int, number: str
) -> None:
    with pytest.raises(StatementRejected) as refusal:
        approve(f"SELECT a FROM t WHERE b = {sign}{number}", dialect, parameters=parameters)
    assert refusal.value.code in (Reason.PARAMETER, Reason.SYNTAX)


@pytest.mark.parametrize("sql", ["SELECT ?", "SELECT ? 1", "SELECT :a", "SELECT @a", "SELECT $a", "SELECT ?-1"])
def test_sqlite_placeholders_of_other_kinds_are_refused_even_beside_values(sql: str) -> None:
    with pytest.raises(StatementRejected) as refusal:
        approve(sql, "sqlite", parameters=1)
    assert refusal.value.code == Reason.PARAMETER


@pytest.mark.parametrize("dialect, sign", SIGNS)
@pytest.mark.parametrize(
    "sql, reason",
    [
        ("DELETE FROM t WHERE a = #1", Reason.WRITE),
        ("SELECT #1; SELECT 2", Reason.MANY_STATEMENTS),
        ("SELECT a FROM t WHERE a = #1; DROP TABLE t", Reason.MANY_STATEMENTS),
        ("SELECT load_extension(#1)", Reason.FUNCTION),
        ("SELECT no_such_function_at_all(#1)", Reason.FUNCTION),
    ],
)
def test_values_change_nothing_of_what_is_refused(dialect: str, sign: str, sql: str, reason: Reason) -> None:
    with pytest.raises(StatementRejected) as refusal:
        approve(sql.replace("#", sign), dialect, parameters=1)
    assert refusal.value.code == reason
