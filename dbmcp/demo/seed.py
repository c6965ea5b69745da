"""Build the demo database: three years of a coffee roastery's books, the same rows on every machine."""

import os
import stat
import struct
import sys
import tempfile
from contextlib import closing, suppress
from importlib.resources import files
from pathlib import Path
from sqlite3 import Connection, OperationalError, connect

from dbmcp.demo import books

DEMO_VERSION = 1  # raised with every change to schema.sql or to the books: `ensure` then builds anew

_FILE_NAME = "copper-hare.sqlite"
_APPLICATION_ID = 0x48617265  # "Hare", so that no other SQLite file is taken for ours


def _write(connection: Connection) -> None:
    """Create the tables and the rows written by hand, then keep the books."""
    schema = files(__package__).joinpath("schema.sql").read_text("utf-8")
    connection.execute("PRAGMA foreign_keys = ON")
    marks = f"PRAGMA application_id = {_APPLICATION_ID}; PRAGMA user_version = {DEMO_VERSION}"
    connection.executescript(f"{marks}; PRAGMA journal_mode = MEMORY; BEGIN; {schema}")
    books.keep(connection)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")


def build(path: Path) -> None:
    """Write the demo database to `path`, whole or not at all, in place of any file that is there.

    Raises OSError if the folder does not exist or cannot be written, or (on Windows) the old file is in use,
    and sqlite3.OperationalError if the disk is full.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    unfinished = Path(name)
    try:
        with closing(connect(unfinished, isolation_level=None)) as connection:
            _write(connection)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def ensure(folder: Path | None = None) -> Path:
    """Return the path of the demo database, building it if it is missing, damaged or of another version.

    Without a folder it lives in the user's cache folder, or in a private temporary one where that cannot be
    written. Any number of processes may call it at once. Raises OSError if a given folder cannot be written.
    """
    if folder is not None:
        return _ensure_in(folder)
    try:
        return _ensure_in(_cache_folder())
    except (OSError, RuntimeError, OperationalError):  # RuntimeError: the user has no home
        return _ensure_in(_temporary_folder())


def _ensure_in(folder: Path) -> Path:
    path = folder.absolute() / _FILE_NAME
    if not _is_current(path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            build(path)
        except PermissionError:
            # Windows replaces no open file. If another process has just built and opened it, all is well.
            if not _is_current(path):
                raise
    return path


def _is_current(path: Path) -> bool:
    """Tell from its header (sqlite.org/fileformat.html) whether the file is ours, whole and current."""
    header = struct.Struct(">16sH10xI28xI4xI")
    try:
        with path.open("rb") as file:
            magic, page_size, pages, version, application = header.unpack(file.read(header.size))
            size = file.seek(0, os.SEEK_END)
    except (OSError, struct.error):
        return False
    is_ours = (magic, version, application) == (b"SQLite format 3\0", DEMO_VERSION, _APPLICATION_ID)
    return is_ours and size == page_size * pages


def _cache_folder() -> Path:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "dbmcp"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "dbmcp"
    shared = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (shared if shared.is_absolute() else Path.home() / ".cache") / "dbmcp"


def _temporary_folder() -> Path:
    """Return a temporary folder that nobody else can have put a file into."""
    if sys.platform == "win32":  # its temporary folder is the user's own
        return Path(tempfile.gettempdir()) / "dbmcp"
    folder = Path(tempfile.gettempdir()) / f"dbmcp-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077:
        return folder
    return Path(tempfile.mkdtemp(prefix="dbmcp-"))
