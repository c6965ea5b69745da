"""A line of the server's output stays within `limits.bytes`, whatever a statement makes of a cell, a row or a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dbmcp.formats import FORMATS
from tests import engines
from tests.journeys.wire import Wire, served

BYTES = 40_000
# What JSON-RPC and the protocol put round the text, and the notice.
ENVELOPE = 600
SIGNS = {"control": "\x01", "emoji": "😀", "quote": '"', "backslash": "\\", "bar": "|", "line end": "\n"}


async def line_for(server: Wire, sql: str, form: str) -> bytes:
    """Return the line that answers a statement, as it came."""
    await server.start("tools/call", {"name": "query", "arguments": {"sql": sql, "format": form, "limit": 1}})
    assert server.process.stdout is not None
    return await server.process.stdout.readline()


async def assert_bounded(server: Wire, cells: dict[str, str], names: str, wide: str) -> None:
    for form in FORMATS:
        for label, cell in cells.items():
            line = await line_for(server, f"SELECT {cell} AS cell, 7 AS seven", form)
            assert BYTES - 100 < len(line) < BYTES + ENVELOPE, (form, label)
            result = json.loads(line)["result"]
            assert result["content"][1]["text"].startswith("1 cell is cut to "), (form, label)
            assert "7" in result["content"][0]["text"], (form, label)
        line = await line_for(server, names, form)
        text = json.loads(line)["result"]["content"][0]["text"]
        assert text.startswith("query_failed: The names of the columns alone are longer than a reply may be")
        assert len(line) < ENVELOPE
        line = await line_for(server, wide, form)
        assert len(line) < BYTES + ENVELOPE
        notice = json.loads(line)["result"]["content"][1]["text"]
        assert notice == "Not one row fits into the 40000 bytes of a reply. Select fewer columns."


@pytest.mark.postgresql
async def test_no_reply_of_postgresql_is_longer(postgresql_shop: engines.PostgresqlDatabase) -> None:
    async with served(postgresql_shop.reader_url) as server:
        cells = {label: f"repeat(chr({ord(sign)}), 100000)" for label, sign in SIGNS.items()}
        names = ", ".join(f'{number} AS "{"n" * 55}{number}"' for number in range(800))
        wide = ", ".join(["repeat('x', 100)"] * 1_500)
        await assert_bounded(server, cells, f"SELECT {names}", f"SELECT {wide}")


async def test_no_reply_of_sqlite_is_longer(sqlite_file: Callable[[str], Path]) -> None:
    file = sqlite_file("CREATE TABLE t (a)")
    async with served(str(file)) as server:
        cells = {
            label: f"replace(substr(hex(zeroblob(50000)), 1, 100000), '0', char({ord(sign)}))"
            for label, sign in SIGNS.items()
        }
        columns = ", ".join(f"'{'x' * 100}' AS c{number}" for number in range(100))
        await assert_bounded(
            server,
            cells,
            f'SELECT 1 AS "{"n" * 50_000}"',
            f"WITH v AS (SELECT {columns}) SELECT {', '.join(['v.*'] * 19)} FROM v",
        )
