"""TPC-H and TPC-DS, whole: the guard passes every query, and what dbmcp fetches is what PostgreSQL gives for its text.

Texts and data come from DuckDB's extensions, which are installed as wheels and hold them as functions: none of it is
copied here. The texts run on PostgreSQL as they are, without any change of dialect.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr

from dbmcp.database import Database, DatabaseSettings
from dbmcp.guard import approve
from dbmcp.limits import Limits
from dbmcp.results import Bounds
from tests import engines

QUERIES = {"tpch": 22, "tpcds": 99}
NAMES = [f"{benchmark}-{number}" for benchmark, count in QUERIES.items() for number in range(1, count + 1)]
# The generator of TPC-DS does not end below this one.
SCALE = 0.01
# At this scale 27 of the texts of TPC-DS ask for values that the data does not hold.
WITH_ROWS_AT_LEAST = 90
# Without these a query of each benchmark takes longer than all the others together.
INDEXES = """
CREATE INDEX ON tpch.lineitem (l_partkey, l_suppkey);
CREATE INDEX ON tpcds.date_dim (d_date_sk);
CREATE INDEX ON tpcds.date_dim (d_week_seq);
ANALYZE;
"""

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@dataclass(frozen=True)
class Answer:
    """What PostgreSQL gives for a query's text: the names of the columns, and rows of its own text."""

    columns: list[str]
    rows: list[list[str | None]]


@pytest.fixture(scope="module")
def generator() -> Iterator[Any]:
    """Return a DuckDB connection with the texts and the generators of both benchmarks; absent where it is not there."""
    if find_spec("duckdb") is None:
        engines.absent("DuckDB, which brings the queries of TPC-H and TPC-DS", "install the dev extra")
    duckdb = import_module("duckdb")
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    with closing(duckdb.connect(config=settings)) as connection:
        for name in QUERIES:
            spec = find_spec(f"duckdb_extension_{name}")
            folder = Path(str(spec.origin)).parent / "extensions" / f"v{duckdb.__version__}" if spec else Path()
            file = folder / f"{name}.duckdb_extension"
            if not file.is_file():
                engines.absent(f"DuckDB's extension {name} for {duckdb.__version__}", "install the dev extra")
            connection.execute(f"LOAD '{file}'")
        yield connection


@pytest.fixture(scope="module")
def texts(generator: Any) -> dict[str, str]:
    """Return the text of every query, by its name."""
    return {
        f"{benchmark}-{number}": text
        for benchmark in QUERIES
        for number, text in generator.execute(f"SELECT query_nr, query FROM {benchmark}_queries()").fetchall()
    }


@pytest.fixture(scope="module")
async def loaded(
    generator: Any, postgresql_from_wheel: engines.PostgresqlServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[engines.PostgresqlDatabase]:
    """Make a database with the tables of each benchmark in a schema of its name, filled, and a role to read them."""
    for benchmark, make in zip(QUERIES, ("dbgen", "dsdgen"), strict=True):
        generator.execute(f"CREATE SCHEMA {benchmark}; CALL {make}(sf = {SCALE}, schema = '{benchmark}')")
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        # Which of several rows with equal sort keys come first must not depend on who is quicker.
        database.run(f'ALTER DATABASE "{database.name}" SET max_parallel_workers_per_gather = 0')
        connection = await asyncpg.connect(database.url)
        try:
            for benchmark in QUERIES:
                async with connection.transaction():
                    await _copy(generator, connection, benchmark, tmp_path_factory.mktemp(benchmark))
            await connection.execute(INDEXES)
        finally:
            await connection.close()
        for benchmark in QUERIES:
            database.grant_reader(benchmark)
        yield database


async def _copy(generator: Any, connection: asyncpg.Connection, schema: str, folder: Path) -> None:
    """Make the tables of one benchmark, with the columns and types that its generator gives them, and fill them."""
    columns: dict[str, list[str]] = {}
    listing = (
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = ? "
        "ORDER BY table_name, column_index"
    )
    for table, column, kind in generator.execute(listing, [schema]).fetchall():
        columns.setdefault(table, []).append(f"{column} {kind}")
    await connection.execute(f"CREATE SCHEMA {schema}")
    for table, defined in columns.items():
        file = folder / f"{table}.csv"
        generator.execute(f"COPY {schema}.{table} TO '{file}' (FORMAT csv, HEADER false, FORCE_QUOTE *)")
        await connection.execute(f"CREATE UNLOGGED TABLE {schema}.{table} ({', '.join(defined)})")
        await connection.copy_to_table(table, schema_name=schema, source=file, format="csv")


@pytest.fixture(scope="module")
async def answers(loaded: engines.PostgresqlDatabase, texts: Mapping[str, str]) -> dict[str, Answer]:
    """Return what PostgreSQL gives for every text: COPY prints each value as psql would, and is no part of dbmcp."""
    connection = await asyncpg.connect(loaded.reader_url)
    try:
        return {name: await _answer(connection, name.partition("-")[0], text) for name, text in texts.items()}
    finally:
        await connection.close()


async def _answer(connection: asyncpg.Connection, schema: str, text: str) -> Answer:
    await connection.execute(f"SET search_path = {schema}")
    columns = [attribute.name for attribute in (await connection.prepare(text)).get_attributes()]
    chunks: list[bytes] = []

    async def keep(chunk: bytes) -> None:
        chunks.append(chunk)

    await connection.copy_from_query(text.strip().removesuffix(";"), output=keep)
    lines = b"".join(chunks).decode().split("\n")[:-1]
    return Answer(columns, [[_value(cell) for cell in line.split("\t")] for line in lines])


def _value(cell: str) -> str | None:
    """Return what a cell of COPY's text format stands for."""
    return None if cell == "\\N" else _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), cell)


@pytest.fixture(scope="module")
async def databases(loaded: engines.PostgresqlDatabase) -> AsyncIterator[dict[str, Database]]:
    """Open each benchmark as a database of dbmcp's, which finds its tables through the search path."""
    url = SecretStr(loaded.reader_url)
    made = {name: Database(name, DatabaseSettings(url=url, search_path=name), Limits()) for name in QUERIES}
    yield made
    for database in made.values():
        await database.close()


def test_every_query_of_both_is_there(texts: Mapping[str, str]) -> None:
    assert list(texts) == NAMES
    assert all(re.search("select", text, re.IGNORECASE) for text in texts.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_approved(name: str, texts: Mapping[str, str]) -> None:
    assert approve(texts[name], "postgresql").text in texts[name]


@pytest.mark.parametrize("name", NAMES)
async def test_a_query_gives_the_rows_of_its_plain_text(
    name: str, texts: Mapping[str, str], answers: Mapping[str, Answer], databases: Mapping[str, Database]
) -> None:
    database = databases[name.partition("-")[0]]
    result = await database.fetch(approve(texts[name], "postgresql"), Bounds(rows=10_000, bytes=1_000_000, seconds=30))
    assert [column.name for column in result.columns] == answers[name].columns
    assert [list(row) for row in result.rows] == answers[name].rows
    assert not result.more


def test_enough_of_the_queries_give_rows_at_all(answers: Mapping[str, Answer]) -> None:
    with_rows = [name for name, answer in answers.items() if answer.rows]
    assert len(with_rows) >= WITH_ROWS_AT_LEAST
    assert {f"tpch-{number}" for number in range(1, 23)} <= set(with_rows)
