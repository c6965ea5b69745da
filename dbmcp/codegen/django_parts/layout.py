"""Statements laid out as ruff lays them out, also where a name is longer than it likes."""

from __future__ import annotations

from dbmcp.codegen.python_source import WIDTH, Source, columns, laid_out, prefixed

_INDENT = "    "


def assigned(name: str, value: Source, depth: int) -> str:
    """Return the statement that sets a name, its value in brackets of its own where only that makes all of it fit."""
    near = laid_out(prefixed(f"{name} = ", value), depth)
    if columns(near.partition("\n")[0]) <= WIDTH:
        return near
    margin = _INDENT * depth
    lines = [f"{margin}{name} = (", *laid_out(value, depth + 1).split("\n"), f"{margin})"]
    return near if any(columns(line) > WIDTH for line in lines) else "\n".join(lines)
