"""Three databases for each engine: the one under attack, one with other secrets, and one with no secret in it.

An attempt must answer the same on the first two: they hold the same of what may be seen, under the same policy, and
other hidden rows and values. Where it answers with rows, they must be those of the third, which has no policy and
whose tables hold exactly what may be seen of the first.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from dbmcp.config import Settings
from dbmcp.errors import DbmcpError
from dbmcp.runtime import Runtime
from dbmcp.use_cases import Ask, run_sql
from tests import engines
from tests.policy import attempts_postgresql, attempts_sqlite

KEY = "a key of these tests"
# What no reply may hold, in whatever case: parts of every hidden text and number.
SECRETS = ("qzx", "kjy", "777000")
# The name of a view of the policy on SQLite: who knows it reads past the policy.
INNER_VIEW = re.compile(r"_[0-9a-f]{24}_")
# The planner of PostgreSQL 17 and later knows more of a WITH clause than those before.
SERVERS = ["wheel", "wheel of 18", *(["url"] if engines.engine_url("POSTGRESQL") else [])]


@dataclass(frozen=True)
class Outcome:
    """What a caller was told: rows in any order with their notice, or why there are none."""

    answered: bool
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all of it as one text."""
        return "\n".join(self.lines)


async def outcome(runtime: Runtime, sql: str) -> Outcome:
    """Run one statement as a caller would."""
    try:
        reply = await run_sql(runtime, Ask(sql))
    except DbmcpError as error:
        return Outcome(answered=False, lines=(error.code, str(error)))
    header, *rows = reply.text.splitlines()
    return Outcome(answered=True, lines=(header, *sorted(rows), reply.notice or ""))


@dataclass(frozen=True)
class Databases:
    """The one under attack, its twin with other secrets, and the one that holds only what may be seen."""

    attacked: Runtime
    twin: Runtime
    plain: Runtime


async def judge(databases: Databases, sql: str, expected: str) -> None:
    """Fail when the statement tells anything that is hidden, or is not answered or refused as expected."""
    found = await outcome(databases.attacked, sql)
    leaked = [secret for secret in SECRETS if secret in found.text.lower()] + INNER_VIEW.findall(found.text)
    assert leaked == [], found.text
    assert found == await outcome(databases.twin, sql), "the reply depends on what is hidden"
    if expected == "refused":
        assert not found.answered, found.text
    elif expected == "seen":
        assert found.answered, found.text
        assert found == await outcome(databases.plain, sql), "the reply is not what may be seen"


@asynccontextmanager
async def running(url: str | Path, policy: dict[str, Any] | None = None, **flags: Any) -> AsyncIterator[Runtime]:
    """Start a runtime of one database under a policy, as `dbmcp serve` does."""
    settings = Settings(databases={"main": {"url": str(url), "policy": policy or {}, **flags}})
    runtime = Runtime(settings)
    try:
        await runtime.check()
        yield runtime
    finally:
        await runtime.close()


@pytest.fixture(scope="session", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[engines.PostgresqlServer]:
    """Each PostgreSQL there is."""
    with ExitStack() as stack:
        if request.param == "url":
            yield engines.PostgresqlServer("url", str(engines.engine_url("POSTGRESQL")))
        elif request.param == "wheel":
            yield request.getfixturevalue("postgresql_from_wheel")
        else:
            # The first keeps the wheel's lock file in place.
            request.getfixturevalue("postgresql_from_wheel")
            with mock.patch.dict(os.environ, DBMCP_TEST_POSTGRESQL_WHEEL="18"):
                yield stack.enter_context(engines.postgresql_from_wheel())


@pytest.fixture
def database(server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make a database for one test."""
    with engines.fresh_postgresql_database(server) as made:
        yield made


@asynccontextmanager
async def _postgresql_databases(server: engines.PostgresqlServer) -> AsyncIterator[Databases]:
    module = attempts_postgresql
    with ExitStack() as stack:
        urls = []
        for sql in (module.ATTACKED, module.TWIN, module.plain(_sha256)):
            made = stack.enter_context(engines.fresh_postgresql_database(server))
            made.run(sql)
            for (schema,) in made.rows("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_)'"):
                made.grant_reader(str(schema))
            urls.append(made.reader_url)
        policy = {**module.POLICY, "hash_key": KEY}
        async with running(urls[0], policy) as attacked, running(urls[1], policy) as twin, running(urls[2]) as plain:
            yield Databases(attacked, twin, plain)


@pytest.fixture(scope="session")
async def on_postgresql(server: engines.PostgresqlServer) -> AsyncIterator[Databases]:
    """Make the three databases on each PostgreSQL, read by a role that may read everything."""
    async with _postgresql_databases(server) as databases:
        yield databases


@pytest.fixture(scope="session")
async def on_wheel(postgresql_from_wheel: engines.PostgresqlServer) -> AsyncIterator[Databases]:
    """Make the three databases on one PostgreSQL, for what no version changes."""
    async with _postgresql_databases(postgresql_from_wheel) as databases:
        yield databases


@pytest.fixture(scope="session")
async def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Databases]:
    """Make the three databases in SQLite files."""
    module = attempts_sqlite
    folder = tmp_path_factory.mktemp("policy")
    attacked_file, twin_file, plain_file = (
        engines.build_sqlite_file(folder / f"{number}.sqlite", sql)
        for number, sql in enumerate((module.ATTACKED, module.TWIN, module.plain(_hmac)))
    )
    policy = {**module.POLICY, "hash_key": KEY}
    async with (
        running(attacked_file, policy) as attacked,
        running(twin_file, policy) as twin,
        running(plain_file) as plain,
    ):
        yield Databases(attacked, twin, plain)


def _sha256(value: str) -> str:
    """Return the hash mask of PostgreSQL as docs/policy.md has it."""
    inner = hashlib.sha256(KEY.encode() + value.encode()).digest()
    return hashlib.sha256(KEY.encode() + inner).hexdigest()[:16]


def _hmac(value: str) -> str:
    """Return the hash mask of SQLite as docs/policy.md has it."""
    return hmac.new(KEY.encode(), value.encode(), hashlib.sha256).hexdigest()[:16]


def attempts(engine: str) -> list[tuple[str, str]]:
    """Return the statements tried on an engine, each with what is expected: seen, refused or either."""
    found: list[tuple[str, str]] = []
    expected = ""
    for line in Path(__file__).with_name(f"attempts_{engine}.sql").read_text("utf-8").splitlines():
        if mark := re.fullmatch(r"-- \[(\w+)\]", line):
            expected = mark.group(1)
        elif line and not line.startswith("--") and expected:
            found.append((expected, line))
    return found
