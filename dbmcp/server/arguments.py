"""A tool's arguments against its own input schema: the SDK's low-level server checks none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dbmcp.errors import InvalidParameter, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: dict[str, type] = {"string": str, "integer": int, "array": list, "boolean": bool, "object": dict}
_ARTICLES = {
    "string": "a string",
    "integer": "an integer",
    "array": "an array of strings",
    "boolean": "true or false",
    "object": "an object",
}


def check(schema: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the arguments as they are when the schema allows them: null counts as not given, 3.0 as 3.

    Raises:
        InvalidParameter: naming the argument, what is wrong with it and what would do.
    """
    properties: Mapping[str, Any] = schema["properties"]
    arguments = {name: _whole(value) for name, value in (given or {}).items() if value is not None}
    for name in arguments:
        if name not in properties:
            hint = did_you_mean(name, properties) or f"Known are {', '.join(properties)}."
            raise InvalidParameter(f"There is no argument {name[:100]!r}.", hint=hint)
    for name in schema.get("required", ()):
        if name not in arguments:
            raise InvalidParameter(f"The argument {name!r} is missing.", hint=f"It is {_wanted(properties[name])}.")
    for name, value in arguments.items():
        _check_value(name, properties[name], value)
    return arguments


def _whole(value: Any) -> Any:
    """Return a number that JSON Schema calls an integer as one: some clients know no other numbers than 3.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _wanted(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    return _ARTICLES[schema["type"]]


def _check_value(name: str, schema: Mapping[str, Any], value: Any) -> None:
    wanted = _TYPES[schema["type"]]
    # A bool is an int to Python, and never a number to a caller.
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise InvalidParameter(f"The argument {name!r} must be {_wanted(schema)}.")
    if "enum" in schema and value not in schema["enum"]:
        raise InvalidParameter(
            f"The argument {name!r} must be {_wanted(schema)}.", hint=did_you_mean(str(value), schema["enum"])
        )
    if "minimum" in schema and value < schema["minimum"]:
        raise InvalidParameter(f"The argument {name!r} must be at least {schema['minimum']}.")
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        raise InvalidParameter(f"The argument {name!r} must be {_wanted(schema)}.")
