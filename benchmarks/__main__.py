"""The command line of the benchmarks: chooses the database and the measures, prints the table."""

import argparse
import asyncio
import io
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg

import dbmcp
from benchmarks import report
from benchmarks.failures import BenchmarkError
from benchmarks.figures import Comparison, Findings
from benchmarks.measures import MEASURES
from benchmarks.plan import FULL, QUICK, Plan
from benchmarks.postgres import URL_VARIABLE, Address, available, own_database

INTERRUPTED = 130


@dataclass(frozen=True)
class _Outcome:
    """What a run brought: where it ran, what was measured, what was not."""

    about: Mapping[str, str]
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
    failures: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and return the exit status: 0 measured (met or missed), 1 something could not be measured."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without "≤" must not cost the figures
    options = _parser().parse_args(arguments)
    began = time.perf_counter()
    try:
        with available(options.url) as address:
            outcome = asyncio.run(_run(address, QUICK if options.quick else FULL, options.only or [*MEASURES]))
    except BenchmarkError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("benchmarks: interrupted; the servers are ended and the database is dropped", file=sys.stderr)
        return INTERRUPTED
    _print(outcome, time.perf_counter() - began)
    if options.json:
        remarks = (*outcome.notes, *outcome.failures)
        text = json.dumps(report.as_json(outcome.about, outcome.comparisons, remarks), indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 1 if outcome.failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure dbmcp beside asyncpg and a bare SDK server, in one run.",
    )
    parser.add_argument(
        "--url", help=f"PostgreSQL on this machine (default: {URL_VARIABLE}, else one is started for the run)"
    )
    parser.add_argument("--quick", action="store_true", help="a minute instead of several; wider spreads")
    parser.add_argument(
        "--only", type=_measure_names, metavar="NAME,…", help=f"some of {','.join(MEASURES)} (default: all)"
    )
    parser.add_argument("--json", type=_writable_file, metavar="FILE", help="write the figures to FILE as well")
    return parser


def _measure_names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in MEASURES]:
        raise argparse.ArgumentTypeError(f"no measure {unknown[0]!r}; there are {', '.join(MEASURES)}")
    return names


def _writable_file(text: str) -> Path:
    """Find out before the run, not after it, whether its figures can be written."""
    path = Path(text)
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"cannot write {text!r}: it has to be a file in a folder that exists")
    return path


async def _run(address: Address, plan: Plan, names: Sequence[str]) -> _Outcome:
    _cancel_on_termination()
    async with own_database(address) as own:
        about = await _about(own, plan)
        findings, failures = await _measured(own, plan, names)
    return _Outcome(
        about,
        tuple(comparison for each in findings for comparison in each.comparisons),
        tuple(note for each in findings for note in each.notes),
        tuple(failures),
    )


def _cancel_on_termination() -> None:
    """Clean up when terminated, as when interrupted."""
    task = asyncio.current_task()
    if task and sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


async def _measured(address: Address, plan: Plan, names: Sequence[str]) -> tuple[list[Findings], list[str]]:
    """Take the measures in order; one that fails says so and does not keep the others from theirs."""
    findings: list[Findings] = []
    failures: list[str] = []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            findings.append(await MEASURES[name](address, plan))
        except* (BenchmarkError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as group:
            failures += [f"{name}: not measured; {str(error) or repr(error)}" for error in _leaves(group)[:1]]
    return findings, failures


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    return [
        leaf
        for error in group.exceptions
        for leaf in (_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    ]


async def _about(address: Address, plan: Plan) -> dict[str, str]:
    connection = await address.connect()
    try:
        server_version = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close(timeout=10)
    return {
        "dbmcp": dbmcp.__version__,
        "date": datetime.now(UTC).date().isoformat(),
        "plan": plan.name,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        "postgresql": f"{server_version} over {'a unix socket' if address.is_socket else 'TCP'}",
        **{name: version(name) for name in ("mcp", "asyncpg")},
    }


def _print(outcome: _Outcome, took_s: float) -> None:
    print(" · ".join(f"{name} {value}" for name, value in outcome.about.items()), f"· {took_s:.0f} s")
    if outcome.comparisons:
        print(f"\n{report.table(outcome.comparisons)}\n\n{report.verdict(outcome.comparisons)}")
    for remark in (*outcome.notes, *outcome.failures):
        print(f"  {remark}")


if __name__ == "__main__":
    sys.exit(main())
