"""Scores as text: the table of docs/security.md, the details for whoever ran it, and what is not as it must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.locks.scores import Score
from tests.locks.trials import ALL, OPEN, Result

BEGIN, END = "<!-- guard-report -->", "<!-- /guard-report -->"
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
_PREFACE = """\
Attacks are run as a privileged user, on a database that is put back after each.
One had an effect when rows, schema, sequences, files, settings, locks, statistics, other sessions or what they hear
are not as before, when the session is not as the next caller should find it, or when it sleeps or blocks."""
# Fewer effects without any lock than this, and the harness sees nothing rather than that nothing happens.
_FEWEST = {"postgresql": 400, "sqlite": 80}


def document(scores: Sequence[Score]) -> str:
    """Return the part of the page between the marks."""
    return "\n\n".join([_PREFACE, *(_section(score) for score in scores)])


def placed(page: str, part: str) -> str:
    """Return a page with the part between its marks.

    Raises:
        ValueError: it lacks a mark.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks {BEGIN} or {END}")
    return f"{before}{BEGIN}\n{part}\n{END}{after}"


def faults(score: Score) -> list[str]:
    """Return what is not as it must be, a line each."""
    escaped = [each for each in score.working if each.by_statement and not each.is_stopped(ALL)]
    found = [f"accepted by the guard: {place}" for place in score.accepted]
    found += [f"not stopped by all locks: {each.place} {', '.join(each.effects[ALL])}" for each in escaped]
    found += [f"real work, refused: {place}" for place in score.refused]
    found += [f"real work, failed: {place}" for place in score.failed]
    if len(score.working) < _FEWEST[score.dialect]:
        found.append(f"only {len(score.working)} attacks had an effect without locks: the harness is blind")
    return found


def details(score: Score) -> str:
    """Return a table by class: attacks run, those that work without locks, and those left by each lock and by all."""
    locks = [*score.locks, ALL]
    lines = [
        f"\n{score.engine}, attacks that still had an effect, by class",
        "class | run | no lock | " + " | ".join(locks),
    ]
    for klass in sorted({result.klass for result in score.results}):
        ours = [result for result in score.results if result.klass == klass]
        working = [result for result in ours if result.works]
        left = [sum(not each.is_stopped(name) for each in working) for name in locks]
        lines.append(f"{klass} | {len(ours)} | {len(working)} | " + " | ".join(map(str, left)))
    by_all = [result for result in score.working if not result.is_stopped(ALL)]
    seen = Counter(effect.partition(":")[0] for result in by_all for effect in result.effects[ALL])
    if by_all:
        listed = ", ".join(f"{effect} {times}" for effect, times in seen.most_common())
        lines.append(f"left to the guard by all locks: {listed}")
    return "\n".join(lines)


def _section(score: Score) -> str:
    kinds = {True: "that attack by the form of the statement", False: "by a function, an operator or a table it names"}
    groups = [(kind, [each for each in score.working if each.by_statement is kind]) for kind in kinds]
    groups = [(kind, group) for kind, group in groups if group]
    rows = [group for _, group in groups]
    heads = [f"of {len(group)} {kinds[kind]}" for kind, group in groups]
    refused = score.attacks - len(score.accepted)
    told = (
        f"**{NAMES[score.dialect]}** ({score.engine}). Of {score.attacks} attacks the guard alone refuses {refused}.\n"
        f"{len(score.results)} of them can be run."
        f" Where nothing is locked, {len(score.working)} had an effect; stopped of those:"
    )
    reads = (
        f"Of {score.reads} reads that must pass, the guard refuses {len(score.refused)};"
        f" of the {score.reads_run} that this version can run, {len(score.failed)} fail."
    )
    table = [
        _row("closed", heads),
        "|---" * (len(heads) + 1) + "|",
        *(_row(f"{lock}, alone", [_stopped(group, lock) for group in rows]) for lock in score.locks),
        _row("all of these, without the guard", [_stopped(group, ALL) for group in rows]),
        _row("the guard, alone", [_refused(group, score.accepted) for group in rows]),
        _row("everything", [_stopped_by_everything(group, score.accepted) for group in rows]),
    ]
    return "\n".join([told, "", *table, "", _shown(score), reads])


def _row(name: str, cells: Iterable[object]) -> str:
    return f"| {name} | {' | '.join(map(str, cells))} |"


def _stopped(results: Iterable[Result], locks: str) -> int:
    return sum(result.is_stopped(locks) for result in results)


def _refused(results: Iterable[Result], accepted: Sequence[str]) -> int:
    passed = {place.partition(" ")[0] for place in accepted}
    return sum(result.place not in passed for result in results)


def _stopped_by_everything(results: Iterable[Result], accepted: Sequence[str]) -> int:
    passed = {place.partition(" ")[0] for place in accepted}
    return sum(result.place not in passed or result.is_stopped(ALL) for result in results)


def _shown(score: Score) -> str:
    """Say how many of the others ran to their end: what they do is to show, or it is done for nothing here."""
    others = [result for result in score.results if not result.works]
    ran = [result for result in others if result.ran.get(OPEN)]
    left = [result for result in ran if result.ran.get(ALL)]
    return (
        f"The other {len(others)} change nothing here: {len(ran)} run without a lock, most of them to show something,"
        f" and {len(left)} with all locks but the guard."
    )
