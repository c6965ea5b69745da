"""What there is to be named, for lists and for whoever types: databases, schemas and tables."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbmcp.catalog.render import one_line
from dbmcp.codegen import TARGETS
from dbmcp.errors import DbmcpError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dbmcp.catalog.model import Catalog
    from dbmcp.runtime import Runtime

_COMMENT = 120


@dataclass(frozen=True, slots=True)
class Place:
    """A database, one of its schemas, or a table, with what is said of it."""

    database: str
    schema: str | None = None
    table: str | None = None
    description: str = ""


async def list_places(runtime: Runtime) -> list[Place]:
    """Return each database, then its schemas and its tables; of one that cannot be read now, itself alone."""
    catalogs = await asyncio.gather(*(_catalog(runtime, name) for name in runtime.databases))
    found: list[Place] = []
    for (name, database), catalog in zip(runtime.databases.items(), catalogs, strict=True):
        found.append(Place(name, description=database.settings.description or f"tables of {name}"))
        if catalog is not None:
            comments = {item.name: item.comment for item in catalog.schemas}
            found += [Place(name, item, None, one_line(comments.get(item), _COMMENT)) for item in catalog.schema_names]
            found += [Place(name, item.schema, item.name, one_line(item.comment, _COMMENT)) for item in catalog.listed]
    return found


async def complete(runtime: Runtime, argument: str, typed: str, given: Mapping[str, str]) -> list[str]:
    """Return what an argument of this name may be: what begins with the text, then what holds it.

    `given` are the arguments that are known already. What cannot be told now has no completions.
    """
    database = given.get("database") or next(iter(runtime.databases), "")
    if argument == "database":
        return _ranked(typed, runtime.databases)
    if argument == "target":
        return _ranked(typed, TARGETS)
    catalog = await _catalog(runtime, database)
    if catalog is None:
        return []
    if argument == "schema":
        return _ranked(typed, catalog.schema_names)
    if argument not in ("table", "tables"):
        return []
    schema = given.get("schema")
    if schema is not None:
        return _ranked(typed, [item.name for item in catalog.listed if item.schema == schema])
    return _ranked(typed, [catalog.shown_name(item) for item in catalog.listed])


async def _catalog(runtime: Runtime, name: str) -> Catalog | None:
    database = runtime.databases.get(name)
    try:
        return await database.catalog() if database is not None else None
    except DbmcpError:
        return None


def _ranked(typed: str, names: Iterable[str]) -> list[str]:
    """Return the names that hold a text, those that begin with it first, without regard to case."""
    wanted = typed.casefold()
    holding = [name for name in names if wanted in name.casefold()]
    return sorted(holding, key=lambda name: (not name.casefold().startswith(wanted), name))
