"""Whether a parameter is declared soundly: keys that fit its type, a default and bounds of that type. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from dbmcp.errors import InvalidParameter
from dbmcp.named_queries.model import Parameter
from dbmcp.named_queries.parameters import bound_of, value_of
from dbmcp.named_queries.values import NotAValue, is_relative, matcher, of_text

_LENGTHS = frozenset({"min_length", "max_length", "pattern"})
_BOUNDS = frozenset({"minimum", "maximum"})
# The keys that only some types have, and those types.
_OF_TYPES = {
    **dict.fromkeys(_LENGTHS, frozenset({"string"})),
    **dict.fromkeys(_BOUNDS, frozenset({"integer", "number", "decimal", "date", "datetime", "time"})),
    "values": frozenset({"enum"}),
    "options": frozenset({"choice"}),
}
# Bounds relative to the call are tried at this moment; which one makes no difference but at the ends of the calendar.
_SOME_MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong with one key of a parameter; with the parameter as a whole when `keys` is empty."""

    keys: tuple[str, ...]
    message: str
    hint: str | None = None


def faults_of(parameter: Parameter, given: set[str]) -> Iterator[Misfit]:
    """Yield everything that is wrong with a parameter of which the file gives these keys."""
    misfits = [*_keys_of_other_types(parameter, given), *_keys_that_exclude_each_other(parameter, given)]
    yield from misfits
    if not misfits:
        out_of_range = list(_ranges(parameter))
        yield from out_of_range
        # Nothing can be held against a bound that is none.
        yield from _contents(replace(parameter, minimum=None, maximum=None) if out_of_range else parameter)


def _keys_of_other_types(parameter: Parameter, given: set[str]) -> Iterator[Misfit]:
    for key in sorted(given & _OF_TYPES.keys()):
        if parameter.type not in _OF_TYPES[key]:
            types = ", ".join(sorted(_OF_TYPES[key]))
            yield Misfit((key,), f"A parameter of type {parameter.type} has no {key}.", f"It is for {types}.")
    for kind, key in (("enum", "values"), ("choice", "options")):
        if parameter.type == kind and not getattr(parameter, key):
            yield Misfit((), f"A parameter of type {kind} needs {key}.")


def _keys_that_exclude_each_other(parameter: Parameter, given: set[str]) -> Iterator[Misfit]:
    if not parameter.array:
        for key in sorted(given & {"min_items", "max_items"}):
            yield Misfit((key,), f"Only an array has {key}.", "Set array = true.")
    if parameter.type == "choice":
        for key in ("array", "optional", "claim"):
            if getattr(parameter, key):
                yield Misfit((key,), f"A choice cannot have {key}: one option stands in the SQL always.")
    if parameter.claim is not None:
        for key in ("optional", "default"):
            if getattr(parameter, key) not in (None, False):
                yield Misfit((key,), f"A parameter that a claim fills cannot have {key}: it would open the query.")


def _ranges(parameter: Parameter) -> Iterator[Misfit]:
    for low, high in (("min_length", "max_length"), ("min_items", "max_items")):
        least, most = getattr(parameter, low), getattr(parameter, high)
        if least is not None and most is not None and least > most:
            yield Misfit((high,), f"{high} is below {low}.")
    bounds = {}
    for key in ("minimum", "maximum"):
        if (bound := getattr(parameter, key)) is not None:
            try:
                bounds[key] = bound_of(parameter, bound, _SOME_MOMENT)
            except NotAValue as error:
                yield Misfit((key,), f"{key} must be {error}.")
    # Of a bound that moves and one that stands still, time makes one the larger: a file that was good must stay so.
    move_alike = is_relative(parameter.minimum) == is_relative(parameter.maximum)
    if len(bounds) == 2 and move_alike and bounds["minimum"] > bounds["maximum"]:  # type: ignore[operator]
        yield Misfit(("maximum",), "maximum is below minimum.")


def _contents(parameter: Parameter) -> Iterator[Misfit]:
    if parameter.pattern is not None:
        try:
            matcher(parameter.pattern)
        except NotAValue as error:
            yield Misfit(("pattern",), f"pattern must be {error}.")
            return
    for value, count in Counter(parameter.values).items():
        if count > 1:
            yield Misfit(("values",), f"values has {value!r} twice.")
        try:
            of_text(value)
        except NotAValue as error:
            yield Misfit(("values",), f"Each of values must be {error}.")
    if parameter.default is not None:
        yield from _default(parameter)


def _default(parameter: Parameter) -> Iterator[Misfit]:
    now = datetime.now(UTC)
    try:
        value_of(replace(parameter, minimum=None, maximum=None), parameter.default, now, is_default=True)
    except InvalidParameter as error:
        what = error.message.partition(" must be ")[2]
        yield Misfit(("default",), f"default must be {what}")
        return
    least, most = parameter.minimum, parameter.maximum
    for item in parameter.default if parameter.array else [parameter.default]:
        value: Any = bound_of(parameter, item, now) if least is not None or most is not None else None
        if least is not None and value < bound_of(parameter, least, now):
            yield Misfit(("default",), f"default must be at least {least}.")
        elif is_relative(least) and not is_relative(item):
            message = "default stands still, and minimum moves: some day a call without the parameter would be refused."
            yield Misfit(("default",), message, "Write it as relative to the call, such as today - 30 days.")
        # One that moves past a maximum that stands still is wrong one day, and no reason not to load the file then.
        is_passing = is_relative(item) and not is_relative(most)
        if most is not None and value > bound_of(parameter, most, now) and not is_passing:
            yield Misfit(("default",), f"default must be at most {most}.")
