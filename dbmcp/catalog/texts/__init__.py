"""FAMILY  Catalog → text. A file a format, and a line here.

Each has `write(catalog, relations, max_bytes)`, which returns the text of some relations in their order: within the
bytes, or saying what was left off and how to get it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Catalog, Relation

# For those who have no budget: a file, or a person's terminal.
WHOLE = sys.maxsize


@dataclass(frozen=True, slots=True)
class Text:
    """A format: the module that writes it, imported at its first use, and what it is, in a few words."""

    module: str
    about: str

    def write(self, catalog: Catalog, relations: Sequence[Relation], max_bytes: int = WHOLE) -> str:
        """Return the text of the relations."""
        text: str = import_module(f"dbmcp.catalog.texts.{self.module}").write(catalog, relations, max_bytes)
        return text


TEXTS = {
    "names": Text("names", "names, rows, comments"),
    "lines": Text("lines", "a line a table"),
    "ddl": Text("slim_ddl", "short DDL, with indexes and what points there"),
    "json": Text("json_objects", "for programs"),
    "sql": Text("whole_sql", "DDL that makes the tables again"),
    "mermaid": Text("mermaid", "a Mermaid ER diagram"),
    "graph": Text("graph", "relations and what joins them, for programs"),
}
# What a tool's caller may choose; the rest is for files.
DETAILS = ("lines", "ddl", "json")
