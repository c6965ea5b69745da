"""Two hundred hostile values for each type of parameter, on both engines.

Each is refused with the name of the parameter, or the reply is what the engine gives for the same value bound by its
driver, with no part of dbmcp in between.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from dbmcp.config import Settings
from dbmcp.errors import DbmcpError, InvalidParameter
from dbmcp.limits import Limits
from dbmcp.named_queries.model import ParameterType
from dbmcp.runtime import Runtime
from dbmcp.use_cases import run_named_query
from tests import engines
from tests.named_queries.files import sql_file, write
from tests.named_queries.hostile import VALUES

SECRET = "CREATE TABLE secret (id integer PRIMARY KEY, name text); INSERT INTO secret VALUES (1, 'ann'), (2, 'ben');"
# What each type is cast to where it is given back.
POSTGRESQL_TYPES = {
    "string": "text",
    "integer": "bigint",
    "number": "float8",
    "decimal": "numeric",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp",
    "time": "time",
    "interval": "interval",
    "uuid": "uuid",
    "json": "jsonb",
    "enum": "text",
}
KEYS = {"enum": 'values = ["web", "shop"]\n'}
ROOMY = Limits(bytes=1_000_000)
Oracle = Callable[[Any], Awaitable[Any]]


@asynccontextmanager
async def serving(folder: Path, url: str) -> AsyncIterator[Runtime]:
    """Open a runtime on the queries of a folder."""
    settings = Settings(databases={"main": {"url": url}}, queries=(str(folder),), format="json", limits=ROOMY)
    runtime = Runtime(settings)
    try:
        await runtime.check()
        runtime.load_library()
        yield runtime
    finally:
        await runtime.close()


async def rows(runtime: Runtime, name: str, given: Any) -> list[list[Any]] | None:
    """Return the rows of a call; None where it is refused with the name of the parameter."""
    try:
        reply = await run_named_query(runtime, name, {"p": given})
    except InvalidParameter as refusal:
        if "parameter 'p'" not in str(refusal):
            raise
        return None
    found: list[list[Any]] = json.loads(reply.text)["rows"]
    return found


def header(kind: str, *, array: bool = False) -> str:
    """Return the front matter of a query with one parameter of a type."""
    return f'[parameters.p]\ntype = "{kind}"\n{KEYS.get(kind, "")}{"array = true" if array else ""}'


def as_text(kind: str, given: Any) -> str:
    """Return a value that was taken as one would type it, by other means than dbmcp's."""
    if kind == "json":
        return json.dumps(given)
    if kind == "datetime":
        return datetime.fromisoformat(given).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return str(given).lower() if isinstance(given, bool) else str(given)


async def judge(runtime: Runtime, kind: str, oracle: Oracle) -> int:
    """Give every value to the query `one`, and in an array to `many`; return how many of the values were taken."""
    taken = 0
    for given in VALUES:
        found = await rows(runtime, "one", given)
        in_array = await rows(runtime, "many", [given])
        assert (found is None) == (in_array is None), repr(given)[:100]
        if found is not None:
            taken += 1
            expected = [[await oracle(given)]]
            # Not by an assertion: the difference of long texts would be worked out for minutes.
            if not found == in_array == expected:
                pytest.fail(f"{given!r:.100}: {expected!r:.100} became {found!r:.100} and {in_array!r:.100}")
        if not isinstance(given, list):
            assert await rows(runtime, "many", given) is None, "an array is no single value"
    return taken


@pytest.mark.parametrize("kind", POSTGRESQL_TYPES)
async def test_on_postgresql_a_hostile_value_is_a_value_or_is_refused(
    postgresql_database: engines.PostgresqlDatabase, tmp_path: Path, kind: ParameterType
) -> None:
    postgresql_database.run(SECRET)
    postgresql_database.grant_reader()
    of_type = POSTGRESQL_TYPES[kind]
    write(tmp_path, "one", sql_file(header(kind), f"SELECT CAST(CAST(:p AS {of_type}) AS text) AS given"))
    sql = f"SELECT CAST(item AS text) AS given FROM unnest(CAST(:p AS {of_type}[])) AS item"
    write(tmp_path, "many", sql_file(header(kind, array=True), sql))
    driver = await asyncpg.connect(postgresql_database.reader_url)

    async def bound(given: Any) -> Any:
        return await driver.fetchval(f"SELECT CAST(CAST($1::text AS {of_type}) AS text)", as_text(kind, given))

    try:
        async with serving(tmp_path, postgresql_database.reader_url) as runtime:
            taken = await judge(runtime, kind, bound)
    finally:
        await driver.close()
    assert taken > (100 if kind in ("string", "json") else -1)
    assert postgresql_database.rows("SELECT count(*) FROM secret") == [(2,)]


def _whole(item: Decimal) -> int | float:
    return int(item) if item % 1 == 0 and abs(item) < 2**63 else float(item)


