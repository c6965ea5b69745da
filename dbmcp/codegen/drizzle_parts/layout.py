"""Expressions of TypeScript as prettier lays them out: calls, chains of calls, objects, lists and functions.

The rules are prettier's: a chain of three calls is broken where one of them takes more than a simple value or where it
is too long; the last argument of a call opens behind its bracket where it is an object, a list or a function; an object
that is opened stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dbmcp.codegen.python_source import columns
from dbmcp.codegen.typescript_parts.source import WIDTH

_INDENT = "  "
# A text that is longer breaks out of its brackets, a shorter one goes to the next line with its call.
_SHORT = WIDTH // 4


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Properties:
    """An object; one that is open has each property in a line of its own. `comments` stand above each."""

    parts: tuple[tuple[str, Node], ...]
    is_open: bool = False
    comments: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function that gives a list or an object: `head` is all of it before the value."""

    head: str
    value: Items | Properties


@dataclass(frozen=True, slots=True)
class Calls:
    """A call and those on what it gives: each a name and its arguments, the first one without a dot.

    `owner` is what the first is asked of: `sales` of `sales.table()`.
    """

    parts: tuple[tuple[str, tuple[Node, ...]], ...]
    owner: str = ""

    def then(self, name: str, *given: Node) -> Calls:
        """Return it with one more call."""
        return Calls((*self.parts, (name, given)), self.owner)


# Whatever is of one piece is a text; what stands in backquotes is not simple for prettier.
Node: TypeAlias = "str | Items | Properties | Function | Calls"


def call(name: str, *given: Node, owner: str = "") -> Calls:
    """Return a call."""
    return Calls(((name, given),), owner)


def show(node: Node, head: str = "", tail: str = "", depth: int = 0) -> str:
    """Return `head node tail`, in lines where it must be."""
    indent = _INDENT * depth
    line = f"{indent}{head}{flat(node)}{tail}"
    if isinstance(node, str):
        return line
    if not _is_open(node) and columns(line) <= WIDTH:
        return line
    if isinstance(node, Calls):
        return _calls(node, head, tail, depth)
    if isinstance(node, Function):
        return _function(node, head, tail, depth)
    inner = "\n".join(_inner(node, depth + 1))
    first, last = "[]" if isinstance(node, Items) else "{}"
    return f"{indent}{head}{first}\n{inner}\n{indent}{last}{tail}"


def flat(node: Node) -> str:
    """Return a node in one line."""
    if isinstance(node, str):
        return node
    if isinstance(node, Items):
        return f"[{', '.join(map(flat, node.parts))}]"
    if isinstance(node, Properties):
        inner = ", ".join(f"{name}: {flat(value)}" for name, value in node.parts)
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(node, Function):
        value = flat(node.value)
        return f"{node.head} => {value if isinstance(node.value, Items) else f'({value})'}"
    shown = ".".join(f"{name}({', '.join(map(flat, given))})" for name, given in node.parts)
    return f"{node.owner}.{shown}" if node.owner else shown


def _inner(node: Items | Properties, depth: int) -> list[str]:
    if isinstance(node, Items):
        return [show(part, "", ",", depth) for part in node.parts]
    lines = []
    for place, (name, value) in enumerate(node.parts):
        lines += [f"{_INDENT * depth}{each}" for each in (node.comments[place] if node.comments else ())]
        lines.append(_assigned(f"{name}:", value, ",", depth))
    return lines


def assigned(head: str, node: Node) -> str:
    """Return `head node;`, head ending with the sign of the assignment."""
    return _assigned(head, node, ";", 0)


def _assigned(head: str, node: Node, tail: str, depth: int) -> str:
    is_long = columns(f"{_INDENT * depth}{head} {flat(node)}{tail}") > WIDTH
    is_next = isinstance(node, str) and node[:1] in "\"'"
    if isinstance(node, Calls):
        is_next = _is_poor(node) or not _has_room(node, head, depth)
    if is_long and isinstance(node, str) and node.startswith("() => "):
        return f"{_INDENT * depth}{head} () =>\n{show(node.removeprefix('() => '), '', tail, depth + 1)}"
    if is_long and is_next:
        return f"{_INDENT * depth}{head}\n{show(node, '', tail, depth + 1)}"
    return show(node, f"{head} ", tail, depth)


def _is_poor(node: Calls) -> bool:
    """Say whether nothing is won by breaking a call's brackets."""
    given = [each for _, each in node.parts]
    short = all(not each or (len(each) == 1 and isinstance(each[0], str) and len(each[0]) <= _SHORT) for each in given)
    return len(node.parts) < 3 and short


def _has_room(node: Calls, head: str, depth: int) -> bool:
    owner = f"{node.owner}." if node.owner else ""
    return columns(f"{_INDENT * depth}{head} {owner}{node.parts[0][0]}(") <= WIDTH


