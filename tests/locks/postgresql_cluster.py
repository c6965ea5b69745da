"""A PostgreSQL server of one's own, with the corpus's database on it, that can be put back after an attack."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from dbmcp.dialects.postgresql_role import grant_script, inspect
from tests import corpus, engines
from tests.locks import postgresql_state as state
from tests.locks.trials import changed

DATABASE = "inn"
READER = "dbmcp_reader"

# The server is thrown away: what makes it safe against a power cut only makes it slow.
_SETTINGS = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\nautovacuum = off\n"
_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
_SHARED = """
SELECT 'DATABASE ' || datname,
    concat_ws(' ', pg_get_userbyid(datdba), datistemplate, datallowconn, datconnlimit, datacl)
FROM pg_database
UNION ALL SELECT 'TABLESPACE ' || spcname, concat_ws(' ', pg_get_userbyid(spcowner), spcacl, spcoptions)
FROM pg_tablespace
UNION ALL SELECT 'ROLE ' || rolname, concat_ws(' ', to_jsonb(a) - 'oid' - 'rolname' - 'rolpassword', (
    SELECT string_agg(pg_get_userbyid(roleid), ',' ORDER BY roleid) FROM pg_auth_members WHERE member = a.oid
)) FROM pg_authid AS a
UNION ALL SELECT 'SETTINGS ' || setdatabase::text || setrole::regrole, setconfig::text FROM pg_db_role_setting
    WHERE setrole <> 0 OR setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND pid <> ALL ($1::int[]) AND backend_type = 'client backend'
"""
# A copy of every table, called like the table with its schema, and of every sequence.
_KEEP = """
CREATE SCHEMA kept;
DO $$
DECLARE each text;
BEGIN
    FOR each IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'archive')
    LOOP EXECUTE format('CREATE TABLE kept.%I AS TABLE %s', each, each);
    END LOOP;
END $$;
CREATE TABLE kept.sequences AS SELECT schemaname, sequencename, last_value FROM pg_sequences;
"""
_SEQUENCES = """
SELECT setval(format('%I.%I', s.schemaname, s.sequencename), coalesce(k.last_value, s.start_value),
    k.last_value IS NOT NULL)
