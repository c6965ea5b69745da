"""What of a database nobody may see: denied tables and columns, masked columns, row filters. Settings and names only.

How a policy is enforced is the dialect's and the guard's: a governed table is read through a view of what may be
seen, so that a masked value is masked in WHERE and ORDER BY as well, and no alias, cast, join or row reference gets
round it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from dbmcp.errors import ConfigError, did_you_mean

MaskKind = Literal["null", "hash", "partial", "redact"]


class SqlMask(BaseModel):
    """A mask written as an SQL expression over the columns of the table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sql: str = Field(min_length=1, description="An SQL expression over the table's columns, instead of the value.")


class TablePolicy(BaseModel):
    """What may be seen of one table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deny: tuple[str, ...] = Field(default=(), description="Columns that do not exist for the caller.")
    mask: dict[str, MaskKind | SqlMask] = Field(
        default_factory=dict,
        description='Columns shown masked: "null", "hash", "partial", "redact", or { sql = "…" }.',
    )
    where: str | None = Field(
        default=None, description="An SQL condition over the table's columns: other rows do not exist for the caller."
    )


class PolicySettings(BaseModel):
    """The policy of one database; names are schema.table, or table in the default schema."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deny_tables: tuple[str, ...] = Field(
        default=(), description="Tables and views that do not exist for the caller; * stands for any characters."
    )
    tables: dict[str, TablePolicy] = Field(default_factory=dict, description="Tables of which only a part may be seen.")
    allow_views: tuple[str, ...] = Field(
        default=(), description="PostgreSQL: views that may be read although they read a governed table."
    )
    hash_key: SecretStr = Field(
        default_factory=lambda: SecretStr(secrets.token_hex(16)),
        min_length=16,
        description="The key of the hash mask; random at each start when unset, so that hashes change with it.",
    )

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is governed."""
        return not self.deny_tables and not self.tables


@dataclass(frozen=True, slots=True)
class Shown:
    """What is left of a governed table: its columns, each with the SQL that gives it, and the condition on rows."""

    columns: tuple[tuple[str, str | MaskKind | SqlMask], ...]
    where: str | None


PLAIN = "plain"
# A table whose name holds a dot: `schema."a.b"`.
_QUOTED = re.compile(r'(?:(.+)\.)?"((?:[^"]|"")+)"')


def _matches(name: str, pattern: str) -> bool:
    """Say whether a name is meant by a pattern, in which * alone is special."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name, re.DOTALL) is not None


_ASCII = str.maketrans(ascii_uppercase, ascii_lowercase)


def folded(name: str) -> str:
    """Return a name as SQLite compares it: ASCII letters in lower case, and no others, which depend on what follows.

    Python's `lower()` makes a sigma at the end of a word another letter than within one.
    """
    return name.translate(_ASCII)


class Policy:
    """A policy's settings with the names resolved against one default schema."""

    def __init__(self, settings: PolicySettings, default_schema: str) -> None:
        self.settings = settings
        self._default_schema = default_schema
        self.tables = {self._qualified(name): table for name, table in settings.tables.items()}
        self._allowed_views = {self._qualified(name) for name in settings.allow_views}

    def _qualified(self, name: str) -> tuple[str, str]:
        if quoted := _QUOTED.fullmatch(name):
            return quoted.group(1) or self._default_schema, quoted.group(2).replace('""', '"')
        schema, dot, table = name.rpartition(".")
        return (schema, table) if dot else (self._default_schema, name)

    def denies(self, schema: str, name: str, *, fold: bool = False) -> bool:
        """Say whether a table is denied whole; `fold` is for a name that was folded."""
        return any(
            _matches(schema, pattern[0]) and _matches(name, folded(pattern[1]) if fold else pattern[1])
            for pattern in map(self._qualified, self.settings.deny_tables)
        )

    def allows_view(self, schema: str, name: str) -> bool:
        """Say whether the operator vouches for a view over a governed table."""
        return (schema, name) in self._allowed_views

    def governs(self, schema: str, name: str) -> bool:
        """Say whether a table is denied, or only a part of it may be seen."""
        return (schema, name) in self.tables or self.denies(schema, name)

    def shown(self, schema: str, name: str, columns: Iterable[str]) -> Shown:
        """Return what is left of a table.

        Raises:
            ConfigError: the policy names a column that the table does not have.
        """
        table = self.tables[schema, name]
        known = list(columns)
        for column in (*table.deny, *table.mask):
            if column not in known:
                hint = did_you_mean(column, known)
                raise ConfigError(
                    f"The policy of {schema}.{name} names a column {column!r} that is not there.", hint=hint
                )
        left = [column for column in known if column not in table.deny]
        if not left:
            raise ConfigError(f"The policy of {schema}.{name} denies every column.", hint="Put it under deny_tables.")
        return Shown(tuple((column, table.mask.get(column, PLAIN)) for column in left), table.where)

    def check(self, known: Iterable[tuple[str, str]]) -> None:
        """Refuse a policy that names a table that is not there: a misspelt name must not leave a table open.

        Raises:
            ConfigError: naming it, and the nearest that is.
        """
        names = set(known)
        for table in (*self.tables, *self._allowed_views):
            if table not in names:
                hint = did_you_mean(".".join(table), [".".join(name) for name in names])
                raise ConfigError(f"The policy names a table {'.'.join(table)} that is not there.", hint=hint)
        for pattern in map(self._qualified, self.settings.deny_tables):
            if not any(_matches(schema, pattern[0]) and _matches(name, pattern[1]) for schema, name in names):
                raise ConfigError(f"The policy denies {'.'.join(pattern)}, which matches no table.")
