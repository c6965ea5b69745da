"""What was asked for, in a line of the files that came of it: they can be written anew, and checked, by it alone."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import fields

from dbmcp.codegen.base import DO_NOT_EDIT, MARK, Choices

_COMMAND = "dbmcp models "
# The header's first lines; below may be anything.
_LINES = 5


def options(target: str, choices: Choices) -> list[str]:
    """Return the options of `dbmcp models` that make these choices, none for those that are as usual."""
    usual, found = Choices(), ["--target", target]
    for item in fields(Choices):
        value = getattr(choices, item.name)
        if value == getattr(usual, item.name):
            continue
        if item.name in ("tables", "schemas"):
            found += ["--schema" if item.name == "schemas" else "--tables", ",".join(value)]
        elif item.name == "is_package":
            found.append("--package")
        elif isinstance(value, bool):
            found.append(f"--no-{item.name}")
        else:
            found += [f"--{item.name}", value]
    return found


def recorded(files: Mapping[str, str], asked: list[str]) -> dict[str, str]:
    """Return the files with a line in the header that says by which options they were made."""
    line = f"{_COMMAND}{shlex.join(asked)}"
    return {name: _with(text, " ".join(line.split())) for name, text in files.items()}


def _with(text: str, line: str) -> str:
    lines = text.split("\n")
    for place, above in enumerate(lines[:_LINES]):
        sign, found, _ = above.partition(DO_NOT_EDIT)
        if found:
            return "\n".join([*lines[: place + 1], f"{sign}{line}", *lines[place + 1 :]])
    return text


def options_in(texts: Iterable[str]) -> list[str] | None:
    """Return the options that the first of some files names in its header; None where there is none that does."""
    for text in texts:
        for line in text.split("\n", _LINES)[:_LINES]:
            _, found, rest = line.partition(_COMMAND)
            if found and MARK in text.partition("\n")[0]:
                try:
                    return shlex.split(rest)
                except ValueError:
                    return None
    return None
