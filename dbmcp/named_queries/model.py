"""Named queries as frozen data: what a .sql file says once it was read, checked and approved. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dbmcp.errors import ConfigError, did_you_mean
from dbmcp.guard.approved import ApprovedQuery
from dbmcp.guard.extras import NO_EXTRAS, Extras
from dbmcp.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dbmcp.dialects.base import Argument

ParameterType = Literal[
    "string", "integer", "number", "decimal", "boolean", "date", "datetime", "time", "interval", "uuid", "json",
    "enum", "choice",
]  # fmt: skip
Output = Literal["text", "structured"]

# The argument that says where a query runs that may run on several databases.
DATABASE_ARGUMENT = "database"


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input of a named query, as its front matter declares it.

    `default`, `minimum` and `maximum` are as the file has them, in JSON's terms: dates and decimals are texts, and a
    date or datetime may be relative to the call (`today - 30 days`). None stands for none.
    """

    name: str
    type: ParameterType
    description: str = ""
    optional: bool = False
    default: Any = None
    minimum: int | float | str | None = None
    maximum: int | float | str | None = None
    min_length: int | None = None
    max_length: int | None = None
    # A regular expression for the whole text, of the kind that is matched in linear time: no look-around, no \1.
    pattern: str | None = None
    # enum: the texts that will do.
    values: tuple[str, ...] = ()
    # choice: the name of each option and the SQL fragment that it stands for.
    options: Mapping[str, str] = field(default_factory=dict)
    array: bool = False
    min_items: int | None = None
    max_items: int | None = None
    # The claim of the caller's identity that fills it; such a parameter is in no schema and taken from no caller.
    claim: str | None = None

    @property
    def is_required(self) -> bool:
        """Say whether every call must give it."""
        return not self.optional and self.default is None and self.claim is None

    @property
    def is_hidden(self) -> bool:
        """Say whether callers are not told of it, because a claim fills it."""
        return self.claim is not None


@dataclass(frozen=True, slots=True)
class Variant:
    """One concrete text of a query: some of its optional parts, one option of each choice.

    Placeholder n of `text` (`$n` on PostgreSQL, `?n` on SQLite) is filled from the parameter `names[n - 1]`.
    `places` are pairs of offsets, in characters and ascending: from the first on, the text is that of the file from
    the second on, until the next pair. `approved` has the guard's verdict for each database the query may run on.
    """

    text: str
    names: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    approved: Mapping[str, ApprovedQuery] = field(default_factory=dict)

    def offset_in_file(self, offset: int) -> int:
        """Return where in the file's text the character at `offset` of the variant's text stands."""
        start, there = 0, 0
        for at, place in self.places:
            if at > offset:
                break
            start, there = at, place
        return there + offset - start


# Which optional parts stay, in the order of the file, and the options chosen, in the order of `NamedQuery.choices`.
VariantKey = tuple[tuple[bool, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Example:
    """Arguments that show how a query is called, and how many rows they give where the file says so.

    `line` and `column` are those of the example in the file, from 1.
    """

    arguments: Mapping[str, Any]
    name: str | None = None
    rows: int | None = None
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What a query narrows of the server's limits; None leaves the server's. `rows` may go up to `limits.max_rows`."""

    rows: int | None = None
    bytes: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One .sql file: what it is for, what it takes, and every text that may run.

    `file` is the path as the operator gave its folder, for messages. `group` is the subfolder, with / between several;
    empty at the top. `text` is the whole file. `databases` are the names of the databases it may run on; where there
    are several, the caller names one by the argument `database`.
    """

    name: str
    file: str
    group: str
    description: str
    databases: tuple[str, ...]
    text: str
    title: str | None = None
    tags: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    # For each optional part the optional parameters it needs, and the choice parameters in the order of their places.
    parts: tuple[frozenset[str], ...] = ()
    choices: tuple[str, ...] = ()
    variants: Mapping[VariantKey, Variant] = field(default_factory=dict)
    limits: QueryLimits = QueryLimits()
    cache_seconds: float = 0.0
    # A number of calls for each caller: "10/minute"; None is without limit.
    rate: str | None = None
    # Scopes of which a caller must have every one.
    scopes: tuple[str, ...] = ()
    output: Output = "text"
    # What to use instead; None while the query is current.
    deprecated: str | None = None
    always_load: bool = False
    search_hint: str | None = None
    examples: tuple[Example, ...] = ()

    def variant(self, arguments: Mapping[str, Argument]) -> Variant:
        """Return the text for a call with these arguments, of all the parameters that have a value."""
        kept = tuple([part <= arguments.keys() for part in self.parts])
        return self.variants[kept, tuple([str(arguments[name].value) for name in self.choices])]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file of named queries: where (line and column from 1), what, and what would mend it."""

    file: str
    line: int
    column: int
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        """Return the fault as a line that editors and terminals turn into a link."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{f' {self.hint}' if self.hint else ''}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong in the text of a file, at an offset in characters; the library makes a `Fault` of it."""

    offset: int
    message: str
    hint: str | None = None


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return where a character of a text stands, from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class LibraryError(ConfigError):
    """The folders of named queries hold faults: none of the queries is loaded. `faults` has all of them, in order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        lines = "\n".join(str(fault) for fault in self.faults)
        super().__init__(f"The named queries have {count} fault{'s' if count > 1 else ''}:\n{lines}")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was read: the hash of its bytes, which tells that it has changed, and its query."""

    digest: str
    query: NamedQuery


@dataclass(frozen=True, slots=True)
class Home:
    """What must be known of a database to approve queries for it: its dialect, and the functions allowed there.

    `is_governed` says that it is under a policy: no pack is served for it.
    """

    dialect: str
    extras: Extras = NO_EXTRAS
    is_governed: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    """A set of named queries, by name and sorted by name; swapped whole when files change.

    `fingerprint` changes whenever anything of the queries does. `sources`, `homes` and `limits` let the next load use
    what has not changed.
    """

    queries: Mapping[str, NamedQuery] = field(default_factory=dict)
    fingerprint: str = ""
    sources: Mapping[Path, Source] = field(default_factory=dict, repr=False)
    homes: Mapping[str, Home] = field(default_factory=dict, repr=False)
    limits: Limits = field(default_factory=Limits, repr=False)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups there are, sorted; a group within another is `outer/inner`."""
        return tuple(sorted({query.group for query in self.queries.values() if query.group}))

    def of_groups(self, groups: Sequence[str]) -> Library:
        """Return the library with the queries of these groups alone, and of the groups within; all without a name.

        Raises:
            ConfigError: there is no such group.
        """
        known = {outer for group in self.groups for outer in _with_outer(group)}
        for group in groups:
            if group not in known:
                hint = did_you_mean(group, known) or f"Known are {', '.join(sorted(known)) or 'none'}."
                raise ConfigError(f"There is no group {group!r} of named queries.", hint=hint)
        if not groups:
            return self
        kept = {name: query for name, query in self.queries.items() if not _with_outer(query.group).isdisjoint(groups)}
        return replace(self, queries=kept, fingerprint=f"{self.fingerprint} {','.join(sorted(groups))}")


def _with_outer(group: str) -> set[str]:
    """Return a group and those that it lies in."""
    names = group.split("/")
    return {"/".join(names[:end]) for end in range(1, len(names) + 1)} if group else set()
