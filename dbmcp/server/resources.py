"""What can be read of a schema as resources: `schema://shop`, `schema://shop/public`, `schema://shop/public/customer`.

And what is made of it: `models://shop/sqlalchemy`, `models://shop/sqlalchemy/film*,actor`.

A scheme is a line in SCHEMES. Names are percent-encoded (RFC 3986), for they may hold anything.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import mcp.types as t

from dbmcp import use_cases
from dbmcp.catalog.render import printable
from dbmcp.errors import InvalidParameter, UnknownDatabase, UnknownResource, UnknownTable
from dbmcp.server.paging import cursor_after, name_in

if TYPE_CHECKING:
    from dbmcp.runtime import Runtime
    from dbmcp.use_cases import Reply
    from dbmcp.use_cases.places import Place

PAGE = 250
PLACES = ("database", "schema", "table")


@dataclass(frozen=True, slots=True)
class Address:
    """What a URI leads to. A scheme whose parts are other ones has its second in `schema`, its third in `table`."""

    scheme: str
    database: str
    schema: str | None = None
    table: str | None = None

    @property
    def depth(self) -> int:
        """Return 1 for a database, 2 for a schema, 3 for a table."""
        return 1 + (self.schema is not None) + (self.table is not None)

    @property
    def uri(self) -> str:
        """Return the URI."""
        parts = [self.database, self.schema, self.table]
        return f"{self.scheme}://" + "/".join(
            quote(part, safe="", errors="replace") for part in parts if part is not None
        )


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of resource: how it is read, its MIME type, and what it is at each depth, "" where there is none.

    At the depths 1, 2 and 3 are those of databases, schemas and tables; what has other `parts` is not listed.
    """

    read: Callable[[Runtime, Address], Awaitable[Reply]]
    mime_type: str
    descriptions: tuple[str, ...]
    parts: tuple[str, ...] = PLACES

    @property
    def depth(self) -> int:
        """Return how deep its paths go."""
        return len(self.descriptions)

    @property
    def is_of_places(self) -> bool:
        """Say whether each of its resources is of one database, schema or table."""
        return self.parts is PLACES

    def path(self, depth: int) -> str:
        """Return the template of a path."""
        return "/".join(f"{{{part}}}" for part in self.parts[:depth])


async def _schema(runtime: Runtime, address: Address) -> Reply:
    if not address.database:
        return await use_cases.list_databases(runtime)
    if address.table is not None:
        name = ".".join('"' + (part or "").replace('"', '""') + '"' for part in (address.schema, address.table))
        return await use_cases.describe_tables(runtime, [name], address.database)
    return await use_cases.describe_database(runtime, address.database, address.schema)


async def _erd(runtime: Runtime, address: Address) -> Reply:
    return await use_cases.mermaid_diagram(runtime, "", address.database, address.schema)


async def _graph(runtime: Runtime, address: Address) -> Reply:
    reply = await use_cases.relation_graph(runtime, "", address.database, address.schema)
    size, most = len(reply.text.encode()), runtime.settings.limits.bytes
    if size > most:
        # JSON that is cut is no JSON.
        smaller = "Read that of one schema, or have" if address.schema is None else "Have"
        hint = f"{smaller} `dbmcp schema --format graph` write it to a file."
        raise InvalidParameter(f"The graph has {size} bytes; a reply holds at most {most}.", hint=hint)
    return reply


async def _models(runtime: Runtime, address: Address) -> Reply:
    from dbmcp.codegen.base import Choices  # noqa: PLC0415  (with its first use)

    choices = Choices(tables=tuple(part for part in (address.table or "").split(",") if part))
    made = await use_cases.generate_models(runtime, address.schema or "", choices, address.database)
    return use_cases.Reply(made.text)


def models_uri(database: str, target: str, tables: Sequence[str]) -> str:
    """Return where the models of some tables, or of all, can be read."""
    return Address("models", database, target, ",".join(tables) or None).uri


