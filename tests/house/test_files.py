"""House rules on files: their length, and what none of them may say."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path, PurePosixPath

from tests import engines

ROOT = Path(__file__).parents[2]
CODE = ("dbmcp", "tests", "benchmarks", "scripts")
LONGEST = 400

# The folder of a person: on Linux, on macOS, of root, on Windows.
HOME = re.compile(r"(?<![\w.~-])/(?:home|Users|root)/\w|[A-Za-z]:\\+Users\\+\w")
# In halves, so that this file holds none of them.
REGISTRY_HOSTS = [".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]


def long_files(root: Path) -> list[str]:
    """Return the Python files under the root that are too long to read in one go, with their lengths."""
    lengths = {path: _lines(path) for folder in CODE for path in sorted((root / folder).rglob("*.py"))}
    return [f"{path.relative_to(root)}: {n} lines" for path, n in lengths.items() if n > LONGEST]


def _lines(path: Path) -> int:
    return path.read_text("utf-8").count("\n")


def tracked_texts() -> list[tuple[str, str]]:
    """Return the name and text of every file that is, or would be, committed; binary files are left out."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        engines.absent("the git checkout", "clone the repository to check what it tracks")
    listing = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    paths = [(name, ROOT / name) for name in names if name]
    contents = [(name, path.read_bytes()) for name, path in paths if path.is_file()]
    return [(name, content.decode("utf-8", "replace")) for name, content in contents if b"\0" not in content]


def faults(name: str, text: str) -> list[str]:
    """Return what a file says that belongs to one machine or one registry, with the line."""
    strangers = [str(ROOT), *REGISTRY_HOSTS]
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if HOME.search(line) or any(stranger in line for stranger in strangers)
    ]


def test_no_file_is_too_long_to_read() -> None:
    assert long_files(ROOT) == [], f"split what is longer than {LONGEST} lines by subject"


def test_a_file_of_one_line_too_many_is_reported(tmp_path: Path) -> None:
    (tmp_path / "dbmcp" / "guard").mkdir(parents=True)
    (tmp_path / "dbmcp" / "guard" / "short.py").write_text("pass\n" * LONGEST)
    (tmp_path / "dbmcp" / "guard" / "long.py").write_text("pass\n" * (LONGEST + 1))
    assert long_files(tmp_path) == [f"{Path('dbmcp/guard/long.py')}: {LONGEST + 1} lines"]


def test_no_file_names_a_developers_folder_or_a_package_registry() -> None:
    found = [fault for name, text in tracked_texts() for fault in faults(name, text)]
    assert found == [], "use relative paths, and let each machine's own settings name its registry"


def test_a_developers_folder_and_a_registry_are_reported() -> None:
    folder = PurePosixPath("/", "home", "anna")
    text = "\n".join(
        ["fine", f"cd {folder}/dbmcp", f"https://{REGISTRY_HOSTS[0]}/simple", "https://example.org/home/x"]
    )
    assert [fault.split(":")[1] for fault in faults("notes.md", text)] == ["2", "3"]
