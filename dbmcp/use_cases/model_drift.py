"""Whether generated models are still what the database would give: catalog → a target's files → what differs."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dbmcp.use_cases.generating import generate_models

if TYPE_CHECKING:
    from dbmcp.codegen.base import Choices
    from dbmcp.runtime import Runtime

# Lines of a difference that are shown of one file; a model that was thrown away is longer than what is said of it.
_MOST_LINES = 200


async def models_drift(
    runtime: Runtime, texts: Mapping[str, str], target_name: str, choices: Choices, database: str | None = None
) -> tuple[str, ...]:
    """Return in what files, name → text, differ from those that the database would give now; nothing where they do not.

    A line `- …` is in the file alone, `+ …` is what the database says; above them stands whose lines they are.

    Raises:
        InvalidParameter, UnknownTable, UnknownDatabase, DatabaseError: as `generate_models` does.
    """
    made = await generate_models(runtime, target_name, choices, database)
    return await asyncio.to_thread(_compared, texts, made.files)


def _compared(texts: Mapping[str, str], made: Mapping[str, str]) -> tuple[str, ...]:
    # A single file may have been called otherwise than the target calls it.
    files = {next(iter(texts)): next(iter(made.values()))} if len(made) == len(texts) == 1 else made
    found: list[str] = []
    for name, text in files.items():
        if name not in texts:
            found.append(f"{name} is missing")
        elif texts[name] != text:
            found += [f"{name} differs", *_differences(texts[name], text)]
    found += [f"{name} is of nothing that is there" for name in texts if name not in files]
    return tuple(found)


def _differences(old: str, new: str) -> Iterator[str]:
    before, after = old.splitlines(), new.splitlines()
    shown, whose = 0, ""
    for tag, start, end, other_start, other_end in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            continue
        if (heading := _heading(after, other_start)) != whose:
            whose = heading
            yield f"  {whose}"
        for sign, lines in (("-", before[start:end]), ("+", after[other_start:other_end])):
            for line in lines:
                if line.strip():
                    shown += 1
                    if shown > _MOST_LINES:
                        yield "  …"
                        return
                    yield f"  {sign} {line}"


def _heading(lines: list[str], place: int) -> str:
    """Return the nearest line above that is not indented: the head of the class that a line is in."""
    above = (line for line in reversed(lines[:place]) if line[:1] not in ("", " ", "}", ")", "]", "#", "@", "/"))
    return next(above, "")
