"""Comparing what databases hold, now or as it was saved: find → catalog → diff → report. Nothing here reads a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.catalog import saving
from dbmcp.catalog.diff import diff
from dbmcp.errors import ConfigError
from dbmcp.use_cases.answers import Reply, reported

if TYPE_CHECKING:
    from pathlib import Path

    from dbmcp.catalog.diff import Change
    from dbmcp.catalog.model import Catalog
    from dbmcp.runtime import Runtime


async def save_catalog(runtime: Runtime, database: str | None = None) -> Reply:
    """Return all that a database holds as the text of a file, as far as its policy lets it be seen.

    Raises:
        UnknownDatabase, DatabaseError
    """
    with reported(runtime, "save_catalog", database) as done:
        return done(Reply(saving.dump(await runtime.database(database).catalog())))


def read_saved(path: Path) -> Catalog:
    """Return what a file of `save_catalog` holds.

    Raises:
        ConfigError: it cannot be read, is none, is damaged, or was saved by a later dbmcp.
    """
    try:
        return saving.load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is no saved catalog: it is not UTF-8.") from None
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.message}", hint=error.hint) from None


async def compare(runtime: Runtime, before: Catalog | str, after: Catalog | str) -> tuple[Change, ...]:
    """Return what differs between two catalogs; a text is the name of a database, whose catalog is read.

    Raises:
        UnknownDatabase, DatabaseError
    """
    name = next((item for item in (before, after) if isinstance(item, str)), None)
    with reported(runtime, "compare", name):
        first, second = [
            await runtime.database(item).catalog() if isinstance(item, str) else item for item in (before, after)
        ]
        return compare_saved(first, second)


def compare_saved(before: Catalog, after: Catalog) -> tuple[Change, ...]:
    """Return what differs between two catalogs that were saved; needs no database and no settings."""
    return diff(before, after)