def as_sqlite(kind: str, given: Any) -> Any:
    """Return a value that was taken as SQLite stores it, by other means than dbmcp's."""
    made: dict[str, Callable[[Any], Any]] = {
        "integer": int,
        "number": float,
        "decimal": lambda item: _whole(Decimal(str(item))),
        "boolean": int,
        "date": lambda item: date.fromisoformat(item).isoformat(),
        "datetime": lambda item: datetime.fromisoformat(item).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "time": lambda item: time.fromisoformat(item).isoformat(),
        "uuid": lambda item: item.lower(),
        "json": lambda item: json.dumps(item, ensure_ascii=False, separators=(",", ":")),
    }
    return made.get(kind, str)(given)


@pytest.mark.parametrize("kind", POSTGRESQL_TYPES)
async def test_on_sqlite_a_hostile_value_is_a_value_or_is_refused(tmp_path: Path, kind: ParameterType) -> None:
    path = engines.build_sqlite_file(tmp_path / "test.db", SECRET)
    folder = tmp_path / "queries"
    write(folder, "one", sql_file(header(kind), "SELECT CAST(:p AS text) AS given"))
    write(folder, "many", sql_file(header(kind, array=True), "SELECT CAST(value AS text) AS given FROM json_each(:p)"))
    with closing(sqlite3.connect(path)) as driver:

        async def bound(given: Any) -> Any:
            return driver.execute("SELECT CAST(? AS text)", (as_sqlite(kind, given),)).fetchone()[0]

        async with serving(folder, str(path)) as runtime:
            taken = await judge(runtime, kind, bound)
        assert driver.execute("SELECT count(*) FROM secret").fetchall() == [(2,)]
    assert taken > (100 if kind in ("string", "json") else -1)


TEXTS = [given for given in VALUES if isinstance(given, str) and "\0" not in given and given.isprintable()]


async def judge_conditions(runtime: Runtime) -> None:
    """Look for each text in a table that holds all of them: each finds itself, and nothing else."""
    for number, given in enumerate(TEXTS):
        assert await rows(runtime, "same", given) == [[number]], given
        assert await rows(runtime, "listed", [given]) == [[number]], given
        assert await rows(runtime, "part", given) == [[number]], given
    assert await rows(runtime, "listed", TEXTS) == [[number] for number in range(len(TEXTS))]


def write_conditions(folder: Path, *, in_list: str, part: str) -> None:
    """Write queries with the parameter in a condition: alone, in a list, and in an optional part."""
    text, array = header("string"), header("string", array=True)
    write(folder, "same", sql_file(text, "SELECT id FROM hostile WHERE v = :p ORDER BY id"))
    write(folder, "listed", sql_file(array, f"SELECT id FROM hostile WHERE v {in_list} ORDER BY id"))
    sql = f"SELECT id FROM hostile WHERE true /*[*/ AND {part} /*]*/ ORDER BY id"
    write(folder, "part", sql_file(f"{text}optional = true", sql))


async def test_on_postgresql_a_hostile_value_in_a_condition_finds_itself_alone(
    postgresql_database: engines.PostgresqlDatabase, tmp_path: Path
) -> None:
    postgresql_database.run("CREATE TABLE hostile (id int PRIMARY KEY, v text)")
    insert = "INSERT INTO hostile SELECT n - 1, v FROM unnest($1::text[]) WITH ORDINALITY AS u (v, n) RETURNING 1"
    postgresql_database.rows(insert, TEXTS)
    postgresql_database.grant_reader()
    write_conditions(tmp_path, in_list="= ANY(:p)", part="starts_with(v, :p) AND length(v) = length(:p)")
    async with serving(tmp_path, postgresql_database.reader_url) as runtime:
        await judge_conditions(runtime)


async def test_on_sqlite_a_hostile_value_in_a_condition_finds_itself_alone(tmp_path: Path) -> None:
    path = engines.build_sqlite_file(tmp_path / "test.db", "CREATE TABLE hostile (id integer PRIMARY KEY, v text)")
    with closing(sqlite3.connect(path)) as driver:
        driver.executemany("INSERT INTO hostile VALUES (?, ?)", enumerate(TEXTS))
        driver.commit()
    folder = tmp_path / "queries"
    write_conditions(folder, in_list="IN (SELECT value FROM json_each(:p))", part="v = :p")
    async with serving(folder, str(path)) as runtime:
        await judge_conditions(runtime)


@pytest.mark.parametrize("kind", ["choice", "claim"])
async def test_a_hostile_value_is_no_option_and_no_claim(tmp_path: Path, kind: str) -> None:
    path = engines.build_sqlite_file(tmp_path / "test.db", SECRET)
    folder = tmp_path / "queries"
    if kind == "choice":
        choice = '[parameters.p]\ntype = "choice"\noptions = { up = "name", down = "name DESC" }'
        write(folder, "one", sql_file(choice, "SELECT id FROM secret ORDER BY /*p[*/ name /*]*/"))
    else:
        claim = '[parameters.p]\ntype = "string"\nclaim = "who"'
        write(folder, "one", sql_file(claim, "SELECT id FROM secret WHERE name = :p"))
    async with serving(folder, str(path)) as runtime:
        for given in VALUES:
            with pytest.raises(DbmcpError) as refused:
                await run_named_query(runtime, "one", {"p": given})
            assert refused.value.code in ("invalid_parameter", "forbidden")
