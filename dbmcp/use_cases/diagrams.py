"""Pictures of a schema: find the database → catalog → choose tables → draw → report. Nothing here reads a row."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dbmcp.catalog import search
from dbmcp.catalog.erd_links import links
from dbmcp.catalog.erd_page import page
from dbmcp.catalog.erd_svg import svg
from dbmcp.catalog.texts import WHOLE, graph, mermaid
from dbmcp.errors import UnknownTable, did_you_mean
from dbmcp.use_cases.answers import Reply, reported

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.runtime import Runtime


async def draw_diagram(runtime: Runtime, form: str, pattern: str = "", database: str | None = None) -> Reply:
    """Return a picture of the tables that are meant, and of the foreign keys among them.

    `form` is "svg", "html", or "mmd" for the text of Mermaid, which is as long as it needs to be.

    An empty pattern means all tables; the name of a table means it and what it is joined to; any other, what matches.

    Raises:
        UnknownTable: nothing matches.
        UnknownDatabase, DatabaseError
    """
    with reported(runtime, "draw_diagram", database) as done:
        found = runtime.database(database)
        catalog = await found.catalog()
        relations = _meant(catalog, pattern)
        # A large picture takes a second, and others should not wait for it.
        if form == "html":
            return done(Reply(await asyncio.to_thread(page, catalog, relations, f"Tables of {found.name}")))
        if form == "mmd":
            return done(Reply(await asyncio.to_thread(mermaid.write, catalog, relations, WHOLE)))
        return done(Reply(await asyncio.to_thread(svg, catalog, relations)))


async def mermaid_diagram(
    runtime: Runtime, pattern: str = "", database: str | None = None, schema: str | None = None
) -> Reply:
    """Return the Mermaid text of the tables that are meant, of one schema or of all, within the budget of a reply.

    Raises:
        UnknownTable: nothing matches, or there is no such schema.
        UnknownDatabase, DatabaseError
    """
    with reported(runtime, "mermaid_diagram", database) as done:
        catalog = await runtime.database(database).catalog()
        relations = _meant(catalog, pattern, schema)
        return done(Reply(await asyncio.to_thread(mermaid.write, catalog, relations, runtime.settings.limits.bytes)))


async def relation_graph(
    runtime: Runtime, pattern: str = "", database: str | None = None, schema: str | None = None
) -> Reply:
    """Return relations and what joins them as JSON for programs; all of them, partitions too, for an empty pattern.

    Raises:
        UnknownTable: nothing matches, or there is no such schema.
        UnknownDatabase, DatabaseError
    """
    with reported(runtime, "relation_graph", database) as done:
        catalog = await runtime.database(database).catalog()
        return done(Reply(await asyncio.to_thread(graph.write, catalog, _meant(catalog, pattern, schema), WHOLE)))


def _meant(catalog: Catalog, pattern: str, schema: str | None = None) -> list[Relation]:
    if schema is not None and schema not in catalog.schema_names:
        raise UnknownTable(f"There is no schema {schema!r}.", hint=did_you_mean(schema, catalog.schema_names))
    among = [item for item in catalog.listed if schema in (None, item.schema)]
    if not pattern.strip():
        return among
    named = {item.key for item in catalog.find(pattern)}
    if named:
        ends = [{link.source, link.target} for link in links(catalog, among)]
        joined = named.union(*(pair for pair in ends if pair & named))
        return [item for item in catalog.relations if item.key in joined]
    found = set(search.search(catalog, pattern))
    if not found:
        raise UnknownTable(f"No table matches {pattern[:200]!r}.", hint="Use search_schema to find tables.")
    return [item for item in among if item in found]
