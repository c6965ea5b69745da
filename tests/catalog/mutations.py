"""Every catalog that differs from one in a single field: what a comparison must not overlook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def mutations(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the place of each field of a dataclass and of all that it holds, with a copy in which that one differs."""
    hints = get_type_hints(type(value))
    for item in fields(value):
        if item.init:
            old = getattr(value, item.name)
            for inner, new in _others(old, hints[item.name], f"{place}.{item.name}"):
                yield inner, replace(value, **{item.name: new})


def _others(value: Any, kind: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield other values of a field's type."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        yield from _others_or_none(value, next(item for item in inner if item is not NoneType), place)
    elif origin is tuple:
        yield from _others_of_tuple(value, inner, place)
    elif origin is Mapping:
        yield place, {**value, "more": next(iter(value.values()), None)}
    elif is_dataclass(kind):
        yield from mutations(value, place)
    else:
        yield place, _other(value, kind)


def _others_or_none(value: Any, kind: Any, place: str) -> Iterator[tuple[str, Any]]:
    if value is not None:
        yield f"{place}=None", None
        yield from _others(value, kind, place)
    elif (made := _made(kind)) is not None:
        yield place, made


def _others_of_tuple(value: Any, inner: tuple[Any, ...], place: str) -> Iterator[tuple[str, Any]]:
    is_list = inner[-1] is Ellipsis
    for number, item in enumerate(value):
        if is_list:
            yield f"{place}[{number}] gone", (*value[:number], *value[number + 1 :])
        for deeper, other in _others(item, inner[0 if is_list else number], f"{place}[{number}]"):
            yield deeper, (*value[:number], other, *value[number + 1 :])
    if is_list and (made := _made(inner[0])) is not None:
        yield f"{place} more", (*value, made)


def _other(value: Any, kind: Any) -> Any:
    if get_origin(kind) is Literal:
        return next(item for item in get_args(kind) if item != value)
    return not value if kind is bool else value + 1 if kind is int else f"{value}x"


def _made(kind: Any) -> Any:
    """Return a value of a plain type; None of any other."""
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        return () if inner[-1] is Ellipsis else tuple(_made(item) for item in inner)
    return {str: "made", int: 7, bool: True}.get(kind)