SCHEMES = {
    "schema": Scheme(
        _schema, "text/plain", ("every table of a database", "the tables of one schema", "one table in detail")
    ),
    "erd": Scheme(_erd, "text/vnd.mermaid", ("Mermaid ER diagram of a database", "Mermaid ER diagram of one schema")),
    "graph": Scheme(
        _graph, "application/json", ("what joins the tables of a database", "what joins the tables of one schema")
    ),
    "models": Scheme(
        _models,
        "text/plain",
        ("", "models of a database's tables", "models of some tables: film*,hr.*"),
        ("database", "target", "tables"),
    ),
}


def address_of(uri: str) -> Address | None:
    """Return what a URI leads to; None where it is none of ours."""
    scheme, separator, path = uri.partition("://")
    kind = SCHEMES.get(scheme)
    parts = [unquote(part) for part in path.rstrip("/").split("/")]
    if not separator or kind is None or len(parts) > kind.depth or not kind.descriptions[len(parts) - 1]:
        return None
    return Address(scheme, *parts)


def templates() -> list[t.ResourceTemplate]:
    """Return the templates of every scheme."""
    return [
        t.ResourceTemplate(
            uri_template=f"{name}://{kind.path(depth)}",
            name=_template_name(name, kind.parts[depth - 1]),
            description=description,
            mime_type=kind.mime_type,
        )
        for name, kind in SCHEMES.items()
        for depth, description in enumerate(kind.descriptions, 1)
        if description
    ]


def _template_name(scheme: str, part: str) -> str:
    if scheme == "schema":
        return part
    return f"{scheme} of a {part}" if part in PLACES else f"{scheme} by {part}"


async def page(runtime: Runtime, cursor: str | None) -> t.ListResourcesResult:
    """Return the first page of all resources, or the one that a cursor leads to.

    Raises:
        InvalidParameter: the cursor is none of ours.
    """
    after = name_in(cursor) if cursor is not None else None
    databases = list(runtime.databases)
    keyed = sorted(
        (
            (_order(address, databases), address, place)
            for place in await use_cases.list_places(runtime)
            for address in _addresses(place)
        ),
        key=lambda item: item[0],
    )
    start = 0
    if after is not None and (last := address_of(after)) is not None:
        start = bisect_right([order for order, _, _ in keyed], _order(last, databases))
    shown = keyed[start : start + PAGE]
    more = start + PAGE < len(keyed)
    return t.ListResourcesResult(
        resources=[_resource(address, place) for _, address, place in shown],
        next_cursor=cursor_after(shown[-1][1].uri) if more else None,
    )


def _addresses(place: Place) -> list[Address]:
    schemes = (name for name, kind in SCHEMES.items() if kind.is_of_places)
    made = [Address(scheme, place.database, place.schema, place.table) for scheme in schemes]
    return [address for address in made if address.depth <= SCHEMES[address.scheme].depth]


def _order(address: Address, databases: list[str]) -> tuple[bool, int, int, str, str, int]:
    """Return what the list is ordered by: the databases as they are configured, then of each its schemas and tables."""
    place = databases.index(address.database) if address.database in databases else len(databases)
    rank = list(SCHEMES).index(address.scheme)
    return address.depth > 1, place, address.depth, address.schema or "", address.table or "", rank


def _resource(address: Address, place: Place) -> t.Resource:
    kind = SCHEMES[address.scheme]
    name = ".".join(part for part in (address.schema, address.table) if part is not None) or address.database
    is_text = address.scheme == "schema"
    return t.Resource(
        uri=address.uri,
        name=printable(name) if is_text else f"{address.scheme} of {printable(name)}",
        description=(place.description if is_text else kind.descriptions[address.depth - 1]) or None,
        mime_type=kind.mime_type,
    )


async def read(runtime: Runtime, uri: str) -> tuple[Reply, str]:
    """Return the text of a resource and its MIME type.

    Raises:
        UnknownResource: no template matches, or what it names does not exist.
        DatabaseError: the catalog could not be read.
    """
    address = address_of(uri)
    if address is None:
        known = ", ".join(f"{name}://{'/'.join(kind.parts[: kind.depth])}" for name, kind in SCHEMES.items())
        raise UnknownResource("There is no such resource.", hint=f"Known are {known}.")
    kind = SCHEMES[address.scheme]
    try:
        return await kind.read(runtime, address), kind.mime_type
    except (UnknownDatabase, UnknownTable) as error:
        raise UnknownResource(error.message, hint=error.hint) from None