FROM pg_sequences AS s JOIN kept.sequences AS k USING (schemaname, sequencename)
"""
_ANEW = (
    f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)",
    f"DROP ROLE IF EXISTS {READER}",
    "ALTER ROLE postgres SUPERUSER CREATEDB CREATEROLE LOGIN REPLICATION BYPASSRLS CONNECTION LIMIT -1 PASSWORD NULL",
    "ALTER ROLE postgres RESET ALL",
    "UPDATE pg_authid SET rolsuper = rolname = 'postgres'",
    f"CREATE DATABASE {DATABASE}",
)
_PUBLIC = "CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC"


@dataclass
class Cluster:
    """One server of the wheel, its admin's connection, and sessions of others that an attack must leave alone."""

    scratch: Path
    channels: tuple[str, ...]
    heard: list[str] = field(default_factory=list)
    refilled: int = 0
    rebuilt: int = 0
    recreated: int = 0
    renewed: int = 0
    _script: str | None = None
    _others: list[int] = field(default_factory=list)
    _busy: object = None

    async def start(self) -> None:
        """Start a server, make the database, and remember what is on the server now."""
        self._stack = ExitStack()
        self.server = self._stack.enter_context(engines.postgresql_from_wheel())
        self.data = Path(parse_qs(urlsplit(self.server.url).query)["host"][0])
        self._keeper = await asyncpg.connect(self.server.url)
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(_SETTINGS)
        await self._keeper.execute("SELECT pg_reload_conf()")
        await self._create()
        self._shared = await self._shared_state()

    async def _create(self) -> None:
        for statement in _ANEW:
            await self._keeper.execute(statement)
        self.admin = await self.connect()
        self._catalogs = await state.catalogs(self.admin)
        await self.admin.execute("DROP SCHEMA public CASCADE")
        self._since = int(await self.admin.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))
        self._bare = await state.leftovers(self.admin, self._catalogs, self._since)
        await self._fill()

    async def _fill(self) -> None:
        """Make the corpus's tables, the role that reads them, and the sessions of others."""
        await self.admin.execute(_PUBLIC)
        await self.admin.execute(corpus.schema("postgresql"))
        await self.admin.execute(await self._reader_script())
        await self.admin.execute(_KEEP)
        await self._meet_others()
        await self._take_base()

    async def _reader_script(self) -> str:
        """Return dbmcp's own script for a role that reads; what PUBLIC may do is the same in every new database."""
        if self._script is None:
            script = grant_script(await inspect(self.admin), DATABASE, ["public", "archive"], READER)
            # Some reads look at a sequence, which no reader needs as a rule.
            self._script = script.replace("<choose one>", "reader") + f"GRANT SELECT ON ticket_number TO {READER};"
        return self._script

    async def _take_base(self) -> None:
        """Remember everything as it is now."""
        self.base = await self.look()
        self.base_tables = await state.thorough(self.admin, self._catalogs, self._since)

    async def _meet_others(self) -> None:
        """Open one session that is at work, and one that listens, unless they are there."""
        if self._others and (await state.quick(self.admin, self._others))["other sessions"] == self._busy:
            return
        await self._part_with_others()
        self._worker, self._listener = await self.connect(), await self.connect()
        self._work = asyncio.create_task(self._worker.execute("SELECT pg_sleep(1000000)"))
        self._others = [self._worker.get_server_pid(), self._listener.get_server_pid()]
        for channel in self.channels:
            await self._listener.add_listener(channel, lambda _c, _p, name, _text: self.heard.append(name))
        # Until it is seen at work, its state is not what it will be.
        for _ in range(1_000):
            self._busy = (await state.quick(self.admin, self._others))["other sessions"]
            if "active" in str(self._busy):
                return
        raise RuntimeError("the session that is to be at work never was")

    async def _part_with_others(self) -> None:
        """End the sessions of others, where there are any."""
        if not self._others:
            return
        await self._keeper.fetch("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", self._others)
        self._others = []
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await self._work
        for connection in (self._worker, self._listener):
            connection.terminate()

    async def connect(self, **options: object) -> asyncpg.Connection:
        """Connect to the corpus's database, as its superuser unless told otherwise."""
        return await asyncpg.connect(self.server.url, **{"database": DATABASE, "timeout": 10, **options})

    def url(self, role: str | None = None) -> str:
        """Return the URL of the corpus's database."""
        return self.server.url_of(DATABASE, role, "reader" if role else None)

    async def look(self) -> state.State:
        """Return what is cheap to see: sequences, slots, statistics, other sessions, files; and the next number."""
        folders = (self.data, self.scratch, self.data / "pg_replslot", self.data / "pg_twophase")
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            # Notifications are delivered with the next answer.
            await self._listener.fetchval("SELECT 1")
        return {**await state.quick(self.admin, self._others), **state.files(*folders), "messages": tuple(self.heard)}

    async def differences(self) -> list[str]:
        """Return in words what is not as it was when the database was made."""
        try:
            now = await self.look()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            self.admin = await self.connect()
            now = {**await self.look(), "admin's session": "ended"}
        found = [name for name in changed(self.base, now) if name != "xid"]
        if now["xid"] != self.base["xid"]:
            tables = await state.thorough(self.admin, self._catalogs, self._since)
            found += [f"table {name}" for name in changed(self.base_tables, tables)]
            if not found:
                self.base["xid"] = now["xid"]
        return found

    async def restore(self, found: Sequence[str]) -> None:
        """Put everything back: rows where only those have changed, else the schemas, the database, the whole server.

        `found` is what `differences` returned.
        """
        await self._part()
        if await self._refill(found):
            return
        self.rebuilt += 1
        await self._clean_server()
        schemas = [row[0] for row in await self.admin.fetch(_SCHEMAS)]
        with suppress(asyncpg.PostgresError):
            await self.admin.execute("".join(f'DROP SCHEMA "{name}" CASCADE;' for name in schemas))
            await self.admin.execute("SELECT lo_unlink(oid) FROM pg_largeobject_metadata")
            await self.admin.execute("DELETE FROM pg_statistic")
        bare = await state.leftovers(self.admin, self._catalogs, self._since)
        if bare == self._bare and await self._shared_state() == self._shared:
            await self._fill()
            return
        self.recreated += 1
        await self._part_with_others()
        await self.admin.close()
        with suppress(asyncpg.PostgresError):
            await self._create()
            if await self._shared_state() == self._shared:
                return
        self.renewed += 1
        await self.close()
        await self.start()

    async def _refill(self, found: Sequence[str]) -> bool:
        """Put back rows and sequences, and return whether that was all there was to do."""
        tables = [name.removeprefix("table ") for name in found if name.startswith(("table public.", "table archive."))]
        kept = {row[0] for row in await self.admin.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'kept'")}
        names = {name: name.partition(".")[2] for name in tables}
        if len(tables) + ("sequences" in found) < len(found) or not names.keys() <= kept:
            return False
        steps = [
            f'DELETE FROM {name}; INSERT INTO {name} OVERRIDING SYSTEM VALUE TABLE kept."{name}"' for name in names
        ]
        try:
            async with self.admin.transaction():
                await self.admin.execute(
                    "; ".join(["SET LOCAL session_replication_role = replica", *steps, _SEQUENCES])
                )
        except asyncpg.PostgresError:
            return False
        self.refilled += 1
        await self._meet_others()
        await self._take_base()
        return True

    async def _clean_server(self) -> None:
        """Undo what is not in the database: files, roles, other databases, settings, slots."""
        self.heard.clear()
        for path in self.scratch.iterdir():
            if "corpus" in path.name and path.is_file():
                path.unlink()
        steps = [
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active",
            "SELECT pg_replication_origin_drop(roname) FROM pg_replication_origin",
            "ALTER SYSTEM RESET ALL",
            "SELECT pg_reload_conf()",
            "ALTER ROLE postgres RESET ALL",
        ]
        for (name,) in await self.admin.fetch("SELECT subname FROM pg_subscription"):
            alter = f'ALTER SUBSCRIPTION "{name}"'
            steps += [f"{alter} DISABLE", f"{alter} SET (slot_name = NONE)", f'DROP SUBSCRIPTION "{name}"']
        was, now = self._shared, await self._shared_state()
        steps += [f"ALTER {name} RESET ALL" for name in was if name.startswith("DATABASE ")]
        for name in now.keys() - was.keys():
            kind, _, bare = name.partition(" ")
            owned = f'DROP OWNED BY "{bare}" CASCADE; ' if kind == "ROLE" else ""
            steps.append(f'{owned}DROP {kind} "{bare}"')
        for step in steps:
            with suppress(asyncpg.PostgresError):
                await self.admin.execute(step)

    async def _shared_state(self) -> state.State:
        """Return what the server has beside the tables of its databases: roles, databases, tablespaces."""
        return {row[0]: row[1] for row in await self._keeper.fetch(_SHARED)}

    async def _part(self) -> None:
        """End every session on the database but the admin's, whatever it is doing."""
        if self._keeper.is_closed():
            self._keeper = await asyncpg.connect(self.server.url)
        await self._keeper.fetch(_END_OTHERS, [self.admin.get_server_pid(), *self._others])

    @property
    def damage(self) -> str:
        """Say what had to be put back so far."""
        return (
            f"rows put back {self.refilled} times, schemas {self.rebuilt},"
            f" the database {self.recreated}, the server {self.renewed}"
        )

    async def close(self) -> None:
        """End every session, and the server."""
        await self._part_with_others()
        for connection in (self.admin, self._keeper):
            connection.terminate()
        self._stack.close()


@asynccontextmanager
async def running(scratch: Path) -> AsyncIterator[Cluster]:
    """Run a cluster; files that attacks read or write are in the scratch folder."""
    _prepare(scratch)
    cluster = Cluster(scratch, _channels())
    await cluster.start()
    try:
        yield cluster
    finally:
        await cluster.close()


def _prepare(scratch: Path) -> None:
    (scratch / "secret.txt").write_text("hunter2\n", encoding="utf-8")
    scratch.chmod(0o777)  # The wheel's server may run as another user.


def _channels() -> tuple[str, ...]:
    """Return the names of channels that the corpus's attacks speak on."""
    texts = " ".join(case.text for case in corpus.statements("postgresql", "refuse"))
    bare = re.findall(r"NOTIFY\s+(\w+)", texts)
    others = re.findall(r"NOTIFY\s+\"([^\"]+)\"|pg_notify\W+(\w+)'", texts)
    return tuple(sorted({name.lower() for name in bare} | {one or other for one, other in others}))