def _is_open(node: Node) -> bool:
    """Say whether a node takes lines whatever room there is."""
    if isinstance(node, str):
        return False
    if isinstance(node, Items):
        return any(map(_is_open, node.parts))
    if isinstance(node, Properties):
        return (node.is_open and bool(node.parts)) or any(_is_open(value) for _, value in node.parts)
    if isinstance(node, Function):
        return _is_open(node.value)
    return _is_broken_chain(node) or any(_is_open(each) for _, given in node.parts for each in given)


def _is_broken_chain(node: Calls) -> bool:
    return len(node.parts) > 2 and not all(_is_simple(each) for _, given in node.parts for each in given)


def _is_simple(node: Node) -> bool:
    if isinstance(node, str):
        return not node.endswith("`")
    if isinstance(node, Items):
        return all(map(_is_simple, node.parts))
    if isinstance(node, Properties):
        return all(_is_simple(value) for _, value in node.parts)
    return not isinstance(node, Function) and all(_is_simple(each) for _, given in node.parts for each in given)


def _calls(node: Calls, head: str, tail: str, depth: int) -> str:
    first, *rest = node.parts
    opens_before = any(_is_open(each) for _, given in node.parts[:-1] for each in given)
    # What belongs to somebody is a part of the chain itself.
    length = len(rest) + bool(node.owner)
    line = f"{_INDENT * depth}{head}{flat(node)}{tail}"
    is_chain = length > 1 and (opens_before or _is_broken_chain(node) or columns(line) > WIDTH)
    if not is_chain:
        return _in_row(node, head, tail, depth)
    if node.owner:
        lines, rest = [f"{_INDENT * depth}{head}{node.owner}"], list(node.parts)
    else:
        lines = [_one(first, head, "" if rest else tail, depth)]
    lines += [_one(each, ".", tail if each is rest[-1] else "", depth + 1) for each in rest]
    return "\n".join(lines)


def _in_row(node: Calls, head: str, tail: str, depth: int) -> str:
    """Return calls of which but one takes lines: the last that has arguments, or the first where that is open."""
    owner = f"{node.owner}." if node.owner else ""
    *before, last = node.parts
    start = "".join(f"{name}({', '.join(map(flat, given))})." for name, given in before)
    has_room = columns(f"{_INDENT * depth}{head}{owner}{start}{last[0]}(") <= WIDTH
    if before and (not last[1] or not has_room or any(_is_open(each) for _, given in before for each in given)):
        first, *others = node.parts
        rest = "".join(f".{name}({', '.join(map(flat, given))})" for name, given in others)
        return _one(first, f"{head}{owner}", f"{rest}{tail}", depth)
    return _one(last, f"{head}{owner}{start}", tail, depth)


def _one(part: tuple[str, Sequence[Node]], head: str, tail: str, depth: int) -> str:
    """Return one call: its last argument opened, or each in a line."""
    name, given = part
    indent = _INDENT * depth
    line = f"{indent}{head}{name}({', '.join(map(flat, given))}){tail}"
    if not given or (columns(line) <= WIDTH and not any(map(_is_open, given))):
        return line
    *before, last = given
    start = f"{head}{name}({''.join(f'{flat(each)}, ' for each in before)}"
    hugs = isinstance(last, Properties | Function | Items) and not any(map(_is_open, before))
    if hugs and columns(f"{indent}{start}{_start(last)}") <= WIDTH:
        return show_open(last, start, f"){tail}", depth)
    lines = [show(each, "", ",", depth + 1) for each in given]
    return "\n".join([f"{indent}{head}{name}(", *lines, f"{indent}){tail}"])


def _start(node: Node) -> str:
    if isinstance(node, Function):
        return f"{node.head} => {'[' if isinstance(node.value, Items) else '({'}"
    return "{" if isinstance(node, Properties) else "["


def show_open(node: Node, head: str, tail: str, depth: int) -> str:
    """Return a node with its first bracket at the end of the line."""
    indent = _INDENT * depth
    if isinstance(node, Function):
        return _function(node, head, tail, depth)
    if not isinstance(node, Items | Properties):
        return show(node, head, tail, depth)
    first, last = "[]" if isinstance(node, Items) else "{}"
    inner = "\n".join(_inner(node, depth + 1))
    return f"{indent}{head}{first}\n{inner}\n{indent}{last}{tail}"


def _function(node: Function, head: str, tail: str, depth: int) -> str:
    if isinstance(node.value, Items):
        return show_open(node.value, f"{head}{node.head} => ", tail, depth)
    return show_open(node.value, f"{head}{node.head} => (", f"){tail}", depth)
