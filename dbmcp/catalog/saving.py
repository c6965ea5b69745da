"""A catalog as a file, and back: JSON of its dataclasses by the names of their fields, without what is as usual.

A file says its version. A later dbmcp reads what an earlier one wrote, as long as new fields have defaults; what only
a later one knows is refused, and not passed over in silence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from dbmcp.catalog.model import Catalog
from dbmcp.errors import ConfigError

FORMAT = "dbmcp catalog"
# Raised when a field changes its meaning, goes, or comes without a default.
VERSION = 1

_AGAIN = "Save it again: dbmcp schema URL --save FILE."
_HALVES = re.compile("[\ud800-\udfff]")


def dump(catalog: Catalog) -> str:
    """Return the file's text; equal for equal catalogs, a line each for what is in them."""
    content = {"format": FORMAT, "version": VERSION, "catalog": encoded(catalog)}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    # A file may name a column by half a character, which no encoding takes.
    return _HALVES.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def load(text: str) -> Catalog:
    """Return the catalog that a file's text holds.

    Raises:
        ConfigError: it is none, is damaged, or of a later version; said with the place in it.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise ConfigError("The file is no saved catalog: it is not JSON.", hint=_AGAIN) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ConfigError("The file is no saved catalog.", hint=_AGAIN)
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ConfigError("The saved catalog does not say its version.", hint=_AGAIN)
    if version > VERSION:
        message = f"The catalog was saved by a later dbmcp: its version is {version}, and this one reads {VERSION}."
        raise ConfigError(message, hint="Use that dbmcp, or save the catalog again by this one.")
    try:
        catalog: Catalog = _decoder(Catalog)(content.get("catalog"), "catalog")
    except _Fault as fault:
        raise ConfigError(f"The saved catalog is damaged: {fault}.", hint=_AGAIN) from None
    except RecursionError:
        raise ConfigError("The saved catalog is damaged: it goes too deep.", hint=_AGAIN) from None
    return catalog


class _Fault(Exception):
    """What is wrong with a file, and where in it."""


def encoded(value: Any) -> Any:
    """Return a value of the catalog as JSON has it: a dataclass as an object of its fields that are not as usual."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: encoded(found)
            for item in fields(value)
            if item.init and ((found := getattr(value, item.name)) != _default(item) or not _has_default(item))
        }
    if isinstance(value, (tuple, list)):
        return [encoded(item) for item in value]
    if isinstance(value, Mapping):
        return {key: encoded(item) for key, item in value.items()}
    return value


def _has_default(item: Field[Any]) -> bool:
    return item.default is not MISSING or item.default_factory is not MISSING


def _default(item: Field[Any]) -> Any:
    return item.default_factory() if item.default_factory is not MISSING else item.default


# Takes a value of a file and the place that it stands at.
_Decoder = Callable[[Any, str], Any]


@cache
def _decoder(kind: Any) -> _Decoder:
    """Return what reads a value of a type."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _optional(next(item for item in inner if item is not NoneType))
    if origin is tuple:
        return _sequence(inner[0]) if inner[-1] is Ellipsis else _tuple(inner)
    if origin is Literal:
        return _choice(inner)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(inner[1])
    return _plain(kind) if kind in _NAMES else _dataclass(kind)


def _plain(kind: type[Any]) -> _Decoder:
    def read(value: Any, place: str) -> Any:
        # To Python a truth value is a number.
        if type(value) is not kind:
            raise _Fault(f"{place} should be {_NAMES[kind]}")
        return value

    return read


_NAMES = {str: "a text", int: "a whole number", bool: "true or false"}


def _choice(values: tuple[Any, ...]) -> _Decoder:
    def read(value: Any, place: str) -> Any:
        if value not in values:
            raise _Fault(f"{place} should be one of {', '.join(map(str, values))}")
        return value

    return read


def _optional(kind: Any) -> _Decoder:
    # Of a type that may hold itself, the reader is looked for when there is something to read.
    return lambda value, place: None if value is None else _decoder(kind)(value, place)


def _sequence(kind: Any) -> _Decoder:
    one = _decoder(kind)
    return lambda value, place: tuple(
        one(item, f"{place}[{number}]") for number, item in enumerate(_list(value, place))
    )


def _tuple(kinds: tuple[Any, ...]) -> _Decoder:
    each = [_decoder(kind) for kind in kinds]

    def read(value: Any, place: str) -> Any:
        if len(_list(value, place)) != len(each):
            raise _Fault(f"{place} should have {len(each)} items")
        return tuple(
            one(item, f"{place}[{number}]") for number, (one, item) in enumerate(zip(each, value, strict=True))
        )

    return read


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise _Fault(f"{place} should be a list")
    return value


def _mapping(kind: Any) -> _Decoder:
    one = _decoder(kind)
    return lambda value, place: {name: one(item, f"{place}.{name}") for name, item in _object(value, place).items()}


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Fault(f"{place} should be an object")
    return value


def _dataclass(kind: type[Any]) -> _Decoder:
    hints = get_type_hints(kind)
    known = {item.name: _decoder(hints[item.name]) for item in fields(kind) if item.init}
    needed = {item.name for item in fields(kind) if item.init and not _has_default(item)}

    def read(value: Any, place: str) -> Any:
        found = _object(value, place)
        if unknown := found.keys() - known.keys():
            raise _Fault(f"{place} has {min(unknown)!r}, which this dbmcp does not know; a later one may")
        if missing := needed - found.keys():
            raise _Fault(f"{place} has no {min(missing)!r}")
        return kind(**{name: known[name](item, f"{place}.{name}") for name, item in found.items()})

    return read
