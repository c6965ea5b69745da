"""The packs that come with dbmcp: what they may read, who may not, and what they say on real servers."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from dbmcp.config import Settings
from dbmcp.database import Database, DatabaseSettings
from dbmcp.dialects import dialect_named
from dbmcp.errors import ConfigError, QueryFailed, StatementRejected
from dbmcp.guard import Reason, approve
from dbmcp.guard.extras import Extras
from dbmcp.guard.substitution import Substitution
from dbmcp.limits import Limits
from dbmcp.named_queries.library import load
from dbmcp.named_queries.model import Home, LibraryError
from dbmcp.named_queries.packs import PACKS
from dbmcp.runtime import Runtime
from dbmcp.use_cases import Ask, run_named_query, run_sql
from dbmcp.use_cases.checking import check_live
from tests import engines

POSTGRESQL = PACKS["postgresql"]
PLAIN, GOVERNED = Home("postgresql"), Home("postgresql", is_governed=True)


def test_every_pack_loads_whole_with_texts_the_guard_passes():
    for pack in PACKS.values():
        queries = load([], {"main": Home(pack.dialect)}, Limits(), [pack.name]).queries
        files = sorted(path.stem for path in pack.folder.glob("*.sql"))
        assert list(queries) == files
        assert {query.group for query in queries.values()} == {pack.name}
        assert all(query.description and query.title for query in queries.values())


@pytest.mark.parametrize("relation", sorted(POSTGRESQL.relations))
def test_a_users_own_file_may_not_read_what_a_pack_reads(tmp_path: Path, relation: str):
    (tmp_path / "mine.sql").write_text(f'/* description = "mine" */ SELECT 1 FROM {relation}')
    with pytest.raises(LibraryError, match="is held back") as refused:
        load([tmp_path], {"main": PLAIN}, Limits(), ["postgresql"])
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [(1, 42)]


@pytest.mark.parametrize("function", sorted(POSTGRESQL.functions))
def test_a_users_own_file_may_not_call_what_a_pack_calls(tmp_path: Path, function: str):
    (tmp_path / "mine.sql").write_text(f'/* description = "mine" */ SELECT {function}()')
    with pytest.raises(LibraryError, match="is held back"):
        load([tmp_path], {"main": PLAIN}, Limits(), ["postgresql"])


def test_a_pack_is_given_no_more_than_its_queries_use():
    texts = "\n".join(path.read_text() for path in POSTGRESQL.folder.glob("*.sql"))
    assert {name for name in POSTGRESQL.relations | POSTGRESQL.functions if name not in texts} == set()
    dialect = dialect_named("postgresql")
    assert all(dialect.relation_held_back("", name) for name in POSTGRESQL.relations)
    assert not POSTGRESQL.functions & dialect.functions


def test_no_setting_of_a_database_allows_relations_that_are_held_back():
    all_there_is = {"functions": ["pg_stat_activity"], "function_schemas": ["pg_catalog"]}
    settings = DatabaseSettings.model_validate({"url": "postgresql://reader@localhost/shop", **all_there_is})
    assert Database("shop", settings, Limits()).extras.relations == frozenset()


def test_a_relation_that_a_pack_may_read_by_its_bare_name_stays_shut_in_every_schema():
    extras = POSTGRESQL.extras(Extras())
    approve("SELECT pid FROM pg_stat_activity", extras=extras)
    for name in ("pg_catalog.pg_stat_activity", "monitoring.pg_stat_statements", "pg_authid", "pg_shadow"):
        with pytest.raises(StatementRejected) as refusal:
            approve(f"SELECT 1 FROM {name}", extras=extras)
        assert refusal.value.code == Reason.RELATION


def test_a_pack_is_served_for_databases_without_a_policy_alone():
    homes = {"plain": PLAIN, "governed": GOVERNED, "other": Home("sqlite")}
    queries = load([], homes, Limits(), ["postgresql"]).queries
    assert {query.databases for query in queries.values()} == {("plain",)}
    for none in ({"governed": GOVERNED}, {"other": Home("sqlite")}, {}):
        with pytest.raises(ConfigError, match="needs a database of postgresql without a policy"):
            load([], none, Limits(), ["postgresql"])


def test_even_the_guard_refuses_a_pack_under_a_policy():
    nothing = Substitution({("public", "t"): "SELECT 1"}, {}, {"t": ("public", "t")}, frozenset({("public", "t")}))
    with pytest.raises(StatementRejected) as refusal:
        approve("SELECT query FROM pg_stat_activity", extras=POSTGRESQL.extras(Extras()), policy=nothing)
    assert refusal.value.code == Reason.POLICY


# ---- on real servers ----

TABLES = """
CREATE TABLE parent (id integer PRIMARY KEY, word text);
CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent, word text, number integer);
INSERT INTO parent SELECT n, 'w' || n FROM generate_series(1, 1000) AS n;
INSERT INTO child SELECT n, 1 + n % 1000, 'w' || n, n FROM generate_series(1, 20000) AS n;
CREATE INDEX child_number ON child (number);
CREATE INDEX child_number_word ON child (number, word);
CREATE INDEX child_word ON child (word) WHERE word IS NOT NULL;
CREATE INDEX child_word_too ON child (word) WHERE word IS NOT NULL;
ANALYZE;
DELETE FROM child WHERE id % 2 = 0;
ANALYZE child;
"""
HIDDEN = "hidden: the role is no member of pg_read_all_stats"
OURS = "hidden: a statement of dbmcp"
# Arguments that leave nothing out.
EVERYTHING: dict[str, dict[str, object]] = {
    "pg_activity": {"idle": True},
    "pg_bloat": {"at_least_mb": 0},
    "pg_cache_hit": {"blocks": 0},
    "pg_long_transactions": {"longer_than": "0 seconds"},
    "pg_missing_indexes": {"rows": 0},
    "pg_unused_indexes": {"at_least_mb": 0},
}


@pytest.fixture(scope="module")
def shop(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    with engines.fresh_postgresql_database(postgresql_server) as made:
        made.run(TABLES)
        made.grant_reader()
        yield made


@asynccontextmanager
async def operators(url: str, **database: object) -> AsyncIterator[Runtime]:
    """Serve the pack for a database."""
    served = {"url": url, "allow_writable_role": True, **database}
    settings = {"databases": {"shop": served}, "query_packs": ["postgresql"]}
    runtime = Runtime(Settings.model_validate(settings))
    runtime.load_library()
    try:
        yield runtime
    finally:
        await runtime.close()


async def rows(runtime: Runtime, name: str, **arguments: object) -> list[dict[str, str]]:
    """Return the rows of a query, with all there is where no arguments are given."""
    reply = await run_named_query(runtime, name, arguments or EVERYTHING.get(name, {}))
    assert reply.notice is None
    return list(csv.DictReader(io.StringIO(reply.text)))


@asynccontextmanager
async def a_session_that_waits(shop: engines.PostgresqlDatabase) -> AsyncIterator[tuple[int, int]]:
    """Hold a lock in one session and wait for it in another; lend the pids of the one that waits, and the other."""
    holder, waiter = await asyncpg.connect(shop.url), await asyncpg.connect(shop.url)
    await holder.execute("BEGIN; UPDATE parent SET word = 'secret-held' WHERE id = 1")
    waiting = asyncio.create_task(waiter.execute("UPDATE parent SET word = 'secret-waited' WHERE id = 1"))
    try:
        for _ in range(500):
            if shop.rows("SELECT FROM pg_locks WHERE pid = $1 AND NOT granted", waiter.get_server_pid()):
                break
            await asyncio.sleep(0.01)
        yield waiter.get_server_pid(), holder.get_server_pid()
    finally:
        await holder.execute("ROLLBACK")
        await waiting
        await holder.close()
        await waiter.close()


@pytest.mark.parametrize("name", sorted(set(EVERYTHING) | {path.stem for path in POSTGRESQL.folder.glob("*.sql")}))
@pytest.mark.parametrize("role", ["reader", "statistics", "superuser"])
async def test_a_query_of_the_pack_runs_for_every_role(shop: engines.PostgresqlDatabase, name: str, role: str):
    if role == "statistics":
        shop.run(f'GRANT pg_read_all_stats TO "{shop.reader}"')
    url = shop.url if role == "superuser" else shop.reader_url
    try:
        async with a_session_that_waits(shop), operators(url) as runtime:
            if name == "pg_slow_statements":
                with pytest.raises(QueryFailed, match="pg_stat_statements is not at work in this database"):
                    await rows(runtime, name)
            else:
                assert await rows(runtime, name)
    finally:
        shop.run(f'REVOKE pg_read_all_stats FROM "{shop.reader}"')


async def test_a_role_without_rights_sees_that_there_is_more_and_none_of_it(shop: engines.PostgresqlDatabase):
    async with a_session_that_waits(shop) as (waiter, holder), operators(shop.reader_url) as runtime:
        (blocked,) = await rows(runtime, "pg_blocking")
        assert (blocked["blocked"], blocked["blocker"]) == (str(waiter), str(holder))
        assert (blocked["blocked_statement"], blocked["blocker_statement"]) == (HIDDEN, HIDDEN)
        activity = {int(row["pid"]): row for row in await rows(runtime, "pg_activity")}
        assert {activity[pid]["statement"] for pid in (waiter, holder)} == {HIDDEN}
        assert activity[waiter]["blocked_by"] == f"{{{holder}}}"
        assert [row["what"] for row in await rows(runtime, "pg_long_transactions")] == [
            "hidden, for the role is no member of pg_read_all_stats: 2"
        ]


async def test_a_role_with_the_statistics_sees_statements(shop: engines.PostgresqlDatabase):
    async with a_session_that_waits(shop) as (waiter, _), operators(shop.url) as runtime:
        (blocked,) = await rows(runtime, "pg_blocking")
        assert "secret-waited" in blocked["blocked_statement"]
        assert "secret-held" in blocked["blocker_statement"]
        assert (blocked["blocker_state"], blocked["blocker_is_blocked"]) == ("idle in transaction", "f")
        activity = {int(row["pid"]): row for row in await rows(runtime, "pg_activity")}
        assert activity[waiter]["waits_for"].startswith("Lock: ")
        assert await rows(runtime, "pg_activity", longer_than="1 day") == []
        held = await rows(runtime, "pg_locks_held", table="parent")
        assert {row["mode"] for row in held} >= {"RowExclusiveLock"}


async def test_statements_of_dbmcp_and_of_other_databases_are_not_shown(
    shop: engines.PostgresqlDatabase, postgresql_server: engines.PostgresqlServer
):
    key = "0123456789abcdef0123456789abcdef"
    governed = {
        "allow_writable_role": True,
        "policy": {"tables": {"parent": {"mask": {"word": "hash"}}}, "hash_key": key},
    }
    elsewhere = await asyncpg.connect(postgresql_server.url)
    try:
        await elsewhere.fetch("SELECT 'secret-elsewhere'")
        async with operators(shop.url) as runtime:
            served = Runtime(Settings.model_validate({"databases": {"governed": {"url": shop.url, **governed}}}))
            try:
                await run_sql(served, Ask("SELECT word FROM parent"))
                found = [*await rows(runtime, "pg_activity"), *await rows(runtime, "pg_long_transactions")]
                assert any(row["statement"] == OURS for row in found if "statement" in row)
                assert not any(key in str(row) or "secret" in str(row) for row in found)
            finally:
                await served.close()
    finally:
        await elsewhere.close()


def test_what_runs_under_a_policy_begins_as_the_pack_knows_it():
    policy = Substitution({("public", "t"): "SELECT 1"}, {}, {"t": ("public", "t")}, frozenset({("public", "t")}))
    assert approve("SELECT * FROM t", policy=policy).prelude.startswith("WITH _policy")
    assert "'^(EXPLAIN )?WITH _policy'" in (POSTGRESQL.folder / "pg_slow_statements.sql").read_text()


async def test_a_statement_with_a_password_is_not_shown(shop: engines.PostgresqlDatabase):
    other = await asyncpg.connect(shop.url)
    try:
        await other.execute(f"BEGIN; ALTER ROLE \"{shop.reader}\" PASSWORD '{shop.password}'")
        async with operators(shop.url) as runtime:
            activity = {int(row["pid"]): row["statement"] for row in await rows(runtime, "pg_activity")}
            assert activity[other.get_server_pid()] == "hidden: it may hold a password"
            found = await rows(runtime, "pg_long_transactions")
            assert [row["last_statement"] for row in found] == ["hidden: it may hold a password"]
    finally:
        await other.execute("ROLLBACK")
        await other.close()


async def test_a_live_check_finds_no_fault_in_the_pack_and_says_what_the_server_lacks(
    shop: engines.PostgresqlDatabase,
):
    async with operators(shop.reader_url) as runtime:
        checked = await check_live(runtime, update=False)
        assert checked.faults == ()
        (note,) = checked.notes
        assert note.startswith("pack:postgresql/pg_slow_statements.sql:")


async def test_indexes_are_found_unused_duplicate_and_missing(shop: engines.PostgresqlDatabase):
    async with operators(shop.reader_url) as runtime:
        duplicates = {
            row["superfluous"]: (row["kept"], row["how"]) for row in await rows(runtime, "pg_duplicate_indexes")
        }
        assert duplicates == {
            "child_number": ("child_number_word", "begins the same"),
            "child_word_too": ("child_word", "the same"),
        }
        unused = {row["index"] for row in await rows(runtime, "pg_unused_indexes")}
        assert unused == {"child_number", "child_number_word", "child_word", "child_word_too"}
        missing = [row["why"] for row in await rows(runtime, "pg_missing_indexes")]
        assert "the foreign key child_parent_id_fkey (parent_id) to parent has no index" in missing


async def test_bloat_is_about_what_was_deleted_and_told_as_unknown_without_statistics(shop: engines.PostgresqlDatabase):
    async with operators(shop.reader_url) as runtime:
        found = {row["table"]: row for row in await rows(runtime, "pg_bloat")}
        assert 45 <= int(found["child"]["bloat_percent"]) <= 55
        # Of its six pages the last one is not full.
        assert int(found["parent"]["bloat_percent"]) <= 20
        shop.run(f'REVOKE SELECT ON parent FROM "{shop.reader}"')
        try:
            found = {row["table"]: row for row in await rows(runtime, "pg_bloat")}
            assert found["parent"]["bloat"] == ""
        finally:
            shop.grant_reader()


async def test_the_pack_cannot_be_served_for_a_governed_database(shop: engines.PostgresqlDatabase):
    with pytest.raises(ConfigError, match="without a policy"):
        async with operators(shop.url, policy={"deny_tables": ["parent"]}):
            pass
