"""House rule: the pages name every setting, error code, reason, tool and command, and every module."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel

from dbmcp import errors
from dbmcp.cli.main import COMMANDS
from dbmcp.config import Settings
from dbmcp.guard.reasons import Reason
from dbmcp.server.query_tools import PAIR
from dbmcp.server.tools import TOOLS

ROOT = Path(__file__).parents[2]


def page(names: str) -> str:
    """Return the text of a page, or of those of several that are there."""
    there = [path for name in names.split(" or ") if (path := ROOT / name).is_file()]
    assert there, f"write {names}"
    return "\n".join(path.read_text("utf-8") for path in there)


def missing(names: Iterable[str], text: str) -> list[str]:
    """Return the names that a text does not hold as a word of their own in code font."""
    code = " ".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    return [name for name in names if not re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.]*\w)", code)]


def settings_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield the dotted name of every setting; a table with names of the operator's choice is <name>."""
    for name, field in model.model_fields.items():
        slices = list(_models_in(field.annotation))
        if not slices:
            yield f"{prefix}{name}"
        for part, is_named in slices:
            yield from settings_of(part, f"{prefix}{name}.{'<name>.' if is_named else ''}")


def _models_in(annotation: object, *, is_named: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    if inspect.isclass(annotation) and not get_args(annotation) and issubclass(annotation, BaseModel):
        yield annotation, is_named
    origin = get_origin(annotation)
    for argument in get_args(annotation):
        yield from _models_in(argument, is_named=is_named or (inspect.isclass(origin) and issubclass(origin, dict)))


def error_codes() -> list[str]:
    """Return the code of every error class."""
    classes = (found for found in vars(errors).values() if inspect.isclass(found))
    return sorted({found.code for found in classes if issubclass(found, errors.DbmcpError)})


def modules() -> list[str]:
    """Return every module and package directly in dbmcp, as a page writes them."""
    package = ROOT / "dbmcp"
    files = [path.name for path in package.glob("*.py") if not path.stem.startswith("__")]
    return sorted(files + [f"{path.parent.name}/" for path in package.glob("*/__init__.py")])


@pytest.mark.parametrize(
    "name, things",
    [
        ("docs/configuration.md", list(settings_of(Settings))),
        ("docs/errors.md", error_codes()),
        ("docs/security.md", [reason.value for reason in Reason]),
        ("docs/tools.md", [*TOOLS, *PAIR]),
        ("docs/cli.md or README.md", [f"dbmcp {command}" for command in COMMANDS]),
        ("docs/architecture.md", modules()),
    ],
)
def test_a_page_names_everything_that_there_is(name: str, things: list[str]) -> None:
    assert things, f"found nothing that {name} should name"
    assert missing(things, page(name)) == [], f"document these in {name}, in code font"


def test_the_architecture_page_names_no_module_that_is_gone() -> None:
    named = re.findall(r"\bdbmcp/([\w/]+(?:\.py)?)", page("docs/architecture.md"))
    gone = [name for name in named if not (ROOT / "dbmcp" / name).exists()]
    assert gone == [], "mend docs/architecture.md"


def test_a_name_that_a_page_lacks_is_found_missing() -> None:
    text = "Set `limits.rows` but say rows_per_page and `limits.rowset` in passing.\n```\ndbmcp serve URL\n```"
    assert missing(["limits.rows", "limits.row", "dbmcp serve", "rows_per_page"], text) == [
        "limits.row",
        "rows_per_page",
    ]


def test_settings_are_found_in_nested_and_named_tables() -> None:
    class Pool(BaseModel):
        size: int = 5

    class Database(BaseModel):
        url: str
        pool: Pool | None = None

    class Example(BaseModel):
        pool: Pool
        databases: dict[str, Database]
        default: str | None = None

    assert list(settings_of(Example)) == [
        "pool.size",
        "databases.<name>.url",
        "databases.<name>.pool.size",
        "default",
    ]
