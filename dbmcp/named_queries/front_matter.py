"""The leading comment of a .sql file: TOML → what a named query says of itself. No I/O."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dbmcp import toml_places
from dbmcp.errors import did_you_mean
from dbmcp.named_queries.declaration import faults_of
from dbmcp.named_queries.model import Example, Flaw, Output, Parameter, ParameterType, QueryLimits
from dbmcp.named_queries.values import MAX_TEXT

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# A number of calls, and the time in which they may be made.
_RATE = r"[1-9][0-9]{0,5}/(?:second|minute|hour|day)"
_COMMENT = re.compile(r"\ufeff?\s*/\*")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_EMPTY_HINT = 'Begin the file with /* description = "…" */.'
_Line = Annotated[str, Field(pattern=r"\S", max_length=2_000)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ParameterTable(_Table):
    """The keys of [parameters.NAME]; docs/named_queries.md has each."""

    type: ParameterType
    description: str = Field(default="", max_length=2_000)
    optional: bool = False
    default: Any = None
    minimum: Any = None
    maximum: Any = None
    min_length: int | None = Field(default=None, ge=0)
    max_length: int | None = Field(default=None, ge=0, le=MAX_TEXT)
    pattern: str | None = None
    values: list[_Line] | None = Field(default=None, min_length=1)
    options: dict[str, _Line] | None = Field(default=None, min_length=1)
    array: bool = False
    min_items: int | None = Field(default=None, ge=0)
    max_items: int | None = Field(default=None, ge=1, le=10_000)
    claim: _Line | None = None


class LimitsTable(_Table):
    """The keys of `limits`."""

    rows: int | None = Field(default=None, ge=1)
    bytes: int | None = Field(default=None, ge=1_000)
    seconds: float | None = Field(default=None, gt=0)


class ExampleTable(_Table):
    """The keys of [[examples]]."""

    arguments: dict[str, Any] = Field(default_factory=dict)
    name: str | None = None
    rows: int | None = Field(default=None, ge=0)


class Header(_Table):
    """The keys of the front matter; docs/named_queries.md has each."""

    title: _Line | None = None
    description: _Line
    database: _Line | list[_Line] | None = None
    tags: list[_Line] = Field(default_factory=list)
    parameters: dict[str, ParameterTable] = Field(default_factory=dict)
    limits: LimitsTable = LimitsTable()
    cache_seconds: float = Field(default=0.0, ge=0, le=86_400)
    rate: str | None = Field(default=None, pattern=f"^{_RATE}$")
    scopes: list[_Line] = Field(default_factory=list)
    output: Output = "text"
    deprecated: _Line | None = None
    always_load: bool = False
    search_hint: _Line | None = None
    examples: list[ExampleTable] = Field(default_factory=list)


@dataclass(frozen=True)
class FrontMatter:
    """What the front matter of one file says, and where: `start` and `end` are those of its TOML in the file's text.

    `body` is where the SQL begins.
    """

    text: str
    start: int
    end: int
    header: Header
    parameters: Mapping[str, Parameter]

    @property
    def body(self) -> int:
        """Return the offset of the first character after the comment."""
        return self.end + 2

    def offset(self, *path: str | int) -> int:
        """Return where a key stands in the file, or the innermost table around it."""
        found = toml_places.nearest(self._places, path)
        return self.start + (found or 0)

    @cached_property
    def _places(self) -> dict[toml_places.Path, int]:
        return toml_places.places(self.text[self.start : self.end])

    @property
    def limits(self) -> QueryLimits:
        """Return the limits that the query narrows."""
        return QueryLimits(**self.header.limits.model_dump())

    def examples(self) -> Iterator[Example]:
        """Yield the examples, each with its place."""
        for at, item in enumerate(self.header.examples):
            offset = self.offset("examples", at)
            line = self.text.count("\n", 0, offset) + 1
            column = offset - self.text.rfind("\n", 0, offset)
            arguments = {name: _as_json(value) for name, value in item.arguments.items()}
            yield Example(arguments, item.name, item.rows, line, column)


def read(text: str) -> tuple[FrontMatter | None, list[Flaw]]:
    """Return the front matter of a file's text, None where it cannot be read, and everything that is wrong with it."""
    opening = _COMMENT.match(text)
    if opening is None:
        return None, [Flaw(0, "The file has no front matter.", _EMPTY_HINT)]
    start = opening.end()
    end = text.find("*/", start)
    if end < 0:
        return None, [Flaw(start - 2, "The comment with the front matter is not closed.", "Close it with */.")]
    if (inner := text.find("/*", start, end)) >= 0:
        hint = "PostgreSQL takes it for a comment in the comment; in a TOML text write /\\u002A."
        return None, [Flaw(inner, "The front matter holds /*.", hint)]
    source = text[start:end]
    try:
        parsed = tomllib.loads(source.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [_of_toml(error, source, start)]
    try:
        header = Header.model_validate(parsed)
    except ValidationError as error:
        return None, list(_of_keys(error, source, start))
    parameters = {name: _parameter(name, table) for name, table in header.parameters.items()}
    matter = FrontMatter(text, start, end, header, parameters)
    return matter, [
        *(Flaw(matter.offset("parameters", name), *_bad_name(name)) for name in parameters if not NAME.fullmatch(name)),
        *(
            Flaw(matter.offset("parameters", name, *fault.keys), fault.message, fault.hint)
            for name, parameter in parameters.items()
            for fault in faults_of(parameter, header.parameters[name].model_fields_set)
        ),
    ]


def _bad_name(name: str) -> tuple[str, str]:
    return f"{name[:100]!r} is no name for a parameter.", "Use lower-case letters, digits and _, at most 40."


def _of_toml(error: Exception, source: str, start: int) -> Flaw:
    """Return the flaw for what tomllib says; it gives the place in its text alone."""
    message = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "It nests too deeply"
    found = _TOML_PLACE.search(message)
    offset = len(source.rstrip())
    if found and found.group(1):
        lines = source.split("\n")
        offset = sum(len(line) + 1 for line in lines[: int(found.group(1)) - 1]) + int(found.group(2)) - 1
    message = message[: found.start()] if found else message
    hint = "The comment ended at the first */; in a TOML text write *\\u002F." if found and not found.group(1) else None
    return Flaw(start + offset, f"The front matter is not TOML: {message}.", hint)


def _of_keys(error: ValidationError, source: str, start: int) -> Iterator[Flaw]:
    """Yield a flaw for each key that is wrong, with the name that was probably meant; no value is repeated."""
    found = toml_places.places(source)
    for fault in error.errors(include_input=False, include_url=False):
        # A text or a list of texts: pydantic names after the key which of the two it tried.
        path = fault["loc"] if fault["loc"][0] != "database" else ("database",)
        offset = start + (toml_places.nearest(found, path) or 0)
        dotted = ".".join(str(part) for part in path)[:200]
        if fault["type"] == "extra_forbidden":
            known = _keys_at(path)
            hint = did_you_mean(str(path[-1]), known) or f"Known are {', '.join(known)}."
            yield Flaw(offset, f"{dotted} is no key of the front matter.", hint)
        elif fault["type"] == "missing":
            yield Flaw(offset, f"{dotted} is missing.", None)
        elif fault["type"] == "literal_error":
            yield Flaw(offset, f"{dotted} must be {fault['ctx']['expected'].replace(chr(39), '')}.")
        elif path[-1] == "rate":
            yield Flaw(offset, 'rate must be a number of calls and a time, such as "10/minute".')
        elif fault["type"] == "string_pattern_mismatch":
            yield Flaw(offset, f"{dotted} is empty.")
        else:
            yield Flaw(offset, f"{dotted}: {fault['msg']}.")


def _keys_at(path: tuple[str | int, ...]) -> list[str]:
    if path[0] == "parameters" and len(path) > 2:
        model: type[BaseModel] = ParameterTable
    else:
        tables: dict[Any, type[BaseModel]] = {"limits": LimitsTable, "examples": ExampleTable}
        model = tables.get(path[0] if len(path) > 1 else "", Header)
    return sorted(model.model_fields)


def _parameter(name: str, table: ParameterTable) -> Parameter:
    given = {key: getattr(table, key) for key in table.model_fields_set}
    for key in ("default", "minimum", "maximum"):
        if key in given:
            given[key] = _as_json(given[key])
    if "values" in given:
        given["values"] = tuple(given["values"])
    return Parameter(name, **given)


def _as_json(value: Any) -> Any:
    """Return a TOML value as a caller would write it in JSON: dates and times are texts."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    return value
