"""`key=value` words of a command line → a query's arguments, each read by the type of its parameter. No I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from dbmcp.errors import InvalidParameter

if TYPE_CHECKING:
    from dbmcp.named_queries.model import NamedQuery, Parameter

# A word of these is JSON; of all others it is the text itself, so that 007 and null stay what they are.
_JSON = frozenset({"integer", "number", "boolean", "json"})


def read(query: NamedQuery, words: Iterable[str]) -> dict[str, Any]:
    """Return the arguments that the words give.

    An array is a JSON array, or its key several times. What does not fit its type is left for
    `parameters.read` to refuse, which says what would do.

    Raises:
        InvalidParameter: a word is no key=value, or gives a value twice.
    """
    found: dict[str, Any] = {}
    for word in words:
        key, equals, text = word.partition("=")
        if not equals or not key:
            raise InvalidParameter(f"{word[:100]!r} is no argument.", hint="Write it as key=value.")
        parameter = query.parameters.get(key)
        if parameter is not None and parameter.array:
            found.setdefault(key, []).extend(_items(parameter, text))
        elif key in found:
            raise InvalidParameter(f"The parameter {key!r} is given twice.")
        else:
            found[key] = _value(parameter, text)
    return found


def _items(parameter: Parameter, text: str) -> list[Any]:
    items = _from_json(text) if text.lstrip().startswith("[") else None
    return items if isinstance(items, list) else [_value(parameter, text)]


def _value(parameter: Parameter | None, text: str) -> Any:
    return _from_json(text) if parameter is not None and parameter.type in _JSON else text


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
