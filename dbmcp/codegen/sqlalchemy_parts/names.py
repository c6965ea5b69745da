"""Names that only SQLAlchemy's targets need: of the variables of tables without a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen.words import snake

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.codegen.plan import Model

# What an attribute would hide, or what SQLAlchemy has for itself in every class.
MEMBERS = frozenset({"metadata", "registry", "query", "query_class", "awaitable_attrs", "fields"})
MODULE = frozenset(
    """sa pg Any Base DeclarativeBase Mapped MappedAsDataclass ReadOnly TYPE_CHECKING TypeVar mapped_column
    relationship""".split()
)


def is_outside(item: Relation) -> bool:
    """Say whether something else than the tables' MetaData makes a relation: it is known, and never created."""
    return item.kind not in ("table", "partitioned table")


def is_brought(item: Relation) -> bool:
    """Say whether an extension makes a table: it is there before the metadata would create it."""
    return item.made_by is not None and not is_outside(item)


def table_variable(model: Model) -> str:
    """Return the variable of a table without a class: class names are given once, so these are, too."""
    return f"{_lowered(model.name)}_table"


def _lowered(name: str) -> str:
    """Return film_actor for FilmActor, so that the way back is sure: aB and a_b stay apart."""
    found = snake(name)
    return found if "".join(word[:1].upper() + word[1:] for word in found.split("_")) == name else name
