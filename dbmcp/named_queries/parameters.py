"""A named query's parameters: what a client is told of them, and what becomes of the arguments of a call. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dbmcp.dialects.base import Argument
from dbmcp.errors import Forbidden, InvalidParameter, did_you_mean
from dbmcp.named_queries import values
from dbmcp.named_queries.model import DATABASE_ARGUMENT, NamedQuery, Parameter
from dbmcp.named_queries.values import MAX_TEXT, READERS, NotAValue

if TYPE_CHECKING:
    from datetime import date

    from dbmcp.named_queries.model import Variant
    from dbmcp.named_queries.values import Value

MAX_ITEMS = 10_000

# JSON Schema 2020-12, with the formats that it defines. It has none of a time without an offset, and none of a length
# of time in words: `_HINTS` says what that is.
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "decimal": {"type": ["string", "number"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "pattern": f"^{values.TIME}$"},
    "interval": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "json": {},
    "enum": {"type": "string"},
    "choice": {"type": "string"},
}
_HINTS = {"interval": "such as 2 days 3 hours or P2DT3H"}


def input_schema(query: NamedQuery) -> dict[str, Any]:
    """Return the JSON Schema of a query's arguments, without what a claim fills."""
    shown = {name: item for name, item in query.parameters.items() if not item.is_hidden}
    properties = {name: schema_of(item) for name, item in shown.items()}
    required = [name for name, item in shown.items() if item.is_required]
    if len(query.databases) > 1:
        properties[DATABASE_ARGUMENT] = {"type": "string", "enum": list(query.databases)}
        required.append(DATABASE_ARGUMENT)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def schema_of(parameter: Parameter) -> dict[str, Any]:
    """Return the JSON Schema of one parameter; what JSON Schema cannot say stands in its description."""
    schema = dict(_SCHEMAS[parameter.type])
    known = parameter.values or parameter.options
    _add(
        schema,
        minLength=parameter.min_length,
        maxLength=parameter.max_length,
        pattern=f"^(?:{parameter.pattern})$" if parameter.pattern else None,
        enum=list(known) or None,
        minimum=_number(parameter.minimum),
        maximum=_number(parameter.maximum),
    )
    if parameter.array:
        schema = {"type": "array", "items": schema}
        _add(schema, minItems=parameter.min_items, maxItems=parameter.max_items)
    is_relative = values.is_relative(parameter.default)
    if not is_relative:
        _add(schema, default=_shown_default(parameter))
    notes = [parameter.description, _HINTS.get(parameter.type)]
    # JSON Schema compares numbers alone.
    bounds = (("from", parameter.minimum), ("to", parameter.maximum))
    notes += [f"{word} {bound}" for word, bound in bounds if isinstance(bound, str)]
    if is_relative:
        notes.append(f"default {parameter.default}")
    _add(schema, description="; ".join(filter(None, notes)) or None)
    return schema


def _shown_default(parameter: Parameter) -> Any:
    """Return a default as a caller would give it: the schema's date-time has an offset, and the file's need not."""
    default = parameter.default
    if parameter.type != "datetime" or default is None:
        return default
    shown = [values.of_datetime(item).isoformat().replace("+00:00", "Z") for item in _as_list(default)]
    return shown if parameter.array else shown[0]


def _as_list(default: Any) -> list[Any]:
    return default if isinstance(default, list) else [default]


def _add(schema: dict[str, Any], **keywords: Any) -> None:
    schema.update({key: value for key, value in keywords.items() if value is not None})


def _number(bound: float | str | None) -> float | None:
    return None if isinstance(bound, str) else bound


