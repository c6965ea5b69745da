"""SQLAlchemy 2, declarative, with classes that are dataclasses: made by keywords, compared and shown by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen.sqlalchemy_parts import module

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.codegen.base import Choices, Generated

DESCRIPTION = "SQLAlchemy 2 classes that are dataclasses (MappedAsDataclass)"
_FLAVOUR = module.Flavour("MappedAsDataclass, DeclarativeBase", is_dataclass=True)


def generate(catalog: Catalog, choices: Choices) -> Generated:
    """Return the files for what a caller may know of a database."""
    return module.generate(catalog, choices, _FLAVOUR)
