"""Which relations of an engine's own catalog a statement may read, and which are held back and why.

The decisions are in relations.toml; a catalog relation in neither list is not known, and is refused as well.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@cache
def allowed_relations(dialect: str) -> frozenset[str]:
    """Return the catalog relations that may be read, with their schema where the engine has one for them.

    Raises:
        ValueError: there is no list for the dialect.
    """
    return frozenset(name for entry in _review(dialect)["admit"] for name in entry["names"])


@cache
def held_back_relations(dialect: str) -> Mapping[str, str]:
    """Return the catalog relations held back, each with the reason that completes "is held back: …".

    A name with no schema, on an engine whose catalog has schemas, is held back in every schema: extensions
    put their views where they were told to.

    Raises:
        ValueError: there is no list for the dialect.
    """
    held_back = _review(dialect)["hold"]
    return MappingProxyType({name: entry["reason"] for entry in held_back for name in entry["names"]})


@cache
def _review(dialect: str) -> dict[str, Any]:
    reviews = tomllib.loads(files(__package__).joinpath("relations.toml").read_text(encoding="utf-8"))
    if dialect not in reviews:
        known = ", ".join(sorted(reviews))
        raise ValueError(f"no relations are listed for {dialect!r}; they are for {known}")
    review: dict[str, Any] = reviews[dialect]
    return review
