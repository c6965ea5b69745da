"""Schema resources: `schema://{database}`, `schema://{database}/{schema}`, `schema://{database}/{schema}/{table}`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import mcp.types as t

from dbmcp import use_cases
from dbmcp.errors import UnknownDatabase, UnknownResource, UnknownTable

if TYPE_CHECKING:
    from dbmcp.runtime import Runtime
    from dbmcp.use_cases import Reply

SCHEME = "schema://"
MIME_TYPE = "text/plain"

TEMPLATES = (
    ("schema://{database}", "database", "every table of a database"),
    ("schema://{database}/{schema}", "schema", "the tables of one schema"),
    ("schema://{database}/{schema}/{table}", "table", "one table in detail"),
)


def listing(runtime: Runtime) -> list[t.Resource]:
    """Return a resource for each database; schemas and tables are reached by the templates."""
    return [
        t.Resource(
            uri=f"{SCHEME}{name}",
            name=name,
            description=database.settings.description or f"tables of {name}",
            mime_type=MIME_TYPE,
        )
        for name, database in runtime.databases.items()
    ]


def templates() -> list[t.ResourceTemplate]:
    """Return the templates."""
    return [
        t.ResourceTemplate(uri_template=uri, name=name, description=text, mime_type=MIME_TYPE)
        for uri, name, text in TEMPLATES
    ]


async def read(runtime: Runtime, uri: str) -> Reply:
    """Return the text of a resource.

    Raises:
        UnknownResource: no template matches, or what it names does not exist.
        DatabaseError: the catalog could not be read.
    """
    if not uri.startswith(SCHEME):
        raise UnknownResource("There is no such resource.", hint=f"Resources are {SCHEME}database/schema/table.")
    parts = [unquote(part) for part in uri.removeprefix(SCHEME).rstrip("/").split("/")]
    try:
        match parts:
            case [""]:
                return await use_cases.list_databases(runtime)
            case [database]:
                return await use_cases.describe_database(runtime, database)
            case [database, schema]:
                return await use_cases.describe_database(runtime, database, schema)
            case [database, schema, table]:
                return await use_cases.describe_tables(runtime, [f"{schema}.{table}"], database)
            case _:
                raise UnknownResource("There is no such resource.", hint=f"Resources are {TEMPLATES[-1][0]}.")
    except (UnknownDatabase, UnknownTable) as error:
        raise UnknownResource(error.message, hint=error.hint) from None
