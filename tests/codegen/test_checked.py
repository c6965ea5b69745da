"""Generated Python before the checkers that its reader runs: mypy in strict mode, pyright, ruff."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dbmcp.codegen import target
from dbmcp.codegen.base import Choices
from tests.codegen.conftest import Sample

ROOT = Path(__file__).parents[2]
# The targets of Python; a new one is put to the test by its name.
CHECKED = ("sqlalchemy", "sqlalchemy_dataclasses", "sqlmodel")


@pytest.fixture(scope="session")
def pyright() -> list[str]:
    """Return the command of pyright; absent unless someone has run scripts/install_pyright.sh."""
    named = os.environ.get("DBMCP_TEST_PYRIGHT_DIR")
    file = (Path(named) if named else ROOT / ".pyright").resolve() / "index.js"
    node = shutil.which("node")
    if node is None or not file.is_file():
        # Also in CI: it is another's to install. Who names a folder wants it run.
        (pytest.fail if named else pytest.skip)("pyright or Node.js is absent: run scripts/install_pyright.sh")
    return [node, str(file)]


def written(sample: Sample, folder: Path) -> Path:
    """Write what these targets make of a database, as a file and as a package; return the folder."""
    for name in CHECKED:
        for is_package in (False, True):
            made = target(name).generate(sample.catalog, Choices(is_package=is_package))
            place = folder / f"{name}_{'package' if is_package else 'file'}"
            for file, text in made.files.items():
                if file.endswith(".py"):
                    (place / file).parent.mkdir(parents=True, exist_ok=True)
                    (place / file).write_text(text, "utf-8")
    return folder


def run(*command: str, folder: Path) -> str:
    """Return what a program says that finds no fault."""
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600)
    assert ran.returncode == 0, f"{ran.stdout[-3000:]}\n{ran.stderr[-1000:]}"
    return ran.stdout


def test_ruff_would_lay_it_out_the_same(on_postgresql: Sample, tmp_path: Path) -> None:
    folder = written(on_postgresql, tmp_path)
    run(sys.executable, "-m", "ruff", "format", "--isolated", "--check", ".", folder=folder)
    run(sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F,I", ".", folder=folder)


def test_ruff_would_lay_it_out_the_same_for_sqlite(on_sqlite: Sample, tmp_path: Path) -> None:
    test_ruff_would_lay_it_out_the_same(on_sqlite, tmp_path)


@pytest.mark.slow
def test_mypy_finds_nothing_in_strict_mode(on_postgresql: Sample, tmp_path: Path) -> None:
    folder = written(on_postgresql, tmp_path)
    for place in sorted(folder.iterdir()):
        is_package = (place / "__init__.py").is_file()
        files = [place.name] if is_package else [str(file.relative_to(folder)) for file in place.glob("*.py")]
        cache = str(tmp_path.parent / "mypy_cache")
        run(sys.executable, "-m", "mypy", "--config-file=", "--strict", "--cache-dir", cache, *files, folder=folder)


@pytest.mark.slow
def test_pyright_finds_nothing(on_postgresql: Sample, pyright: list[str], tmp_path: Path) -> None:
    folder = written(on_postgresql, tmp_path)
    settings = {"typeCheckingMode": "standard", "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    assert "0 errors" in run(*pyright, "--pythonpath", sys.executable, folder=folder)
