"""The family of result formats: ResultSet → text within a budget of bytes, one file each."""

from __future__ import annotations

from collections.abc import Callable

from dbmcp.formats import csv, json, markdown
from dbmcp.formats.base import Encoded
from dbmcp.results import ResultSet

FORMATS: dict[str, Callable[[ResultSet, int], Encoded]] = {
    "csv": csv.encode,
    "json": json.encode,
    "markdown": markdown.encode,
}

__all__ = ["FORMATS", "Encoded"]
