"""Files of named queries for tests: written, loaded, and what was wrong with them."""

from __future__ import annotations

from pathlib import Path

from dbmcp.limits import Limits
from dbmcp.named_queries import library
from dbmcp.named_queries.model import Home, Library, LibraryError, NamedQuery

MAIN = {"main": Home("postgresql")}


def sql_file(header: str, sql: str = "SELECT 1 AS one") -> str:
    """Return the text of a file whose front matter begins on line 2; a description is put in where there is none."""
    described = header if "description" in header else f'description = "d"\n{header}'
    return f"/*\n{described.strip()}\n*/\n{sql}\n"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a file below a folder; the name may hold subfolders, and goes without .sql."""
    path = folder / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def load(folder: Path, dialect: str = "postgresql", former: Library | None = None) -> Library:
    """Return the library of one folder, for one database called main."""
    return library.load([folder], {"main": Home(dialect)}, Limits(), former=former)


def faults_of(folder: Path, dialect: str = "postgresql") -> list[str]:
    """Return the faults of a folder as lines, without the folder's own path; none when it loads."""
    try:
        load(folder, dialect)
    except LibraryError as error:
        return [str(fault).replace(f"{folder}/", "").replace(str(folder), ".") for fault in error.faults]
    return []


def faults_in(folder: Path, text: str, dialect: str = "postgresql") -> list[str]:
    """Return the faults of a single file, each as line:column: what is wrong."""
    write(folder, "q", text)
    return [fault.removeprefix("q.sql:") for fault in faults_of(folder, dialect)]


def query_of(folder: Path, text: str, dialect: str = "postgresql") -> NamedQuery:
    """Return the query of a single file."""
    write(folder, "q", text)
    return load(folder, dialect).queries["q"]
