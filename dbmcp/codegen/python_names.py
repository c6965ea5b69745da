"""How Python names things, and which names are taken whatever is written."""

from __future__ import annotations

import builtins
import keyword
import unicodedata
from typing import TYPE_CHECKING

from dbmcp.codegen.naming import Style
from dbmcp.codegen.words import pascal, singular_name, snake, upper, words

if TYPE_CHECKING:
    from dbmcp.codegen.base import Choices

# The words of every version of Python, not of the one that runs.
KEYWORDS = frozenset({*keyword.kwlist, *keyword.softkwlist, "type"})
BUILTINS = frozenset({*dir(builtins), "PythonFinalizationError", "frozendict"})
# What stands in annotations: an attribute of such a name would be meant instead, within its class.
_ANNOTATIONS = frozenset("bool bytes dict float frozenset int list object set str tuple".split())
_ENUM = frozenset({"mro", "name", "names", "value", "values"})


def python_style(
    choices: Choices, *, module: frozenset[str], members: frozenset[str], needs_identity: bool, joins: bool
) -> Style:
    """Return Python's style: `module` are the names that the target's files import, `members` what a class has.

    No name begins with an underscore, so that a target may use such names for what nobody should meet.
    """
    return Style(
        class_name=class_name,
        attribute=attribute if choices.naming == "idiomatic" else kept_attribute,
        member=member,
        taken_module=KEYWORDS | BUILTINS | module,
        taken_class=KEYWORDS | _ANNOTATIONS | module | members,
        taken_enum=KEYWORDS | _ENUM,
        needs_identity=needs_identity,
        joins=joins,
    )


def class_name(name: str) -> str:
    """Return FilmActor for film_actors."""
    return _started(pascal(singular_name(name)), "N")


def attribute(name: str) -> str:
    """Return film_actor for filmActor."""
    return _started(snake(name), "n")


def kept_attribute(name: str) -> str:
    """Return a name as it is, where Python lets it be an attribute."""
    if name.isidentifier() and not name.startswith("_") and unicodedata.normalize("NFKC", name) == name:
        return name
    return _started("_".join(words(name)), "n")


def member(label: str) -> str:
    """Return FILM_ACTOR for film-actor."""
    return _started(upper(label), "N")


def _started(name: str, letter: str) -> str:
    """Return a name that begins as one may: 1st would not."""
    if name and not name.isidentifier():
        name = f"{letter}{name}"
    return name if name.isidentifier() else ""
