r"""One JSON value of a call → one Python value of a parameter's type, or what would do instead. No I/O.

Texts are read by their exact written form, not by what a library would make of them: `date.fromisoformat` takes week
dates, `uuid.UUID` takes braces, `\d` takes digits of every script.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema

T = TypeVar("T")
Value = str | int | float | Decimal | bool | date | datetime | time | UUID

MAX_TEXT = 65_536
MAX_PATTERN = 500
# A number of more digits is none that a column holds.
_DECIMAL = re.compile(r"-?[0-9]{1,100}(?:\.[0-9]{1,100})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_TIME = re.compile(TIME)
_ZONE = re.compile(r"Z|[+-][0-9]{2}:[0-9]{2}")
_DATETIME = re.compile(rf"({_DATE.pattern})[T ]({TIME})({_ZONE.pattern})?")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_UNIT = r"(?:microsecond|millisecond|second|minute|hour|day|week|month|year)s?"
_AMOUNT = rf"[+-]?[0-9]{{1,9}}(?:\.[0-9]{{1,6}})? {_UNIT}"
# A sum of units, or a duration of ISO 8601.
_INTERVAL = re.compile(
    rf"{_AMOUNT}(?: {_AMOUNT}){{0,7}}"
    r"|P(?:[0-9]{1,9}[YMWD]){1,4}(?:T(?:[0-9]{1,9}[HM]){0,2}(?:[0-9]{1,9}(?:\.[0-9]{1,6})?S)?)?"
    r"|PT(?:[0-9]{1,9}[HM]){0,2}(?:[0-9]{1,9}(?:\.[0-9]{1,6})?S)?"
)
_RELATIVE = re.compile(
    r"(today|now)(?:\s*([+-])\s*([0-9]{1,5})\s*(second|minute|hour|day|week|month|year)s?)?", re.ASCII
)
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_MAX_INTEGER = 2**63 - 1
_EXACT_FLOAT = 2**53


class NotAValue(Exception):
    """The value is not of the type; the text says what would do, to follow "must be"."""


def of_integer(value: Any) -> int:
    """Return a whole number of 64 bits."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT_FLOAT:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotAValue("an integer")
    if not -_MAX_INTEGER - 1 <= value <= _MAX_INTEGER:
        raise NotAValue("an integer of 64 bits")
    return value


def of_number(value: Any) -> float:
    """Return a number of double precision."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise NotAValue("a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise NotAValue("a finite number")
    return number


def of_decimal(value: Any) -> Decimal:
    """Return a number of any precision, given as text, or as a number where that is exact enough."""
    wanted = "a decimal number, as text such as 12.50"
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise NotAValue(wanted)
    if isinstance(value, float) and not math.isfinite(value):
        raise NotAValue(wanted)
    # str() of a very long integer fails.
    if isinstance(value, int) and value.bit_length() > 300:
        raise NotAValue(f"{wanted}, of at most 100 digits")
    text = value if isinstance(value, str) else format(Decimal(str(value)), "f")
    if not _DECIMAL.fullmatch(text):
        raise NotAValue(wanted)
    return Decimal(text)


def of_boolean(value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise NotAValue("true or false")
    return value


def of_text(value: Any) -> str:
    """Return a text that every engine can hold."""
    if not isinstance(value, str):
        raise NotAValue("a string")
    if "\0" in value:
        raise NotAValue("a string without the character U+0000")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise NotAValue("a string of whole Unicode characters, without lone surrogates") from None
    return value


def of_date(value: Any) -> date:
    """Return a day."""
    wanted = "a date such as 2026-01-31"
    return _of_form(_DATE, value, date.fromisoformat, wanted)


def of_datetime(value: Any) -> datetime:
    """Return a moment, in UTC; one without an offset is in UTC already."""
    wanted = "a date and time such as 2026-01-31T14:30:00Z"

    def read(text: str) -> datetime:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

    return _of_form(_DATETIME, value, read, wanted)


def of_time(value: Any) -> time:
    """Return a time of day."""
    return _of_form(_TIME, value, time.fromisoformat, "a time such as 14:30:00")


def of_uuid(value: Any) -> UUID:
    """Return a UUID."""
    return _of_form(_UUID, value, UUID, "a UUID such as 123e4567-e89b-12d3-a456-426614174000")


def of_interval(value: Any) -> str:
    """Return a length of time as it is written: the engine reads it."""
    wanted = "a length of time such as 2 days 3 hours or P2DT3H"
    text = _of_form(_INTERVAL, value, str, wanted)
    if text[-1] in "PT":
        raise NotAValue(wanted)
    return text


def of_json(value: Any) -> str:
    """Return the compact JSON text of a value."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, TypeError, RecursionError):
        raise NotAValue("a JSON value without NaN or infinity, nested less deeply") from None
    if _ESCAPED_NUL.search(text):
        raise NotAValue("a JSON value without the character U+0000")
    return of_text(text)


