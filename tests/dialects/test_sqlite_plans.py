"""Plans of SQLite, on real files: every line of EXPLAIN QUERY PLAN is told, and tables of any name are found in it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dbmcp.dialects import dialect_of
from dbmcp.dialects.base import Read, Session
from dbmcp.errors import InvalidParameter
from dbmcp.plans import Step
from tests import engines

TABLES = """
CREATE TABLE a (id INTEGER PRIMARY KEY, x INT, y TEXT); CREATE INDEX ax ON a (x);
CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INT, z TEXT);
CREATE VIEW v AS SELECT a.id, b.z FROM a JOIN b ON b.a_id = a.id;
CREATE TABLE "odd (name) USING INDEX ax" (x INT); CREATE INDEX "odd index" ON "odd (name) USING INDEX ax" (x);
CREATE VIRTUAL TABLE f USING fts5(body);
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a file of a few tables."""
    return engines.build_sqlite_file(tmp_path_factory.mktemp("plans") / "plans.sqlite", TABLES)


def steps(path: Path, sql: str, *, measured: bool = False) -> list[Step]:
    """Return the steps of a statement's plan."""

    async def planned() -> list[Step]:
        dialect = dialect_of(str(path))
        connection = await dialect.connect(Session(str(path)))
        try:
            return list((await dialect.plan(connection, Read(sql), measured=measured)).root.walk())
        finally:
            await dialect.close(connection)

    return asyncio.run(planned())


def scans(path: Path, sql: str) -> list[tuple[str, str, bool, str]]:
    """Return of each scan what it reads, by which index, whether all of it, and what is looked up."""
    return [(item.alias, item.index, item.is_whole, item.on) for item in steps(path, sql) if item.kind == "scan"]


@pytest.mark.parametrize(
    "sql, expected",
    [
        ("SELECT * FROM a", [("a", "", True, "")]),
        ("SELECT * FROM a AS q WHERE x = 1", [("q", "ax", False, "x=?")]),
        ("SELECT x FROM a", [("a", "ax", False, "")]),
        ("SELECT * FROM a WHERE id = 1", [("a", "INTEGER PRIMARY KEY", False, "rowid=?")]),
        ("SELECT * FROM v WHERE z = 'm'", [("b", "", True, ""), ("a", "INTEGER PRIMARY KEY", False, "rowid=?")]),
        ("SELECT * FROM b p JOIN b q ON p.z = q.z", [("p", "", True, ""), ("q", "AUTOMATIC", False, "z=?")]),
        ("SELECT * FROM a LEFT JOIN b ON b.z = a.y", [("a", "", True, ""), ("b", "AUTOMATIC", False, "z=?")]),
        ("SELECT * FROM f WHERE f MATCH 'm'", [("f", "VIRTUAL TABLE INDEX 0:M1", False, "")]),
        ("SELECT 1", []),
        ("VALUES (1), (2)", []),
    ],
)
def test_what_is_read_is_told(path: Path, sql: str, expected: list[tuple[str, str, bool, str]]) -> None:
    assert scans(path, sql) == expected


def test_a_table_may_be_called_like_a_part_of_a_plan(path: Path) -> None:
    found = scans(path, 'SELECT * FROM "odd (name) USING INDEX ax" WHERE x = 3')
    assert found == [("odd (name) USING INDEX ax", "odd index", False, "x=?")]


def test_sorts_are_told_and_subqueries_hold_their_steps(path: Path) -> None:
    found = steps(path, "SELECT y, count(DISTINCT x) FROM a WHERE id IN (SELECT a_id FROM b) GROUP BY y ORDER BY 2")
    assert {item.on for item in found if item.kind == "sort"} >= {"GROUP BY", "ORDER BY"}
    (subquery,) = (item for item in found if "SUBQUERY" in item.name)
    assert [item.alias for item in subquery.steps] == ["b"]


def test_a_plan_is_not_measured(path: Path) -> None:
    with pytest.raises(InvalidParameter, match="SQLite cannot measure a plan"):
        steps(path, "SELECT * FROM a", measured=True)
