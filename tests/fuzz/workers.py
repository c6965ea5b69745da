"""Child processes that give inputs to the guard, and the watch on them: a crash or a hang ends a child, not the run."""

from __future__ import annotations

import heapq
import multiprocessing
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from tests.fuzz.inputs import Input, make
from tests.fuzz.properties import Observed, observe

HANG, HANG_S = "hang", 10.0
CRASH = "crash: the process ended with"
# What no process does to itself.
TERMINATED = f"{CRASH} {-signal.SIGTERM}"
_CHUNK = 1_000
_SLOWEST = 15
# Every so many inputs are given twice, to see whether the answer is the same.
_TWICE = 8
_POLL_S = 0.5
# A child tells what it has seen this often, so that little is lost with it.
_TELL_S = 1.0

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers of inputs: the first, and the one after the last."""

    seed: int
    first: int
    end: int


@dataclass
class Tally:
    """What a child saw in one range; tallies add up."""

    count: int = 0
    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    slowest: list[tuple[float, int]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    resident_mb: float = 0.0
    peak_mb: float = 0.0

    def note(self, number: int, given: Input, observed: Observed) -> None:
        """Count one answer."""
        self.count += 1
        self.verdicts[given.dialect, given.kind, observed.verdict] += 1
        self.slowest = heapq.nlargest(_SLOWEST, [*self.slowest, (observed.seconds, number)])
        if observed.fault:
            self.faults.append((number, observed.fault))

    def add(self, other: Tally) -> None:
        """Take in another's."""
        self.count += other.count
        self.verdicts += other.verdicts
        self.slowest = heapq.nlargest(_SLOWEST, self.slowest + other.slowest)
        self.faults += other.faults
        self.peak_mb = max(self.peak_mb, other.peak_mb)


class Worker:
    """One child. It is asked for a range, or for a single input; when it dies of one, a new child takes its place."""

    def __init__(self) -> None:
        self.job: Range | Input | None = None
        self._seen = (-1, 0.0)
        self._start()

    def _start(self) -> None:
        self._at = _CONTEXT.Value("q", -1)
        self.pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, self._at), daemon=True)
        self._process.start()
        self._is_gone = False
        theirs.close()
        # The child has to import the guard before it looks at anything.
        self._seen = (-1, time.monotonic() + HANG_S)

    def ask(self, job: Range | Input) -> None:
        """Give the child something to do; its answer comes through `pipe`."""
        self.job = job
        self._at.value = -1
        self._seen = (-1, max(time.monotonic(), self._seen[1]))
        with suppress(BrokenPipeError):  # The child is gone, which `ended` will tell.
            self.pipe.send(job)

    def answer(self, patience_s: float) -> Any:
        """Return what the child has to tell, or None when it tells nothing in this time or is gone."""
        try:
            return self.pipe.recv() if self.pipe.poll(patience_s) else None
        except (EOFError, OSError):
            self._is_gone = True
            return None

    def ended(self) -> tuple[int, str] | None:
        """Return the number of the input that killed the child or keeps it busy, and what it did; else None.

        The child is then a new one, and has nothing to do.
        """
        at, since = self._at.value, self._seen[1]
        if at != self._seen[0]:
            self._seen = (at, time.monotonic())
        if self._is_gone or (not self._process.is_alive() and not self.pipe.poll()):
            self._process.join(HANG_S)
            fault = f"{CRASH} {self._process.exitcode}"
        elif at == self._seen[0] and time.monotonic() - since > HANG_S:
            fault = f"{HANG}: no answer within {HANG_S:.0f} s"
        else:
            return None
        self.close()
        self._start()
        return at, fault

    def close(self) -> None:
        """End the child."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection, at: Synchronized[int]) -> None:
    """Answer until the pipe is closed. Runs in the child."""
    with suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        while True:
            job = pipe.recv()
            if isinstance(job, Input):
                pipe.send(observe(job, twice=False))
                continue
            first = job.first
            while first < job.end:
                tally = Tally()
                first = _look_at(replace(job, first=first), at, tally)
                pipe.send((tally, replace(job, first=first)))


def _look_at(job: Range, at: Synchronized[int], tally: Tally) -> int:
    """Judge the inputs of a range for about a second; return the first number that is left."""
    until = time.monotonic() + _TELL_S
    for number in range(job.first, job.end):
        at.value = number
        given = make(job.seed, number)
        tally.note(number, given, observe(given, twice=number % _TWICE == 0))
        if time.monotonic() > until:
            break
    tally.resident_mb, tally.peak_mb = _memory_mb()
    return number + 1


def _memory_mb() -> tuple[float, float]:
    """Return the memory of this process, now (0 where the system does not tell) and at its peak."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0, peak
    return pages * resource.getpagesize() / 1024**2, peak


def run(seed: int, count: int, processes: int) -> Iterator[Tally]:
    """Give the inputs 0 to `count` of a seed to the guard; yield tallies as they come."""
    jobs = [Range(seed, first, min(first + _CHUNK, count)) for first in range(0, count, _CHUNK)][::-1]
    workers = [Worker() for _ in range(min(processes, len(jobs)))]
    suspects: set[int] = set()
    try:
        while jobs or any(worker.job for worker in workers):
            for worker in workers:
                if worker.job is None and jobs:
                    worker.ask(jobs.pop())
            ready = wait([worker.pipe for worker in workers if worker.job], timeout=_POLL_S)
            for worker in workers:
                if worker.job is not None:
                    yield from _answers(worker, jobs, suspects, is_ready=worker.pipe in ready)
    finally:
        for worker in workers:
            worker.close()


def _answers(worker: Worker, jobs: list[Range], suspects: set[int], *, is_ready: bool) -> Iterator[Tally]:
    """Yield what a child has to tell; `worker.job` becomes what it still has to do."""
    if is_ready and (told := worker.answer(0)):
        tally, rest = told
        worker.job = rest if rest.first < rest.end else None
        yield tally
        return
    job, ended = worker.job, worker.ended()
    if ended and isinstance(job, Range):
        at, fault = ended
        worker.job = None
        at = max(at, job.first)
        # What was not told yet is lost with the child, and is run again.
        left = [Range(job.seed, at + 1, job.end), Range(job.seed, job.first, at)]
        if fault.startswith((HANG, TERMINATED)) and at not in suspects:
            # The machine may have been busy, or somebody ended the process: once more, alone.
            suspects.add(at)
            left.append(Range(job.seed, at, at + 1))
        else:
            yield Tally(count=1, faults=[(at, fault)])
        jobs += [part for part in left if part.first < part.end]


def ask_once(worker: Worker, given: Input) -> Observed:
    """Return the answer to one input; a crash is an answer too, and so is a hang that happens twice."""
    observed = _ask(worker, given)
    return _ask(worker, given) if (observed.fault or "").startswith(HANG) else observed


def _ask(worker: Worker, given: Input) -> Observed:
    worker.ask(given)
    while True:
        observed: Observed | None = worker.answer(_POLL_S)
        if observed:
            return observed
        if ended := worker.ended():
            return Observed("none", HANG_S, ended[1])
