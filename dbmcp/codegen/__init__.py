"""The family of targets: Catalog → source, one file each. `base` says how to add one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from dbmcp.codegen.base import Target

# Name → module, imported only when asked for.
TARGETS: dict[str, str] = {
    "django": "dbmcp.codegen.django",
    "drizzle": "dbmcp.codegen.drizzle",
    "kysely": "dbmcp.codegen.kysely",
    "prisma": "dbmcp.codegen.prisma",
    "pydantic": "dbmcp.codegen.pydantic",
    "sqlalchemy": "dbmcp.codegen.sqlalchemy",
    "sqlalchemy_dataclasses": "dbmcp.codegen.sqlalchemy_dataclasses",
    "sqlmodel": "dbmcp.codegen.sqlmodel",
    "typescript": "dbmcp.codegen.typescript",
}


def target(name: str) -> Target:
    """Return a target of the registry."""
    return cast("Target", import_module(TARGETS[name]))
