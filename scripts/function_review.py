"""Apply what was decided by hand about an engine's functions to what its catalogues say. No I/O."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from function_catalogues import Routine

SECTIONS = ("function", "aggregate", "window", "table", "syntax")

# Types that no value of a query has: a function that takes or returns one belongs to the engine's machinery.
PSEUDO_TYPES = frozenset(
    """cstring cstring[] event_trigger fdw_handler index_am_handler internal language_handler pg_ddl_command
    table_am_handler trigger tsm_handler void""".split()
)


class ReviewError(Exception):
    """The decisions contradict each other or the catalogues; the text says which and how."""


@dataclass(frozen=True)
class Review:
    """The decisions about one engine, by name: the group that holds it back, or the reason that lets it in.

    `reasons` says why for each group, `patterns` are names with a star and their groups, `outside` are names
    held back that no catalogue has, `sections` places names let in that no catalogue tells enough about.
    """

    reasons: dict[str, str]
    classes: frozenset[str]
    held: dict[str, str]
    patterns: dict[str, str]
    outside: frozenset[str]
    admitted: dict[str, str]
    sections: dict[str, tuple[str, ...]]
    syntax: frozenset[str]
    suspicious: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Outcome:
    """What may be called, by section, and what may not, by the group whose reason applies."""

    versions: tuple[str, ...]
    allowed: dict[str, set[str]]
    held_back: dict[str, set[str]]


def read_review(text: str) -> Review:
    """Read a review file.

    Raises:
        ReviewError: a name is decided about twice, or a pattern stands where only names can.
    """
    review = tomllib.loads(text)
    reasons: dict[str, str] = dict(review["class"])
    held: dict[str, str] = {}
    patterns: dict[str, str] = {}
    outside: set[str] = set()
    for entry in review["hold"]:
        _once(reasons, entry["group"], entry["reason"])
        for name in entry["names"]:
            _once(patterns if "*" in name else held, name, entry["group"])
        if entry.get("outside"):
            outside |= set(entry["names"])
    if stars := sorted(outside & set(patterns)):
        raise ReviewError(f"no catalogue has these names, so each must be spelled out: {', '.join(stars)}")
    admitted, sections = _read_admitted(review["admit"], held)
    return Review(
        reasons=reasons,
        classes=frozenset(review["class"]),
        held=held,
        patterns=patterns,
        outside=frozenset(outside),
        admitted=admitted,
        sections=sections,
        syntax=frozenset(name for entry in review["syntax"] for name in entry["names"]),
        suspicious=tuple(re.compile(pattern) for pattern in review["suspicious"]),
    )


def _read_admitted(
    entries: Iterable[dict[str, Any]], held: dict[str, str]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    admitted: dict[str, str] = {}
    sections: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        for name in entry["names"]:
            if "*" in name:
                raise ReviewError(f"{name}: what is let in by hand must be spelled out")
            if name in held:
                raise ReviewError(f"{name} is let in and held back")
            _once(admitted, name, entry["reason"])
            if "sections" in entry:
                sections[name] = tuple(entry["sections"])
    return admitted, sections


def _once(decided: dict[str, str], name: str, decision: str) -> None:
    if name in decided:
        raise ReviewError(f"{name} is decided about twice")
    decided[name] = decision


def class_of(routine: Routine) -> str | None:
    """Return the class that holds an overload back by what its catalogue says of it, or None."""
    if routine.kind == "procedure":
        return "procedure"
    if PSEUDO_TYPES & {*routine.arguments, routine.result}:
        return "pseudo_type"
    if "volatile" in routine.traits:
        return "volatile"
    if "direct_only" in routine.traits:
        return "direct_only"
    # Only SQLite leaves a function without a mark: neither innocuous nor deterministic.
    return None if routine.traits else "undeclared"


def verdict(name: str, overloads: Iterable[Routine], review: Review) -> str | None:
    """Return the group that holds a name back, or None when every overload of it may be called."""
    if name in review.admitted:
        return None
    if name in review.held:
        return review.held[name]
    for pattern, group in review.patterns.items():
        if fnmatchcase(name, pattern):
            return group
    for overload in overloads:
        if (found := class_of(overload)) is not None:
            return found
    return "unreviewed" if any(pattern.search(name) for pattern in review.suspicious) else None


def decide(routines: Iterable[Routine], review: Review) -> Outcome:
    """Apply the decisions to every name of the catalogues.

    Raises:
        ReviewError: a decision is about a name that no catalogue has.
    """
    overloads: dict[str, list[Routine]] = {}
    for routine in routines:
        overloads.setdefault(routine.name, []).append(routine)
    _check_decisions_match(set(overloads), review)
    allowed: dict[str, set[str]] = {section: set() for section in SECTIONS}
    held_back: dict[str, set[str]] = {group: set() for group in review.reasons}
    for name in review.outside:
        held_back[review.held[name]].add(name)
    for name in {*overloads, *review.sections}:
        found = overloads.get(name, [])
        if (group := verdict(name, found, review)) is not None:
            held_back[group].add(name)
            continue
        for section in _sections_of(name, found, review):
            allowed[section].add(name)
    allowed["syntax"] |= review.syntax
    versions = {version for found in overloads.values() for routine in found for version in routine.versions}
    return Outcome(tuple(sorted(versions)), allowed, held_back)


def _sections_of(name: str, overloads: Iterable[Routine], review: Review) -> Iterator[str]:
    if name in review.sections:
        yield from review.sections[name]
    else:
        yield from ("table" if routine.returns_set else routine.kind for routine in overloads)


def _check_decisions_match(names: set[str], review: Review) -> None:
    decided = (set(review.held) - review.outside) | (set(review.admitted) - set(review.sections))
    unmatched = sorted(decided - names)
    unmatched += [star for star in review.patterns if not any(fnmatchcase(name, star) for name in names)]
    if unmatched:
        raise ReviewError(f"no catalogue has: {', '.join(unmatched)}")
    if both := sorted(review.syntax & set(review.held)):
        raise ReviewError(f"grammar, and held back as well: {', '.join(both)}")
