"""Whether named queries are good: their files alone, or on the databases as they are now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dbmcp.errors import ConfigError, DatabaseUnavailable, DbmcpError, PoolBusy, QueryFailed
from dbmcp.named_queries import front_matter, library, snapshot
from dbmcp.named_queries.folders import Walk
from dbmcp.named_queries.model import Fault, Home, LibraryError
from dbmcp.named_queries.packs import is_of_pack
from dbmcp.named_queries.snapshot import FILE_NAME, Places, Shape
from dbmcp.principal import Principal
from dbmcp.runtime import Runtime
from dbmcp.use_cases.answers import with_names_meant
from dbmcp.use_cases.named import run_named_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dbmcp.config import Settings
    from dbmcp.database import Database
    from dbmcp.named_queries.model import Example, Library, NamedQuery, Variant
    from dbmcp.results import Description

# So many queries are looked at at a time: the pool keeps no more connections open than five.
_AT_ONCE = 4
# It is the database that does not answer, and no fault of a file.
_NO_ANSWER = (DatabaseUnavailable, PoolBusy)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: every fault, sorted by place, and how much was looked at. `notes` are no faults."""

    faults: tuple[Fault, ...] = ()
    queries: int = 0
    variants: int = 0
    examples: int = 0
    notes: tuple[str, ...] = ()


def check_files(settings: Settings, dialect: str) -> Checked:
    """Check the files of the folders and packs by the guard; nothing is connected to.

    `dialect` is whose SQL it is where no database is configured.

    Raises:
        ConfigError: there is nothing to check, or the settings are wrong.
    """
    _refuse_nothing(settings)
    try:
        if settings.databases:
            found = Runtime(settings).load_library()
        else:
            homes = dict.fromkeys(_databases_named(settings.queries) or ["main"], Home(dialect))
            found = library.load(settings.queries, homes, settings.limits, settings.query_packs)
    except LibraryError as error:
        return Checked(error.faults)
    return _counted(found)


async def check_live(runtime: Runtime, *, update: bool) -> Checked:
    """Check the files, prepare every variant on its databases, run the examples, and compare with the snapshots.

    Types of parameters are compared with those declared. With `update` the snapshots are written when all else is good.

    Raises:
        ConfigError: there is nothing to check, or a snapshot cannot be read.
        DatabaseUnavailable, PoolBusy: a database did not answer.
    """
    _refuse_nothing(runtime.settings)
    try:
        found = await asyncio.to_thread(runtime.load_library)
    except LibraryError as error:
        return Checked(error.faults)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def look(query: NamedQuery) -> _Looked:
        async with turns:
            return await _look(runtime, query)

    looked = await asyncio.gather(*(look(query) for query in found.queries.values()))
    found_wrong = [fault for item in looked for fault in item.faults]
    faults = [fault for fault in found_wrong if not is_of_pack(fault)]
    # What a pack of dbmcp's own lacks is the server's to have, and no fault of a file that its user can mend.
    notes = list(dict.fromkeys(str(fault) for fault in found_wrong if is_of_pack(fault)))
    for folder in runtime.settings.queries:
        path = Path(folder) / FILE_NAME
        of_folder = [item for item in looked if Path(item.query.file).is_relative_to(folder)]
        if not update:
            faults += _compared(path, of_folder, notes)
        elif not faults:
            snapshot.write(path, {item.query.name: item.shapes for item in of_folder})
            notes.append(f"{path} is written: commit it.")
    in_order = sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line, fault.column))
    examples = sum(len(query.examples) for query in found.queries.values())
    return replace(_counted(found), faults=tuple(in_order), examples=examples, notes=tuple(notes))


def _refuse_nothing(settings: Settings) -> None:
    if not settings.has_queries:
        raise ConfigError("There are no named queries to check.", hint="Give their folder, or set queries.")


def _counted(found: Library) -> Checked:
    return Checked(queries=len(found.queries), variants=sum(len(query.variants) for query in found.queries.values()))


