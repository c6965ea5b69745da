"""What databases said of named queries, kept as a file beside them: what differs later is drift. Runs nothing.

The file is committed: a change of the database then shows in a check of the queries before a user meets it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dbmcp.errors import ConfigError, QueryFailed
from dbmcp.formats.objects import unique_names
from dbmcp.named_queries.lexer import tokens_of
from dbmcp.named_queries.model import Fault, NamedQuery, line_and_column

if TYPE_CHECKING:
    from dbmcp.named_queries.model import Parameter, Variant
    from dbmcp.results import Description

FILE_NAME = "queries.snapshot.json"
UPDATE = "If that is meant, run dbmcp check --live --update and commit the file."

# The engine's types that take the values of a parameter's type; texts take all.
_NUMERIC = {"numeric", "real", "double precision"}
_TAKEN: Mapping[str, frozenset[str]] = {
    "integer": frozenset({"smallint", "integer", "bigint", "oid", "money", *_NUMERIC}),
    "number": frozenset(_NUMERIC),
    "decimal": frozenset({"money", *_NUMERIC}),
    "boolean": frozenset({"boolean"}),
    "date": frozenset({"date", "timestamp without time zone", "timestamp with time zone"}),
    "datetime": frozenset({"timestamp without time zone", "timestamp with time zone"}),
    "time": frozenset({"time without time zone", "time with time zone"}),
    "interval": frozenset({"interval"}),
    "uuid": frozenset({"uuid"}),
    "json": frozenset({"json", "jsonb"}),
}
_TEXTS = frozenset({"text", "character varying", "character"})
_TYPED = frozenset().union(*_TAKEN.values())


@dataclass(frozen=True, slots=True)
class Shape:
    """What one database says of a query: the type of each parameter, and the columns of each result it may have.

    A column is its name and its type; types are empty texts where the engine gives none.
    """

    parameters: Mapping[str, str]
    results: tuple[tuple[tuple[str, str], ...], ...]


# Query → database → shape.
Snapshot = Mapping[str, Mapping[str, Shape]]


def shape_of(described: Sequence[tuple[Variant, Description]]) -> Shape:
    """Return the shape of a query, from what a database said of each of its variants."""
    types: dict[str, dict[str, None]] = {}
    results: dict[tuple[tuple[str, str], ...], None] = {}
    for variant, found in described:
        for name, kind in zip(variant.names, found.parameters, strict=True):
            types.setdefault(name, {})[kind] = None
        kinds = (column.type for column in found.columns)
        results[tuple(zip(unique_names(found.columns), kinds, strict=True))] = None
    return Shape({name: " or ".join(kinds) for name, kinds in sorted(types.items())}, tuple(results))


def read(path: Path) -> Snapshot | None:
    """Return a snapshot file's content; None when there is none.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {
            query: {name: _shape(shape["parameters"], shape["results"]) for name, shape in databases.items()}
            for query, databases in content.items()
        }
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ConfigError(f"{path} is no snapshot.", hint="Make it anew: dbmcp check --live --update.") from None


def _shape(parameters: Mapping[str, str], results: Sequence[Mapping[str, str]]) -> Shape:
    return Shape(dict(parameters), tuple(tuple(columns.items()) for columns in results))


def write(path: Path, snapshot: Snapshot) -> None:
    """Write a snapshot file, the same bytes for the same content.

    Raises:
        ConfigError: it cannot be written.
    """
    content = {
        query: {
            name: {"parameters": dict(shape.parameters), "results": [dict(columns) for columns in shape.results]}
            for name, shape in sorted(databases.items())
        }
        for query, databases in sorted(snapshot.items())
    }
    text = json.dumps(content, indent=2, ensure_ascii=False)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}.") from None


