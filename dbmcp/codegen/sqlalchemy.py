"""SQLAlchemy 2, declarative: a typed class for each table, with relationships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen.sqlalchemy_parts import module

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.codegen.base import Choices, Generated

DESCRIPTION = "SQLAlchemy 2 classes with typed columns, relationships, constraints and indexes"
_FLAVOUR = module.Flavour("DeclarativeBase")


def generate(catalog: Catalog, choices: Choices) -> Generated:
    """Return the files for what a caller may know of a database."""
    return module.generate(catalog, choices, _FLAVOUR)
