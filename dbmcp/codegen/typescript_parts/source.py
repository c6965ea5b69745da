"""TypeScript text as prettier lays it out: literals, keys, unions, data, comments of any signs."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from dbmcp.codegen.python_source import columns

WIDTH = 80
_INDENT = "  "
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")

Data: TypeAlias = "str | Sequence[Data] | Mapping[str, Data]"


def literal(text: str) -> str:
    """Return a text as a literal in the quotes that prettier would choose."""
    plain = "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text.replace("\\", "\\\\"))
    if text.count('"') > text.count("'"):
        return "'" + plain.replace("'", "\\'") + "'"
    return '"' + plain.replace('"', '\\"') + '"'


def key(name: str) -> str:
    """Return the name of a property."""
    return name if name.isidentifier() or _IDENTIFIER.fullmatch(name) else literal(name)


def union(head: str, parts: Sequence[str], depth: int = 0) -> str:
    """Return `head a | b;`, one part a line where it is too long."""
    indent = _INDENT * depth
    line = f"{indent}{head} {' | '.join(parts)};"
    if columns(line) <= WIDTH or len(parts) < 2:
        return line
    return "\n".join([f"{indent}{head}", *(f"{indent}{_INDENT}| {part}" for part in parts)]) + ";"


def comment(text: str | None, depth: int = 0) -> list[str]:
    """Return a text as the lines of a comment for whoever uses what follows it."""
    if not text or not text.strip():
        return []
    indent = _INDENT * depth
    lines = [_shown(line).rstrip() for line in text.strip().split("\n")]
    if len(lines) == 1:
        return [f"{indent}/** {lines[0]} */"]
    return [f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"]


def _shown(line: str) -> str:
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in line).replace("*/", "*\\/")


def note(lines: Iterable[str]) -> str:
    """Return lines of comment for readers, long ones in several."""
    said = []
    for line in lines:
        shown = "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in line)
        indent = "  " if line.startswith("- ") else ""
        said += textwrap.wrap(shown, WIDTH - 3, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return "\n".join(f"// {line}".rstrip() for line in said)


def data(head: str, value: Data, depth: int = 0, tail: str = "") -> str:
    """Return `head {…}tail`: what has room stays in one line. Texts of the data are literals already."""
    indent = _INDENT * depth
    line = f"{indent}{head}{_flat(value)}{tail}"
    if isinstance(value, str) or not value or (columns(line) <= WIDTH and not _is_broken(value)):
        return line
    if isinstance(value, Mapping):
        inner = [data(f"{object_key(name)}: ", part, depth + 1, ",") for name, part in value.items()]
        return "\n".join([f"{indent}{head}{{", *inner, f"{indent}}}{tail}"])
    inner = [data("", part, depth + 1, ",") for part in value]
    return "\n".join([f"{indent}{head}[", *inner, f"{indent}]{tail}"])


def object_key(name: str) -> str:
    """Return the name of a property of an object."""
    # As a plain key of an object it would be what the object inherits from.
    return '["__proto__"]' if name == "__proto__" else key(name)


def _flat(value: Data) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        inner = ", ".join(f"{object_key(name)}: {_flat(part)}" for name, part in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    return f"[{', '.join(map(_flat, value))}]"


def _is_broken(value: Data) -> bool:
    """Say whether prettier gives each part a line of its own, though all would fit: objects or lists, more than one."""
    if isinstance(value, str):
        return False
    if isinstance(value, Mapping):
        return any(map(_is_broken, value.values()))
    kinds = {type(part) for part in value}
    several = len(value) > 1 and len(kinds) == 1 and all(not isinstance(part, str) and len(part) > 1 for part in value)
    return several or any(map(_is_broken, value))
