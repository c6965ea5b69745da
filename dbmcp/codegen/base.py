"""What a target is, what it is asked for and what it gives.

To add a target, write `codegen/NAME.py` with `DESCRIPTION`, one line for `dbmcp models --list`, and
`generate(catalog, choices) -> Generated`, and add one line to `TARGETS` in `codegen/__init__.py`. `generate` is a pure
function: equal catalogs give equal bytes. It begins with `plan.build(catalog, choices, STYLE)`, where STYLE
(`naming.Style`) says how the target's language names things and which names are taken; for Python,
`python_names.python_style` has most of it. The plan holds every choice that is the same for all targets: which tables
there are, what each class, column, relationship, enum and member is called, which foreign keys make which
relationships, and what tells the rows of a table apart. What the target cannot say it notes by
`plan.leave_out(kind, what)`; that ends up in `Generated.left_out`, and `plan.header`, with which
files begin, lists it. Python text is laid out by `python_source`. tests/contracts/test_targets.py then runs over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from dbmcp.catalog.model import Catalog

Naming: TypeAlias = Literal["idiomatic", "database"]

# What the first line of every generated file says, and how the second of the first file begins: `record` goes by both.
MARK = "written by dbmcp"
DO_NOT_EDIT = "Do not edit"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a caller may choose. Patterns are shell patterns, of a table or of schema.table; none means all."""

    tables: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    relationships: bool = True
    # Indexes, and constraints but for primary and foreign keys.
    constraints: bool = True
    views: bool = True
    is_package: bool = False
    # "idiomatic" names attributes as the language would, "database" as the database does, as far as it can be.
    naming: Naming = "idiomatic"
    # Class names in the singular, as "idiomatic" has them.
    base: str = "Base"


@dataclass(frozen=True, slots=True)
class Generated:
    """Files, name → text, one unless a package was asked for; how much they hold; what they cannot say, by kind."""

    files: Mapping[str, str]
    counts: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


class Target(Protocol):
    """A module of this package that writes one kind of source."""

    DESCRIPTION: str

    def generate(self, catalog: Catalog, choices: Choices) -> Generated:
        """Return the files for what a caller may know of a database."""
