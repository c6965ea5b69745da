"""Generating models: find the database → catalog, as the caller may know it → a target's files → report."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dbmcp.codegen import TARGETS, target
from dbmcp.codegen.base import Choices, Generated
from dbmcp.codegen.python_names import KEYWORDS
from dbmcp.codegen.record import options, recorded
from dbmcp.codegen.selection import selected
from dbmcp.errors import InvalidParameter, UnknownTable, did_you_mean
from dbmcp.use_cases.answers import Reply, reported

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.runtime import Runtime

# Each is compared with every table.
_MOST_PATTERNS = 500


@dataclass(frozen=True, slots=True)
class Models:
    """Generated files, name → text; a line that says what they hold; what they cannot say, a line each."""

    files: Mapping[str, str]
    summary: str
    left_out: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all files as one text."""
        return "\n".join(self.files.values())


async def generate_models(runtime: Runtime, target_name: str, choices: Choices, database: str | None = None) -> Models:
    """Return the files of a target for a database, or for some of its tables.

    Raises:
        InvalidParameter: there is no such target, or a choice is none.
        UnknownTable: a pattern fits no table; with the nearest names.
        UnknownDatabase, DatabaseError
    """
    with reported(runtime, "generate_models", database) as done:
        found = runtime.database(database)
        if target_name not in TARGETS:
            hint = did_you_mean(target_name, TARGETS) or f"Known are {', '.join(TARGETS)}."
            raise InvalidParameter(f"There is no target {target_name!r}.", hint=hint)
        _check(choices)
        catalog = await found.catalog()
        # Nothing here waits: thousands of tables take seconds of the processor.
        made = await asyncio.to_thread(_generated, catalog, target_name, choices)
        summary = _summary(target_name, made)
        done(Reply(summary))
        return Models(made.files, summary, made.left_out)


def target_descriptions() -> dict[str, str]:
    """Return the targets there are, each with what it writes."""
    return {name: target(name).DESCRIPTION for name in sorted(TARGETS)}


def _check(choices: Choices) -> None:
    if len(choices.tables) + len(choices.schemas) > _MOST_PATTERNS:
        message = f"There may be at most {_MOST_PATTERNS} names and patterns."
        raise InvalidParameter(message, hint="Write patterns such as film*, or leave them out for all tables.")
    base = choices.base
    if not base.isidentifier() or not base.isascii() or base.startswith("_") or base in KEYWORDS:
        raise InvalidParameter(
            f"base must be a name that a class may have, not {base!r}.", hint="The usual one is Base."
        )


def _generated(catalog: Catalog, target_name: str, choices: Choices) -> Generated:
    for pattern in choices.tables:
        if not selected(catalog, Choices(tables=(pattern,))):
            known = [catalog.shown_name(item) for item in catalog.listed]
            raise UnknownTable(f"No table fits {pattern!r}.", hint=did_you_mean(pattern, known))
    for pattern in choices.schemas:
        if not selected(catalog, Choices(schemas=(pattern,))):
            hint = did_you_mean(pattern, catalog.schema_names)
            raise UnknownTable(f"No schema with a table fits {pattern!r}.", hint=hint)
    made = target(target_name).generate(catalog, choices)
    return replace(made, files=recorded(made.files, options(target_name, choices)))


def _summary(target_name: str, made: Generated) -> str:
    counts = ", ".join(f"{count} {kind}" for kind, count in made.counts.items() if count)
    lines = sum(text.count("\n") for text in made.files.values())
    where = next(iter(made.files)) if len(made.files) == 1 else f"{len(made.files)} files"
    return f"{target_name}: {counts or 'nothing'} in {where}, {lines} lines"
