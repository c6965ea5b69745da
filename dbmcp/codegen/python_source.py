"""Python text: expressions laid out as ruff format lays them out, literals, imports in groups, a header."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent, wrap
from typing import TypeAlias

WIDTH = 88
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Bracketed:
    """What stands in brackets, and the text before and after them."""

    head: str
    parts: tuple[Source, ...]
    brackets: str = "()"
    tail: str = ""


Source: TypeAlias = "str | Bracketed"


def call(name: str, /, *arguments: Source, **keywords: Source | None) -> Bracketed:
    """Return a call; keywords that are None are left out."""
    named = [keyword(key, value) for key, value in keywords.items() if value is not None]
    return Bracketed(name, (*arguments, *named))


def keyword(name: str, value: Source) -> Source:
    """Return an argument with its name."""
    return prefixed(f"{name}=", value)


def prefixed(text: str, value: Source) -> Source:
    """Return an expression with a text before it."""
    if isinstance(value, str):
        return f"{text}{value}"
    return Bracketed(f"{text}{value.head}", value.parts, value.brackets, value.tail)


def several(values: Iterable[Source], brackets: str = "[]") -> Source:
    """Return a list, or with other brackets a set or a tuple."""
    parts = tuple(values)
    if brackets == "()" and len(parts) == 1:
        return Bracketed("", parts, brackets, tail="one")
    return Bracketed("", parts, brackets)


def mapping(pairs: Mapping[str, Source]) -> Bracketed:
    """Return a dict with texts for keys."""
    return Bracketed("", tuple(prefixed(f"{literal(key)}: ", value) for key, value in pairs.items()), "{}")


def literal(text: str) -> str:
    """Return a text as a literal in the quotes that ruff would choose: double ones, unless they need more escapes."""
    plain = repr(text)
    body = plain[1:-1]
    if plain[0] == "'":
        body = body.replace("\\'", "'")
    singles, doubles = text.count("'"), text.count('"')
    if doubles > singles:
        return "'" + body.replace("'", "\\'") + "'"
    return '"' + body.replace('"', '\\"') + '"'


def assignment(name: str, annotation: str, value: Bracketed, depth: int = 0) -> str:
    """Return the statement that sets an annotated attribute to what a call gives."""
    margin = _INDENT * depth
    target = f"{margin}{name}: {annotation} = "
    if columns(f"{target}{value.head}(") <= WIDTH:
        return laid_out(prefixed(f"{name}: {annotation} = ", value), depth)
    outer, _, inner = annotation.partition("[")
    if columns(f"{target}(") <= WIDTH or not inner:
        return "\n".join([f"{target}(", laid_out(value, depth + 1), f"{margin})"])
    head = f"{margin}{name}: {outer}[\n{margin}{_INDENT}{inner[:-1]}\n"
    return head + laid_out(prefixed("] = ", value), depth)


def laid_out(source: Source, depth: int = 0) -> str:
    """Return a statement in lines of up to 88 columns, at a depth of indentation."""
    return "\n".join(_lines(source, depth, ""))


def flat(source: Source) -> str:
    """Return an expression in one line."""
    if isinstance(source, str):
        return source
    inner = ", ".join(map(flat, source.parts))
    comma = "," if source.tail == "one" else ""
    tail = "" if source.tail == "one" else source.tail
    return f"{source.head}{source.brackets[0]}{inner}{comma}{source.brackets[1]}{tail}"


def _lines(source: Source, depth: int, after: str) -> Iterator[str]:
    margin = _INDENT * depth
    line = f"{margin}{flat(source)}{after}"
    if isinstance(source, str) or columns(line) <= WIDTH or not source.parts:
        yield line
        return
    yield f"{margin}{source.head}{source.brackets[0]}"
    within = f"{margin}{_INDENT}{', '.join(map(flat, source.parts))}"
    # Arguments stand in one line where they fit, the parts of a list each in its own.
    is_call = source.brackets == "()" and source.head.rstrip()[-1:] not in ("", "=", ":")
    if is_call and columns(within) <= WIDTH:
        yield within
    else:
        for part in source.parts:
            yield from _lines(part, depth + 1, ",")
    yield f"{margin}{source.brackets[1]}{'' if source.tail == 'one' else source.tail}{after}"


def columns(text: str) -> int:
    """Return how many columns a text takes, as ruff counts."""
    if text.isascii():
        return len(text)
    return sum(_width(sign) for sign in text)


def _width(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def comment(text: str) -> Iterator[str]:
    """Return a text of any signs as lines of comment."""
    for line in text.split("\n"):
        shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)
        yield f"# {shown}".rstrip()


class Imports:
    """What a file imports, in the groups and order in which ruff sorts them."""

    def __init__(self) -> None:
        self._modules: dict[tuple[int, str], str | None] = {}
        self._names: dict[tuple[int, str], set[str]] = defaultdict(set)

    def module(self, name: str, alias: str | None = None) -> None:
        """Import a module."""
        self._modules[_group(name), name] = alias

    def name(self, module: str, *names: str) -> None:
        """Import names of a module; `a as b` gives one another name."""
        self._names[_group(module), module].update(names)

    def text(self, depth: int = 0) -> str:
        """Return the statements, at a depth of indentation."""
        groups: dict[int, list[str]] = defaultdict(list)
        for (group, name), alias in sorted(self._modules.items()):
            groups[group].append(f"import {name} as {alias}" if alias else f"import {name}")
        for (group, name), names in sorted(self._names.items(), key=lambda item: (item[0][0], _local_last(item[0][1]))):
            plain = sorted((each for each in names if " as " not in each), key=_import_order)
            # One that has another name here has a line of its own.
            groups[group] += [f"from {name} import {each}" for each in sorted(names - {*plain})]
            if not plain:
                continue
            line = f"from {name} import {', '.join(plain)}"
            if columns(line) > WIDTH - len(_INDENT) * depth:
                line = "\n".join([f"from {name} import (", *(f"{_INDENT}{each}," for each in plain), ")"])
            groups[group].append(line)
        whole = "\n\n".join("\n".join(groups[group]) for group in sorted(groups))
        return indent(whole, _INDENT * depth)


_STANDARD = frozenset("__future__ collections collections.abc datetime decimal enum ipaddress re typing uuid".split())


def _group(module: str) -> int:
    if module == "__future__":
        return 0
    if module.startswith("."):
        return 3
    return 1 if module in _STANDARD else 2


def _local_last(module: str) -> tuple[int, str]:
    return -len(module) + len(module.lstrip(".")), module


def _import_order(name: str) -> tuple[int, str, str]:
    # ruff sorts constants, then classes, then the rest.
    bare = name.partition(" as ")[0]
    is_constant = bool(re.fullmatch(r"[^a-z]{2,}", bare))
    return (0 if is_constant else 1 if bare[:1].isupper() else 2, bare, name)


def _wrapped(line: str) -> list[str]:
    """Return a line of a header; an item of a list, which may be of any length, in several."""
    if not line.startswith("- "):
        return [line]
    return wrap(line, WIDTH - 4, subsequent_indent="  ", break_on_hyphens=False)


def file_text(header: Sequence[str], imports: Imports, blocks: Iterable[str]) -> str:
    """Return a file: its header as comments, its imports, its blocks two lines apart."""
    top = "\n".join(line for text in header for part in _wrapped(text) for line in comment(part))
    shown = [text for text in blocks if text]
    # isort leaves two lines before a class or function alone.
    is_near = bool(shown) and not shown[0].startswith(("class ", "def ", "@"))
    begun = "\n\n".join(part for part in (top, imports.text(), *shown[: int(is_near)]) if part)
    return "\n\n\n".join([begun, *shown[int(is_near) :]]) + "\n"
