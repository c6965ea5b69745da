"""What may change on a PostgreSQL server: read before and after an attack, each part under a name for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncpg

State = dict[str, object]

# Every transaction that writes takes a number: while the next one stays the same, no table has changed.
_QUICK = """
SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid,
    (SELECT string_agg(format('%s.%s=%s', schemaname, sequencename, last_value), ',' ORDER BY schemaname, sequencename)
     FROM pg_sequences) AS "sequences",
    (SELECT string_agg(slot_name || coalesce(confirmed_flush_lsn::text, ''), ',' ORDER BY slot_name)
     FROM pg_replication_slots) AS "replication slots",
    (SELECT checkpoint_lsn::text FROM pg_control_checkpoint()) AS "checkpoints",
    pg_conf_load_time()::text AS "configuration read again",
    (SELECT max(stats_reset)::text FROM pg_stat_database) AS "statistics of the database",
    (SELECT max(stats_reset)::text FROM pg_stat_slru) AS "statistics of caches",
    (SELECT max(stats_reset)::text FROM pg_stat_bgwriter) AS "statistics of the writer",
    (SELECT string_agg(state, ',' ORDER BY pid) FROM pg_stat_activity WHERE pid = ANY ($1::int[])) AS "other sessions"
"""
_LOCKS = """
SELECT string_agg(DISTINCT format('%s %s', locktype, mode), ', ') FROM pg_locks
WHERE pid = $1 AND locktype NOT IN ('virtualxid')
"""
_SESSION = """
SELECT (SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings
        WHERE source = 'session' AND name NOT IN ('role', 'session_authorization')) AS "settings of the session",
    (SELECT string_agg(name || '=' || coalesce(current_setting(name, true), ''), ',') FROM unnest($1::text[]) AS name)
        AS "custom settings",
    (current_user, session_user)::text AS "role",
    (SELECT string_agg(name, ',' ORDER BY name) FROM pg_prepared_statements WHERE from_sql) AS "prepared statements",
    (SELECT string_agg(name, ',' ORDER BY name) FROM pg_cursors WHERE is_holdable) AS "cursors",
    (SELECT string_agg(channel, ',') FROM pg_listening_channels() AS channel) AS "channels listened to"
"""
_CATALOGS = """
SELECT relname::text, relisshared FROM pg_class
WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND oid < 16384 ORDER BY relname
"""
_RELATIONS = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_(catalog|toast)' AND n.nspname <> 'information_schema'
    AND c.relpersistence <> 't' AND (c.relkind = 'r' OR c.relispopulated) ORDER BY 1
"""


async def quick(admin: asyncpg.Connection, others: list[int]) -> State:
    """Return what is cheap to ask; `others` are the processes of sessions that must be left alone."""
    return dict(await admin.fetchrow(_QUICK, others))


async def locks_of(admin: asyncpg.Connection, process: int) -> str:
    """Return the locks that a session still holds, in words."""
    return await admin.fetchval(_LOCKS, process) or ""


async def session(connection: asyncpg.Connection, custom: list[str]) -> State:
    """Return what a session has set, prepared, opened and listens to; `custom` are names of settings people make up."""
    return dict(await connection.fetchrow(_SESSION, custom))


def files(*folders: Path) -> State:
    """Return the files directly in some folders, with their sizes and times where they are settings."""
    found: State = {}
    for folder in folders:
        for path in sorted(folder.iterdir()):
            status = path.stat() if path.suffix in {".conf", ".txt"} or "corpus" in path.name else None
            found[f"file {path.name}"] = (status.st_size, status.st_mtime_ns) if status else True
    return found


async def catalogs(admin: asyncpg.Connection) -> list[tuple[str, bool]]:
    """Return the engine's own tables, each with whether all databases share it."""
    return [tuple(row) for row in await admin.fetch(_CATALOGS)]


async def thorough(admin: asyncpg.Connection, known: list[tuple[str, bool]], since: int) -> State:
    """Return a digest of every table: of the engine's own, the rows written since a transaction number.

    The version of each row is part of it, and the transaction that has locked it.
    """
    ours = [row[0] for row in await admin.fetch(_RELATIONS)]
    parts = [_digest(f"pg_catalog.{name}", f"xmin::text::bigint >= {since}") for name, _ in known]
    parts += [_digest(name, "true") for name in ours]
    rows = await admin.fetch("\nUNION ALL ".join(parts))
    return {name: (count, digest) for name, count, digest in rows}


async def leftovers(admin: asyncpg.Connection, known: list[tuple[str, bool]], since: int) -> State:
    """Return how many rows each of the engine's own tables has, and how many are newer than a transaction number."""
    parts = [
        f"SELECT '{name}', count(*), count(*) FILTER (WHERE xmin::text::bigint >= {since}) FROM pg_catalog.{name}"
        for name, is_shared in known
        if not is_shared and name not in {"pg_statistic", "pg_statistic_ext_data"}
    ]
    rows: list[Any] = await admin.fetch("\nUNION ALL ".join(parts))
    return {name: (count, new) for name, count, new in rows}


def _digest(table: str, condition: str) -> str:
    return (
        f"SELECT '{table}', count(*), md5(string_agg(concat(t.ctid, t.xmin, t.xmax, t.*::text), '' ORDER BY t.ctid)"
        f" FILTER (WHERE {condition})) FROM {table} AS t"
    )