def read(
    parameters: Mapping[str, Parameter], arguments: Mapping[str, Any], claims: Mapping[str, Any], now: datetime
) -> dict[str, Argument]:
    """Return the value of every parameter that has one: given, by default, or from the caller's claims.

    `now` is the moment of the call in UTC, for relative defaults. An explicit null counts as not given.

    Raises:
        InvalidParameter: naming the parameter, what is wrong with it and what would do.
        Forbidden: the caller's identity lacks a claim, or has one of another type.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    for name in given:
        if name not in parameters or parameters[name].is_hidden:
            raise _unknown(name, parameters)
    found: dict[str, Argument] = {}
    for name, parameter in parameters.items():
        if parameter.claim is not None:
            found[name] = Argument(name, _claimed(parameter, claims, now), is_hidden=True)
        elif name in given:
            found[name] = Argument(name, value_of(parameter, given[name], now))
        elif parameter.default is not None:
            found[name] = Argument(name, value_of(parameter, parameter.default, now, is_default=True))
        elif not parameter.optional:
            raise InvalidParameter(f"The parameter {name!r} is missing.", hint=f"It must be {wanted(parameter)}.")
    return found


def bind(variant: Variant, arguments: Mapping[str, Argument]) -> tuple[Argument, ...]:
    """Return the value of each placeholder of a variant; NULL for a parameter that was not given."""
    return tuple([arguments.get(name) or Argument(name, None) for name in variant.names])


def _unknown(name: str, parameters: Mapping[str, Parameter]) -> InvalidParameter:
    known = [item.name for item in parameters.values() if not item.is_hidden]
    hint = did_you_mean(name, known) or (f"Known are {', '.join(known)}." if known else "The query takes none.")
    return InvalidParameter(f"There is no parameter {name[:100]!r}.", hint=hint)


def _claimed(parameter: Parameter, claims: Mapping[str, Any], now: datetime) -> Any:
    value = claims.get(parameter.claim or "")
    if value is None:
        raise Forbidden(f"The query needs the claim {parameter.claim!r}, which the caller's identity does not have.")
    try:
        return value_of(parameter, value, now)
    except InvalidParameter:
        raise Forbidden(f"The claim {parameter.claim!r} of the caller's identity does not fit the query.") from None


def value_of(parameter: Parameter, value: Any, now: datetime, *, is_default: bool = False) -> Any:
    """Return the Python value of one parameter; a default may be relative to the call.

    Raises:
        InvalidParameter: naming the parameter, what is wrong with it and what would do.
    """
    try:
        if not parameter.array:
            return _one(parameter, value, now, is_default=is_default)
        items = _items(parameter, value)
    except NotAValue as error:
        raise InvalidParameter(f"The parameter {parameter.name!r} must be {error}.") from None
    found = []
    for at, item in enumerate(items, start=1):
        try:
            found.append(_one(parameter, item, now, is_default=is_default))
        except NotAValue as error:
            raise InvalidParameter(f"Item {at} of the parameter {parameter.name!r} must be {error}.") from None
    return found


def _items(parameter: Parameter, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise NotAValue("an array")
    least, most = parameter.min_items or 0, MAX_ITEMS if parameter.max_items is None else parameter.max_items
    if not least <= len(value) <= most:
        raise NotAValue(f"an array of {least} to {most} items" if least else f"an array of at most {most} items")
    return value


def _one(parameter: Parameter, value: Any, now: datetime, *, is_default: bool) -> Value:
    known = parameter.values or parameter.options
    if known and value not in (names := list(known)):
        near = f" ({hint.rstrip('?').removeprefix('Did you mean ')}?)" if (hint := _near(value, names)) else ""
        raise NotAValue(f"one of {', '.join(names)}{near}")
    if is_default and values.is_relative(value) and parameter.type in ("date", "datetime"):
        return _moment(parameter, value, now)
    found = READERS[parameter.type](value)
    if isinstance(found, str):
        _check_text(parameter, found)
    if parameter.minimum is not None or parameter.maximum is not None:
        _check_range(parameter, found, now)
    return found


def _near(value: Any, names: list[str]) -> str | None:
    return did_you_mean(value, names) if isinstance(value, str) else None


def _check_text(parameter: Parameter, text: str) -> None:
    least, most = parameter.min_length or 0, MAX_TEXT if parameter.max_length is None else parameter.max_length
    if len(text) > most:
        raise NotAValue(f"no longer than {most:,} characters")
    if len(text) < least:
        raise NotAValue(f"at least {least:,} characters long")
    if parameter.pattern is not None and not values.matcher(parameter.pattern)(text):
        raise NotAValue(f"a text that matches {parameter.pattern}")


def _check_range(parameter: Parameter, value: Any, now: datetime) -> None:
    if parameter.minimum is not None and value < bound_of(parameter, parameter.minimum, now):
        raise NotAValue(f"at least {parameter.minimum}")
    if parameter.maximum is not None and value > bound_of(parameter, parameter.maximum, now):
        raise NotAValue(f"at most {parameter.maximum}")


def bound_of(parameter: Parameter, bound: float | str, now: datetime) -> int | float | Decimal | date | time:
    """Return a minimum or maximum as a value that compares with the parameter's.

    Raises:
        NotAValue: it is not of the parameter's type.
    """
    if parameter.type in ("date", "datetime") and values.is_relative(bound):
        return _moment(parameter, str(bound), now)
    found: Any = READERS[parameter.type](bound)
    return found  # type: ignore[no-any-return]


def _moment(parameter: Parameter, text: str, now: datetime) -> date:
    moment = values.resolve(text, now)
    return moment.date() if parameter.type == "date" else moment


_WANTED = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "decimal": "a decimal number",
    "boolean": "true or false",
    "date": "a date such as 2026-01-31",
    "datetime": "a date and time such as 2026-01-31T14:30:00Z",
    "time": "a time such as 14:30:00",
    "interval": "a length of time such as 2 days 3 hours",
    "uuid": "a UUID",
    "json": "any JSON value",
}


def wanted(parameter: Parameter) -> str:
    """Return in words what a parameter takes."""
    known = ", ".join(parameter.values or parameter.options)
    one = f"one of {known}" if known else _WANTED[parameter.type]
    return f"an array; each item must be {one}" if parameter.array else one
