"""Results beyond all measure are answered within the budget, in memory that does not grow with them."""

from __future__ import annotations

import csv
import io
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
TOO_LARGE = re.compile(
    r"query_failed: A value is larger than \d+ MiB\. Select other columns, or length\(\) of this one\."
)

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
