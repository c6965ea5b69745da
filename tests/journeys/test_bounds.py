"""Results beyond all measure are answered within the budget, in memory that does not grow with them."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import engines
from tests.journeys.wire import first_text, served

TEN_MILLION = "SELECT n, 'row ' || n AS text FROM generate_series(1, 10000000) AS g(n)"
TEN_MILLION_SQLITE = (
    "WITH RECURSIVE g(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM g WHERE n < 10000000) "
    "SELECT n, 'row ' || n AS text FROM g"
)
# The server itself holds about 110 MB once everything is imported.
MEMORY_MB = 250
TOO_LARGE = re.compile(r"query_failed: A value is larger than \d+ MiB\. Select other columns of the row\.")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads a process's memory from /proc")


async def test_ten_million_rows_are_cut_in_little_memory(postgresql_shop: engines.PostgresqlDatabase) -> None:
    async with served(postgresql_shop.reader_url) as server:
        result = await server.call("query", sql=TEN_MILLION)
        text, notice = first_text(result), result["content"][1]["text"]
        assert "Cut to 500 rows; there are more." in notice
        assert len(text.encode()) <= 40_000
        result = await server.call("query", sql=TEN_MILLION, format="json", limit=10_000)
        assert len(first_text(result).encode()) <= 40_000
        assert "limited to 40000 bytes" in result["content"][1]["text"]
        assert server.peak_memory_mb() < MEMORY_MB


async def test_a_cell_of_a_hundred_megabytes_is_cut_by_the_database(
    postgresql_shop: engines.PostgresqlDatabase,
) -> None:
    async with served(postgresql_shop.reader_url) as server:
        result = await server.call("query", sql="SELECT repeat('x', 100000000) AS text, 7 AS seven")
        assert result["content"][1]["text"].startswith("1 cell is cut to ")
        header, row = csv.reader(io.StringIO(first_text(result)))
        assert header == ["text", "seven"]
        assert row[0].endswith("x…")
        assert row[1] == "7"
        assert server.peak_memory_mb() < MEMORY_MB


LARGE_CELLS = (
    "repeat('x', 100000000)::bytea",
    "array_fill(repeat('x', 1000), ARRAY[50000])",
    "('[' || repeat('1,', 10000000) || '1]')::json",
    "repeat('😀', 25000000)",
)


async def test_large_values_of_other_types_are_cut_too(postgresql_shop: engines.PostgresqlDatabase) -> None:
    async with served(postgresql_shop.reader_url) as server:
        for cell in LARGE_CELLS:
            result = await server.call("query", sql=f"SELECT {cell} AS cell")
            assert not result.get("isError"), first_text(result)
            assert "is cut to" in result["content"][1]["text"], cell
            assert len(first_text(result).encode()) <= 4 * 40_000
        assert server.peak_memory_mb() < MEMORY_MB


async def test_huge_numbers_are_cut_like_texts(postgresql_shop: engines.PostgresqlDatabase) -> None:
    numbers = (
        "SELECT {columns} FROM (SELECT (repeat('1', 130000))::numeric AS n OFFSET 0) AS one, generate_series(1, 600)"
    )
    async with served(postgresql_shop.reader_url) as server:
        for columns in ("n", "n, -n, abs(n), 'x' AS x"):
            result = await server.call("query", sql=numbers.format(columns=columns), limit=10_000, format="json")
            assert not result.get("isError"), first_text(result)
            assert "are cut to" in result["content"][1]["text"]
            first = json.loads(first_text(result))["rows"][0][0]
            assert re.fullmatch("1{100,}…", first)
        assert server.peak_memory_mb() < MEMORY_MB


async def test_many_large_cells_are_cut_together(postgresql_shop: engines.PostgresqlDatabase) -> None:
    columns = ", ".join(f"repeat('{letter}', 1000000) AS {letter}" for letter in "abcdefgh")
    async with served(postgresql_shop.reader_url) as server:
        result = await server.call("query", sql=f"SELECT {columns} FROM generate_series(1, 10000)", limit=10_000)
        assert not result.get("isError"), first_text(result)
        assert len(result["content"]) == 2
        assert server.peak_memory_mb() < MEMORY_MB


async def test_ten_million_rows_of_sqlite_are_cut_in_little_memory(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop)) as server:
        result = await server.call("query", sql=TEN_MILLION_SQLITE)
        assert first_text(result).startswith("n,text\n1,row 1\n2,row 2\n")
        assert "Cut to 500 rows; there are more." in result["content"][1]["text"]
        assert server.peak_memory_mb() < MEMORY_MB


async def test_large_cells_of_a_sqlite_file_are_cut_or_refused_clearly(sqlite_file: Callable[[str], Path]) -> None:
    path = sqlite_file(
        "CREATE TABLE big (id integer, cell); INSERT INTO big VALUES (1, zeroblob(2000000)), "
        "(2, hex(zeroblob(1000000))), (3, zeroblob(100000000)), (4, 'small')"
    )
    async with served(str(path)) as server:
        for number in (1, 2):
            result = await server.call("query", sql=f"SELECT id, cell FROM big WHERE id = {number}")
            assert "1 cell is cut to " in result["content"][1]["text"]
            assert len(first_text(result)) < 100_000
        assert TOO_LARGE.fullmatch(await server.text("SELECT cell FROM big WHERE id = 3"))
        assert await server.text("SELECT id, cell FROM big WHERE id = 4") == "id,cell\n4,small\n"
        assert await server.text("SELECT length(cell) AS n FROM big WHERE id = 2") == "n\n2000000\n"
        assert server.peak_memory_mb() < MEMORY_MB


async def test_a_value_that_would_be_made_too_large_is_refused_clearly(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop)) as server:
        assert TOO_LARGE.fullmatch(await server.text("SELECT hex(zeroblob(100000000)) AS cell"))
        assert server.peak_memory_mb() < MEMORY_MB


async def test_many_large_values_of_sqlite_are_cut_together(sqlite_shop: Path) -> None:
    sql = (
        "WITH RECURSIVE g(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM g WHERE n < 500) "
        "SELECT n, hex(zeroblob(2000000)) AS cell FROM g"
    )
    async with served(str(sqlite_shop)) as server:
        result = await server.call("query", sql=sql)
        assert not result.get("isError"), first_text(result)
        assert len(result["content"]) == 2
        assert server.peak_memory_mb() < MEMORY_MB


# Two values that are held against each other byte by byte, or a path or query whose every step is a level of the stack:
# each would be at work for minutes or hours, or end the process. {b} is half as long as {a}, and not in it.
LONG_AT_WORK = (
    "instr({a}, {b})",
    "replace({a}, {b}, '')",
    "trim({a}, {b} || '0')",
    "ltrim(CAST({a} AS BLOB), {b} || '0')",
    "like('%' || {b}, {a})",
    "{a} LIKE '%' || {b}",
    "{a} GLOB '*' || {b}",
    "json_patch({a}, {b})",
    "json_set('{{}}', '$' || replace({b}, '1', '.a'), 1)",
    "json_insert('[]', '$' || replace({b}, '1', '[0]'), 1)",
    "(SELECT count(*) FROM note WHERE note MATCH replace({b}, '1', 'a NOT ') || 'a')",
    "(SELECT count(*) FROM note WHERE note = replace({b}, '1', 'a ') || 'a')",
)


async def test_no_call_of_a_function_is_long_at_work(sqlite_file: Callable[[str], Path]) -> None:
    """SQLite cannot be stopped within one: the server would be held up long after the statement's time."""
    path = sqlite_file("CREATE VIRTUAL TABLE note USING fts5 (body); INSERT INTO note VALUES ('a b a')")
    values = (
        "WITH v AS MATERIALIZED (SELECT hex(zeroblob(1900000)) AS a, "
        "substr(replace(hex(zeroblob(1900000)), '0', '1'), 1, 1900000) AS b)"
    )
    async with served(str(path), env={"DBMCP_LIMITS__SECONDS": "1"}) as server:
        for call in LONG_AT_WORK:
            result = await server.text(f"{values} SELECT {call.format(a='v.a', b='v.b')} FROM v")
            assert re.match(
                r"query_failed: A (value|pattern of LIKE or GLOB) is l\w+ than \d+ (KiB|MiB|bytes)", result
            ), call
        assert await server.text("SELECT 1 AS one") == "one\n1\n"


async def test_a_short_literal_is_looked_for_in_large_cells(sqlite_file: Callable[[str], Path]) -> None:
    path = sqlite_file("CREATE TABLE big (cell text); INSERT INTO big VALUES ('a' || hex(zeroblob(1000000)) || 'b')")
    calls = {
        "instr(cell, 'b')": "2000002",
        "length(replace(cell, '0', ''))": "2",
        "length(trim(cell, 'ab'))": "2000000",
        "cell LIKE '%0b'": "1",
        "cell GLOB 'a0*'": "1",
        "json_extract(json_patch(json_object('a', cell), '{\"b\": 1}'), '$.b')": "1",
    }
    async with served(str(path)) as server:
        for call, expected in calls.items():
            assert await server.text(f"SELECT {call} AS found FROM big") == f"found\n{expected}\n"
