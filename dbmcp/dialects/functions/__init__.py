"""The functions a statement may call, and those held back with their reasons: the lists in this folder.

scripts/make_function_lists.py makes them from the engines' own catalogues and the decisions in *.review.toml;
docs/functions.md says how and why. A name in neither list is not known, and is refused as well.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def load(dialect: str) -> frozenset[str]:
    """Return the names a dialect's statements may call, in lower case, and the grammar that looks like calls.

    Raises:
        ValueError: there is no list for the dialect.
    """
    return frozenset(name for _, name in _entries(dialect, "txt"))


@cache
def held_back(dialect: str) -> Mapping[str, str]:
    """Return the names held back on purpose, each with the reason that completes "is held back: …".

    Raises:
        ValueError: there is no list for the dialect.
    """
    review = tomllib.loads(_read(dialect, "review.toml"))
    reasons: dict[str, str] = dict(review["class"])
    reasons.update((entry["group"], entry["reason"]) for entry in review["hold"])
    return MappingProxyType({name: reasons[group] for group, name in _entries(dialect, "held_back.txt")})


def _entries(dialect: str, suffix: str) -> Iterator[tuple[str, str]]:
    """Yield the section and the name of every entry of a list."""
    section = ""
    for line in _read(dialect, suffix).splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            yield section, line


def _read(dialect: str, suffix: str) -> str:
    folder = files(__name__)
    file = folder.joinpath(f"{dialect}.{suffix}")
    if not file.is_file():
        reviews = [item.name for item in folder.iterdir() if item.name.endswith(".review.toml")]
        known = sorted(name.removesuffix(".review.toml") for name in reviews)
        raise ValueError(f"no functions are listed for {dialect!r}; they are for {', '.join(known)}")
    return file.read_text(encoding="utf-8")