class Places:
    """Finds places in the file of one query."""

    def __init__(self, query: NamedQuery, dialect: str) -> None:
        self._query = query
        self._dialect = dialect

    def fault(self, offset: int, message: str, hint: str | None = None) -> Fault:
        """Return a fault at an offset in the file."""
        return Fault(self._query.file, *line_and_column(self._query.text, offset), message, hint)

    def statement(self) -> int:
        """Return where the statement begins, after the front matter."""
        tokens = tokens_of(self._query.text, 0, self._dialect)
        return next((token.start for token in tokens if token.kind not in ("blank", "comment")), 0)

    def parameter(self, name: str) -> int:
        """Return where a parameter stands first in the SQL."""
        tokens = tokens_of(self._query.text, 0, self._dialect)
        found = (token.start for token in tokens if token.kind == "parameter" and token.text == name)
        return next(found, None) or self.statement()

    def name(self, name: str) -> int:
        """Return where a name stands first in the SQL; where it does not stand, where the statement begins."""
        return _first(self._query.text, name, self._dialect) or self.statement()

    def failure(self, variant: Variant, error: QueryFailed) -> Fault:
        """Return the fault that the engine found in a variant, where it saw it in the file."""
        if error.place is not None:
            line, column = error.place
            start = sum(len(text) for text in variant.text.splitlines(keepends=True)[: line - 1])
            message = error.message.replace(f" (line {line}, column {column})", "")
            return self.fault(variant.offset_in_file(start + column - 1), message, error.hint)
        found = _first(variant.text, error.missing[1], self._dialect) if error.missing else None
        offset = self.statement() if found is None else variant.offset_in_file(found)
        return self.fault(offset, error.message, error.hint)


def _first(text: str, name: str, dialect: str) -> int | None:
    """Return where a name stands first in a text, with the name before its dot; None where it does not stand."""
    start = 0
    is_after_dot = False
    for token in tokens_of(text, 0, dialect):
        if token.kind in ("word", "quote"):
            if not is_after_dot:
                start = token.start
            if text[token.start : token.end].strip('"`[]').casefold() == name.casefold():
                return start
        is_after_dot = token.text == "."
    return None


def misfits(query: NamedQuery, shape: Shape, places: Places) -> Iterator[Fault]:
    """Yield each parameter whose values the database would not take as what they are declared to be."""
    for name, kind in shape.parameters.items():
        parameter = query.parameters[name]
        if all(_takes(one, parameter) for one in kind.split(" or ") if one):
            continue
        declared = f"an array of {parameter.type}" if parameter.array else parameter.type
        message = f"The parameter {name!r} is declared as {declared}, and the database takes {kind} there."
        yield places.fault(places.parameter(name), message, "Declare what the database takes, or cast it in the SQL.")


def _takes(kind: str, parameter: Parameter) -> bool:
    element = kind.removesuffix("[]")
    if (element != kind) != parameter.array:
        return False
    # What is not known here has the text form of its own type, of which dbmcp cannot judge.
    return element in _TEXTS or element not in _TYPED or element in _TAKEN.get(parameter.type, ())


def drift(old: Shape, new: Shape, places: Places) -> Iterator[Fault]:
    """Yield what has changed of a query since the snapshot was made, each at its place in the file."""
    for name, kind in new.parameters.items():
        if (before := old.parameters.get(name, kind)) != kind:
            message = f"The database takes {kind} for the parameter {name!r}, and took {before}."
            yield places.fault(places.parameter(name), message, UPDATE)
    had, has = _columns(old), _columns(new)
    for name in had.keys() - has.keys():
        yield places.fault(places.statement(), f"The column {name!r} is gone from the result.", UPDATE)
    for name, kind in has.items():
        if name not in had:
            yield places.fault(places.name(name), f"The column {name!r} is new in the result.", UPDATE)
        elif had[name] != kind:
            message = f"The column {name!r} is {kind or 'of no type'} now, and was {had[name] or 'of no type'}."
            yield places.fault(places.name(name), message, UPDATE)
    if had == has and old.results != new.results:
        yield places.fault(places.statement(), "The columns of the result come in another order.", UPDATE)
    if old.parameters.keys() != new.parameters.keys():
        yield places.fault(places.statement(), "The parameters are other ones than those of the snapshot.", UPDATE)


def _columns(shape: Shape) -> dict[str, str]:
    """Return the types of the columns of all results, by name."""
    found: dict[str, dict[str, None]] = {}
    for columns in shape.results:
        for name, kind in columns:
            found.setdefault(name, {})[kind] = None
    return {name: " or ".join(kinds) for name, kinds in found.items()}
