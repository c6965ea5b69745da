"""Runs dbmcp and sqlacodegen over the same databases and prints a Markdown table of what comes of it.

    python scripts/beside_sqlacodegen.py postgresql://postgres@127.0.0.1:5432/postgres [--only NAME,…]

The URL is of a PostgreSQL on which databases can be made: one after the other is made and dropped. sqlacodegen comes
into a temporary environment of its own, by pip's own settings, and is no dependency. Both run as a whole process, and
what they wrote is imported, configured and compared by one and the same program, with warnings as errors. Samples that
do not lie beside the checkout are left out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402 - the checkout is on the path only now

from benchmarks.measures.catalog import table_of  # noqa: E402
from dbmcp.demo import seed  # noqa: E402
from tests.catalog.snapshots import FOLDER, sample  # noqa: E402
from tests.codegen.running import UNREADABLE  # noqa: E402

VERSION = "4.0.4"
# Of each run, so that none lasts for ever.
SECONDS = 300
SAMPLES = ("pagila", "chinook", "feature", "hostile", "500 tables", "demo, SQLite", "chinook, SQLite")

# Prints what importing says, then how many differences alembic finds between a database and a module's metadata.
JUDGE = """
import importlib.util, json, sys, warnings
import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers
url, path, unreadable = sys.argv[1:]
try:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spec = importlib.util.spec_from_file_location("models", path)
        module = sys.modules["models"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        configure_mappers()
except BaseException as error:
    print(f"no: {type(error).__name__}")
    sys.exit()
print("yes")
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
base = getattr(module, "Base", None)
metadata = base.metadata if base is not None else module.metadata
warnings.simplefilter("ignore")
unreadable = json.loads(unreadable)
with sa.create_engine(url).connect() as connection:
    options = {
        "include_schemas": connection.dialect.name == "postgresql",
        "include_name": lambda name, kind, _: kind not in ("schema", "table") or name not in unreadable,
        "include_object": lambda item, name, kind, *_: kind != "table" or not {item.schema, name} & {*unreadable},
    }
    print(len(compare_metadata(MigrationContext.configure(connection, opts=options), metadata)))
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--only", default=",".join(SAMPLES).replace(", SQLite", "; SQLite"))
    given = parser.parse_args()
    names = [name.replace("; SQLite", ", SQLite") for name in given.only.split(",")]
    with tempfile.TemporaryDirectory(prefix="dbmcp-beside-") as text:
        folder = Path(text)
        other = _environment(folder)
        today = dt.datetime.now(tz=dt.UTC).date()
        print(f"{today}, sqlacodegen {VERSION}, {_versions(other)}, Python {platform.python_version()}\n")
        print("| database | | imports | differences | seconds |\n|---|---|---|---|---|")
        for name in names:
            with _database(given.url, name, folder) as url:
                if url is not None:
                    _compare(name, url, folder, other)


def _environment(folder: Path) -> Path:
    """Install sqlacodegen beside what dbmcp's own environment compares with; return the program's folder."""
    subprocess.run([sys.executable, "-m", "venv", str(folder / "environment")], check=True)
    programs = folder / "environment" / "bin"
    needed = [f"sqlacodegen=={VERSION}", *(f"{name}=={_own(name)}" for name in ("sqlalchemy", "alembic", "psycopg"))]
    subprocess.run(
        [str(programs / "pip"), "install", "--quiet", *needed, "psycopg[binary]"], check=True, capture_output=True
    )
    return programs


def _own(name: str) -> str:
    from importlib.metadata import version  # noqa: PLC0415 - of this environment, asked once

    return version(name)


def _versions(programs: Path) -> str:
    text = "import sqlalchemy, alembic; print(f'SQLAlchemy {sqlalchemy.__version__}, alembic {alembic.__version__}')"
    return subprocess.run(
        [str(programs / "python"), "-c", text], capture_output=True, text=True, check=True
    ).stdout.strip()


@contextmanager
def _database(server: str, name: str, folder: Path) -> Iterator[str | None]:
    """Make a database of the sample; None where there is none."""
    if name == "demo, SQLite":
        yield str(seed.ensure(folder))
    elif name == "chinook, SQLite":
        yield _sqlite(folder)
    else:
        with psycopg.connect(server, autocommit=True) as admin:
            own = f"dbmcp_beside_{os.getpid()}"
            admin.execute(f"CREATE DATABASE {own}".encode())
            try:
                url = server[: server.rindex("/") + 1] + own
                yield url if _filled(url, name) else None
            finally:
                admin.execute(f"DROP DATABASE {own} WITH (FORCE)".encode())


def _sqlite(folder: Path) -> str | None:
    import sqlite3  # noqa: PLC0415 - for one sample

    text = _sample("chinook.sqlite.sql")
    if text is None:
        return None
    path = folder / "chinook.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(text)
    return str(path)


def _sample(name: str) -> str | None:
    import pytest  # noqa: PLC0415 - says that a sample is absent

    try:
        return sample(name)
    except pytest.skip.Exception:
        return None


def _filled(url: str, name: str) -> bool:
    if name == "500 tables":
        texts = ["CREATE TYPE state AS ENUM ('new', 'paid', 'sent')", *map(table_of, range(500))]
    elif name == "feature":
        texts = [(FOLDER / f"{part}.sql").read_text("utf-8") for part in ("postgresql", "postgresql_15")]
    elif name == "hostile":
        texts = [(ROOT / "tests" / "codegen" / "hostile.sql").read_text("utf-8")]
    else:
        found = _sample(f"{name}.sql")
        texts = [] if found is None else [found]
    with psycopg.connect(url, autocommit=True) as connection:
        for text in texts:
            connection.execute(text.encode())
    return bool(texts)


def _compare(name: str, url: str, folder: Path, programs: Path) -> None:
    plain = url if url.startswith("postgres") else f"sqlite:///{url}"
    alchemy = "postgresql+psycopg" + url[url.index("://") :] if url.startswith("postgres") else plain
    schemas = _schemas(url)
    named = ["--schemas", ",".join(schemas)] if schemas else []
    # The role that makes databases may do more than read.
    writable = ["--allow-writable-role"] if url.startswith("postgres") else []
    runs = {
        "dbmcp": [sys.executable, "-m", "dbmcp", "models", url, "--target", "sqlalchemy", "--out", "OUT", *writable],
        f"sqlacodegen {VERSION}": [str(programs / "sqlacodegen"), alchemy, *named, "--outfile", "OUT"],
    }
    for number, (who, command) in enumerate(runs.items()):
        out = folder / f"models_{number}.py"
        out.unlink(missing_ok=True)
        began = time.perf_counter()
        ran = _run([str(out) if part == "OUT" else part for part in command])
        took = time.perf_counter() - began
        if ran.returncode or not out.exists():
            said = (ran.stderr.strip().splitlines() or ["nothing"])[-1].partition(":")[0]
            print(f"| {name} | {who} | no file: {said} | | {took:.1f} |", flush=True)
            continue
        judged = _run([str(programs / "python"), "-c", JUDGE, alchemy, str(out), json.dumps(UNREADABLE)])
        lines = judged.stdout.split("\n")
        differences = lines[1] if len(lines) > 2 else "" if lines[0] != "yes" else "alembic fails"
        print(f"| {name} | {who} | {lines[0]} | {differences} | {took:.1f} |", flush=True)


def _schemas(url: str) -> list[str]:
    """Return the schemas besides the default one: sqlacodegen reads only those that it is told."""
    if not url.startswith("postgres"):
        return []
    sql = b"SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)' ORDER BY nspname <> 'public'"
    with psycopg.connect(url) as connection:
        found = [name for (name,) in connection.execute(sql)]
    return found if len(found) > 1 else []


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=SECONDS, env=environment, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"over {SECONDS} seconds: stopped")


if __name__ == "__main__":
    main()
