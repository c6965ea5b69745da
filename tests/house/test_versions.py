"""House rule: the version stands in dbmcp/__init__.py, and every copy of it agrees."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import dbmcp

ROOT = Path(__file__).parents[2]


def test_the_installed_package_has_the_version_of_the_source() -> None:
    assert metadata.version("dbmcp") == dbmcp.__version__, "install again: make clean test"


def test_the_build_reads_the_version_from_the_source() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "dbmcp/__init__.py"


def test_the_newest_release_in_the_changelog_is_this_version() -> None:
    headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased", "the changelog begins with what is to come"
    assert headings[1:2] in ([], [dbmcp.__version__])


def test_pages_that_pin_a_version_pin_this_one() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    pins = {
        (page.name, pin)
        for page in pages
        for pin in re.findall(r"dbmcp(?:\[\w+\])?==(\d[\w.]*)", page.read_text("utf-8"))
    }
    assert {pin for pin in pins if pin[1] != dbmcp.__version__} == set()


def test_constraints_are_exact_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    odd = [line for line in lines if not re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.!+_]+", line)]
    assert odd == [], "make constraints writes name==version only"


def test_every_dependency_has_an_exact_tested_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    }
    names = {re.split(r"[\[<>=;! ]", requirement)[0].lower() for requirement in wanted}
    assert names - pinned == set(), "run make constraints"
