"""The long run: a million inputs for the guard, in child processes. `make fuzz`, or python -m tests.fuzz --help."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.fuzz.inputs import Input, make
from tests.fuzz.minimise import minimise
from tests.fuzz.properties import observe
from tests.fuzz.workers import HANG, Tally, Worker, ask_once, run

_SHOWN = 200
_PROGRESS_S = 10.0
# More memory than this, once everything is warm, is a leak.
_GROWTH_MB = 150.0


@dataclass
class _Run:
    """What is known so far: the sum of all tallies, and of each fault how often and its shortest input."""

    seed: int
    total: Tally = field(default_factory=Tally)
    times: Counter[tuple[str, str]] = field(default_factory=Counter)
    shortest: dict[tuple[str, str], tuple[int, Input]] = field(default_factory=dict)
    resident_mb: list[float] = field(default_factory=list)

    def take(self, tally: Tally) -> None:
        self.total.add(tally)
        if tally.resident_mb:
            self.resident_mb.append(tally.resident_mb)
        for number, fault in tally.faults:
            given = make(self.seed, number)
            key = (given.dialect, fault)
            self.times[key] += 1
            if key not in self.shortest or len(given.text) < len(self.shortest[key][1].text):
                self.shortest[key] = (number, given)

    def growth_mb(self) -> float:
        """Return by how much the children grew from the first third of the run to the last."""
        third = len(self.resident_mb) // 3
        if third < 10:
            return 0.0
        return sum(self.resident_mb[-third:]) / third - sum(self.resident_mb[third : 2 * third]) / third


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and return the exit status: 0 without findings, 1 with some."""
    options = _parser().parse_args(arguments)
    if options.only is not None:
        return _show(make(options.seed, options.only))
    began = time.monotonic()
    state = _Run(options.seed)
    _say(f"{options.count:,} inputs, seed {options.seed}, {options.processes} processes")
    said = began
    try:
        for tally in run(options.seed, options.count, options.processes):
            state.take(tally)
            if time.monotonic() - said > _PROGRESS_S:
                said = time.monotonic()
                _say(_progress(state, said - began))
    except KeyboardInterrupt:
        _say("interrupted: what follows is of a part of the inputs")
    _say(_progress(state, time.monotonic() - began))
    _say(_verdicts(state.total))
    _say(_slowest(state))
    return _findings(state)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Give the guard inputs by the million.")
    parser.add_argument("--count", type=int, default=1_000_000, help="inputs (default: a million)")
    parser.add_argument("--seed", type=int, default=1, help="another seed has other inputs (default: 1)")
    parser.add_argument("--processes", type=int, default=2, help="child processes (default: 2)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="show one input and the guard's answer to it")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _show(given: Input) -> int:
    observed = observe(given)
    _say(f"{given.kind} for {given.dialect}, expected: {given.expected}\n{_printable(given.text, 4_000)}")
    _say(f"{observed.verdict} in {observed.seconds * 1e3:.1f} ms; {observed.fault or 'no fault'}")
    return int(observed.fault is not None)


def _progress(state: _Run, seconds: float) -> str:
    slowest_s = max((took for took, _ in state.total.slowest), default=0.0)
    rate = state.total.count / max(seconds, 1e-9)
    return (
        f"{state.total.count:>9,} done  {seconds:5.0f} s  {rate:5.0f}/s  {len(state.times)} findings"
        f"  slowest {slowest_s * 1e3:.0f} ms  memory {state.resident_mb[-1] if state.resident_mb else 0:.0f} MB"
        f" (peak {state.total.peak_mb:.0f}, grown {state.growth_mb():+.0f})"
    )


def _verdicts(total: Tally) -> str:
    """Return a table: how many of each kind were approved, and for what most others were refused."""
    lines = ["", "dialect     kind          inputs   approved  refused most often as"]
    for dialect, kind in sorted({key[:2] for key in total.verdicts}):
        counts = Counter({verdict: n for (*place, verdict), n in total.verdicts.items() if place == [dialect, kind]})
        approved = counts.pop("approved", 0)
        refused = ", ".join(f"{code} {n:,}" for code, n in counts.most_common(4))
        lines.append(f"{dialect:<11} {kind:<9} {approved + counts.total():>10,} {approved:>10,}  {refused}")
    return "\n".join(lines)


def _slowest(state: _Run) -> str:
    lines = ["", "slowest, the least of three measurements where it was over the bound:"]
    for seconds, number in state.total.slowest:
        given = make(state.seed, number)
        what = f"{given.kind}, {given.dialect}, {len(given.text.encode('utf-8', 'surrogatepass')):,} bytes"
        lines.append(f"{seconds * 1e3:8.1f} ms  #{number}  {what}  {_printable(given.text, 60)}")
    return "\n".join(lines)


def _findings(state: _Run) -> int:
    growth_mb = state.growth_mb()
    if growth_mb > _GROWTH_MB:
        _say(f"\nfinding: the processes grew by {growth_mb:.0f} MB while they ran")
    if not state.times:
        _say("\nno input raised, crashed, was approved wrongly or took too long")
        return int(growth_mb > _GROWTH_MB)
    worker = Worker()
    try:
        for (dialect, fault), times in state.times.most_common():
            number, given = state.shortest[dialect, fault]
            _say(f"\nfinding: {dialect}, {fault} ({times:,} times)")
            _say(f"  again: python -m tests.fuzz --seed {state.seed} --only {number}")
            _say(f"  input: {_printable(given.text, _SHOWN)}")
            _say(f"  least: {_printable(_least(worker, given, fault), _SHOWN)}")
    finally:
        worker.close()
    return 1


def _least(worker: Worker, given: Input, fault: str) -> str:
    """Return the shortest text found with the same fault; few attempts where each takes seconds."""

    def holds(text: str) -> bool:
        return given.core in text and ask_once(worker, replace(given, text=text)).fault == fault

    if not holds(given.text):
        return "(it does not happen again on its own)"
    attempts = 12 if fault.startswith(HANG) else 60 if fault.startswith(("slow", "crash")) else 400
    return minimise(given.text, holds, attempts=attempts)


def _printable(text: str, most: int) -> str:
    """Return the text on one line, escaped, and what was left off."""
    shown = ascii(text[:most])[1:-1]
    return shown if len(text) <= most else f"{shown} … ({len(text):,} characters)"


if __name__ == "__main__":
    sys.exit(main())
