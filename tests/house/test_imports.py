"""House rule: every import contract in pyproject.toml reports the import it is there to forbid."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]

# Contract → files of the package and the line planted at the end of each; a missing file is made.
PLANTED = [
    ("layers", {"dbmcp/errors.py": "import dbmcp.results"}),
    ("layers", {"dbmcp/guard/__init__.py": "import dbmcp.database"}),
    ("layers", {"dbmcp/formats/__init__.py": "import dbmcp.observers"}),
    ("layers", {"dbmcp/dialects/base.py": "import dbmcp.catalog.model"}),
    ("layers", {"dbmcp/unplaced.py": ""}),
    ("demo", {"dbmcp/server/__init__.py": "import dbmcp.demo"}),
    ("door-mcp", {"dbmcp/use_cases/__init__.py": "import mcp"}),
    ("door-mcp", {"dbmcp/cli/query.py": "from mcp_types import Tool"}),
    ("door-sqlalchemy", {"dbmcp/catalog/model.py": "import sqlalchemy"}),
    ("door-parsers", {"dbmcp/catalog/reader.py": "import sqlglot"}),
    ("door-parsers", {"dbmcp/dialects/postgresql.py": "import pgparse"}),
    ("door-drivers", {"dbmcp/database.py": "import asyncpg"}),
    ("door-drivers", {"dbmcp/runtime.py": "import aiosqlite"}),
    ("door-limits", {"dbmcp/runtime.py": "import limits"}),
    ("door-watchfiles", {"dbmcp/runtime.py": "import watchfiles"}),
    ("door-terminal", {"dbmcp/server/__init__.py": "import click"}),
    ("door-terminal", {"dbmcp/formats/__init__.py": "import rich"}),
    ("members-formats", {"dbmcp/formats/planted.py": "import dbmcp.formats.csv"}),
    ("members-dialects", {"dbmcp/dialects/planted.py": "import dbmcp.dialects.sqlite"}),
    ("members-dialects", {"dbmcp/dialects/sqlite.py": "import dbmcp.dialects.postgresql_catalog"}),
    ("members-targets", {"dbmcp/codegen/one.py": "import dbmcp.codegen.two", "dbmcp/codegen/two.py": ""}),
    (
        "members-observers",
        {"dbmcp/observers/one.py": "import dbmcp.observers.two", "dbmcp/observers/two.py": ""},
    ),
    ("members-commands", {"dbmcp/cli/query.py": "import dbmcp.cli.schema"}),
    ("members-commands", {"dbmcp/cli/planted.py": "import dbmcp.cli.query"}),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Copy the package and its contracts to a folder in which anything may be planted."""
    shutil.copytree(ROOT / "dbmcp", tmp_path / "dbmcp", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(house: Path, *contracts: str) -> set[str]:
    """Run lint-imports in a folder; return the names of the contracts it reports as broken."""
    only = [word for contract in contracts for word in ("--contract", contract)]
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    ran = subprocess.run(
        [*command, "--no-cache", *only], cwd=house, capture_output=True, text=True, check=False, timeout=120
    )
    broken = set(re.findall(r"^(.+) BROKEN\b", ran.stdout, re.MULTILINE))
    assert (ran.returncode != 0) == bool(broken), ran.stdout + ran.stderr
    return broken


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract["id"] for contract in CONTRACTS} == {contract for contract, _ in PLANTED}


def test_the_package_as_it_is_keeps_every_contract(house: Path) -> None:
    assert broken_contracts(house) == set()


@pytest.mark.parametrize(
    "contract, lines", PLANTED, ids=[f"{contract}-{next(iter(lines))}" for contract, lines in PLANTED]
)
def test_a_planted_import_is_reported(house: Path, contract: str, lines: dict[str, str]) -> None:
    for name, line in lines.items():
        with (house / name).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    (name,) = (found["name"] for found in CONTRACTS if found["id"] == contract)
    assert broken_contracts(house, contract) == {name}