def _of_form(form: re.Pattern[str], value: Any, read: Callable[[str], T], wanted: str) -> T:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise NotAValue(wanted)
    try:
        return read(value)
    except (ValueError, OverflowError):
        raise NotAValue(wanted) from None


READERS: dict[str, Callable[[Any], Value]] = {
    "string": of_text,
    "integer": of_integer,
    "number": of_number,
    "decimal": of_decimal,
    "boolean": of_boolean,
    "date": of_date,
    "datetime": of_datetime,
    "time": of_time,
    "interval": of_interval,
    "uuid": of_uuid,
    "json": of_json,
    "enum": of_text,
    "choice": of_text,
}


def is_relative(value: Any) -> bool:
    """Say whether a default or bound of a date or datetime is counted from the call."""
    return isinstance(value, str) and _RELATIVE.fullmatch(value) is not None


def resolve(text: str, now: datetime) -> datetime:
    """Return the moment that `today - 30 days` means at `now`, which is in UTC. The last day of a month stays in it.

    Raises:
        NotAValue: it lies outside the years 1 to 9999.
    """
    found = _RELATIVE.fullmatch(text)
    if found is None:
        raise NotAValue("written as today, now, today - 30 days or now + 2 hours")
    word, sign, amount, unit = found.groups()
    moment = now if word == "now" else now.replace(hour=0, minute=0, second=0, microsecond=0)
    if sign is None:
        return moment
    count = int(f"{sign}{amount}")
    try:
        if unit in _SECONDS:
            return moment + timedelta(seconds=count * _SECONDS[unit])
        return _months_later(moment, count * (12 if unit == "year" else 1))
    except (OverflowError, ValueError):
        raise NotAValue("within the years 1 to 9999") from None


def _months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    following = datetime(year + month // 11, (month + 1) % 12 + 1, 1, tzinfo=UTC)
    last = (following - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


@lru_cache(maxsize=10_000)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Return a test whether a whole text matches, in a time that grows with the text and no faster.

    The engine is the one of pydantic, which does not backtrack. A pattern that needs to is refused.

    Raises:
        NotAValue: the pattern is none that it takes.
    """
    if len(pattern) > MAX_PATTERN:
        raise NotAValue(f"a regular expression of at most {MAX_PATTERN} characters")
    if re.search(r"(?<!\\)(?:\\\\)*\(\?(?!:)", pattern):
        raise NotAValue("a regular expression without look-around, names and flags: of groups, only (…) and (?:…)")
    try:
        # First by itself: a parenthesis too many would close the one put round it.
        SchemaValidator(core_schema.str_schema(pattern=pattern))
        whole = SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$"))
    except SchemaError as error:
        reason = str(error).rpartition("error: ")[2].rpartition("SchemaError: ")[2].strip().rstrip(".")
        raise NotAValue(f"a regular expression ({reason})") from None

    def matches(text: str) -> bool:
        try:
            whole.validate_python(text)
        except ValidationError:
            return False
        return True

    return matches