def _databases_named(folders: Iterable[str]) -> list[str]:
    """Return the names of databases that files give; those of a file that cannot be read are left for the load."""
    names: dict[str, None] = {}
    for folder in folders:
        for file in Walk(Path(folder)).files:
            try:
                matter, _ = front_matter.read(file.path.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError):
                continue
            named = matter.header.database if matter is not None else None
            names.update(dict.fromkeys([named] if isinstance(named, str) else named or ()))
    return list(names)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the databases said of one query: a shape for each that takes every variant, and what is wrong."""

    query: NamedQuery
    places: Places
    shapes: dict[str, Shape]
    faults: list[Fault]


async def _look(runtime: Runtime, query: NamedQuery) -> _Looked:
    dialect = runtime.database(query.databases[0]).dialect.name
    looked = _Looked(query, Places(query, dialect), {}, [])
    for database in map(runtime.database, query.databases):
        described = []
        for variant in query.variants.values():
            found = await _described(runtime, database, variant, looked.places)
            if isinstance(found, Fault):
                looked.faults.append(found)
            else:
                described.append((variant, found))
        if len(described) == len(query.variants):
            looked.shapes[database.name] = shape = snapshot.shape_of(described)
            looked.faults.extend(snapshot.misfits(query, shape, looked.places))
    if not looked.faults:
        for number, example in enumerate(query.examples):
            caller = Principal(f"example {number}", runtime.settings.claims)
            if (fault := await _tried(runtime, query, example, caller)) is not None:
                looked.faults.append(fault)
    return looked


async def _described(runtime: Runtime, database: Database, variant: Variant, places: Places) -> Description | Fault:
    """Return what a database says of a variant, or what is wrong with it."""
    try:
        approved = await runtime.approved(variant, database)
        try:
            return await database.describe(approved, variant.names)
        except QueryFailed as error:
            return places.failure(variant, await with_names_meant(error, database, approved))
    except _NO_ANSWER:
        raise
    except DbmcpError as error:
        return places.fault(places.statement(), error.message, error.hint)


async def _tried(runtime: Runtime, query: NamedQuery, example: Example, caller: Principal) -> Fault | None:
    """Run an example; return what is wrong with it, at its place in the file."""
    name = f"The example {example.name!r}" if example.name else "The example"
    try:
        reply = await run_named_query(runtime, query.name, example.arguments, caller)
    except _NO_ANSWER:
        raise
    except DbmcpError as error:
        return Fault(query.file, example.line, example.column, f"{name} fails: {error.message}", error.hint)
    if example.rows is None or example.rows == reply.rows:
        return None
    message = f"{name} gives {reply.rows} rows, and {example.rows} are expected."
    return Fault(query.file, example.line, example.column, message, reply.notice)


def _compared(path: Path, looked: list[_Looked], notes: list[str]) -> Iterator[Fault]:
    """Yield how the queries of a folder differ from its snapshot; where there is none, that is a note."""
    old = snapshot.read(path)
    if old is None:
        if looked:
            notes.append(f"There is no {path}: dbmcp check --live --update makes it, and drift is found from then on.")
        return
    for item in looked:
        known = old.get(item.query.name, {})
        if len(known) == 1 and len(item.query.databases) == 1:
            # The name of a database may be that of a URL: the one that the snapshot was made on has another.
            known = dict.fromkeys(item.query.databases, next(iter(known.values())))
        for database, shape in item.shapes.items():
            if database in known:
                yield from snapshot.drift(known[database], shape, item.places)
            else:
                on = f" for the database {database}" if known else ""
                yield item.places.fault(0, f"The query is not in {path}{on}.", snapshot.UPDATE)
        for database in sorted(known.keys() - set(item.query.databases)):
            yield item.places.fault(0, f"The query does not run on the database {database} any more.", snapshot.UPDATE)
    for name in sorted(old.keys() - {item.query.name for item in looked}):
        yield Fault(str(path), 1, 1, f"There is no query {name} any more.", snapshot.UPDATE)
