"""Ready profiles of PostgreSQL's extensions: the functions and operators that a statement may use of each.

The lists are in the folder extensions; scripts/make_extension_profiles.py makes them from the extensions' own
catalogues and the decisions in extensions.review.toml; docs/functions.md says how and why.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

_ALLOWED, _HELD_BACK = ".txt", ".held_back.txt"
_OPERATORS = "operator"


@cache
def profiles() -> tuple[str, ...]:
    """Return the extensions that have a profile, by the names that CREATE EXTENSION takes, sorted."""
    names = [item.name for item in _folder().iterdir()]
    return tuple(sorted(name.removesuffix(_HELD_BACK) for name in names if name.endswith(_HELD_BACK)))


@cache
def profile(extension: str) -> frozenset[str]:
    """Return the functions of an extension that a statement may call, in lower case and without their schema.

    Raises:
        ValueError: there is no profile of the extension.
    """
    return frozenset(name for section, name in _entries(extension, _ALLOWED) if section != _OPERATORS)


@cache
def operators(extension: str) -> frozenset[str]:
    """Return the operators of an extension that a statement may use, as they are written and without their schema.

    Raises:
        ValueError: there is no profile of the extension.
    """
    return frozenset(sign for section, sign in _entries(extension, _ALLOWED) if section == _OPERATORS)


@cache
def held_back(extension: str) -> Mapping[str, str]:
    """Return the functions of an extension held back on purpose, each with what completes "is held back: …".

    Raises:
        ValueError: there is no profile of the extension.
    """
    reasons = _reasons()
    return MappingProxyType({name: reasons[group] for group, name in _entries(extension, _HELD_BACK)})


def _entries(extension: str, suffix: str) -> Iterator[tuple[str, str]]:
    """Yield the section and the name of every entry of a list."""
    if extension not in profiles():
        raise ValueError(_no_profile(extension))
    section = ""
    for line in _folder().joinpath(extension + suffix).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("# "):  # operators may start with #, and have no spaces
            yield section, line


def _no_profile(extension: str) -> str:
    near = get_close_matches(extension.lower(), profiles(), n=1)
    question = f" (did you mean {near[0]!r}?)" if near else ""
    return f"there is no profile of the extension {extension!r}{question}; there is one of {', '.join(profiles())}"


@cache
def _reasons() -> Mapping[str, str]:
    review = tomllib.loads(_folder().joinpath("extensions.review.toml").read_text(encoding="utf-8"))
    return {**review["class"], **{entry["group"]: entry["reason"] for entry in review["hold"]}}


def _folder() -> Traversable:
    return files("dbmcp.dialects.functions").joinpath("extensions")
