"""CPU time and memory of another process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.process import cpu_clock, is_measurable, peak_mb, reset_peak, resident_mb

linux = pytest.mark.skipif(not is_measurable(), reason="CPU time and memory are read from Linux's /proc")

WORKER = """
import sys
print("ready", flush=True)
for line in sys.stdin:
    exec(line)
    print("done", flush=True)
"""


@contextmanager
def worker() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", WORKER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def do(process: subprocess.Popen[str], work: str) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{work}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "done\n"


@linux
def test_a_peak_that_has_passed_is_seen() -> None:
    with worker() as process:
        idle_mb = resident_mb(process.pid)
        do(process, "x = bytearray(b'x' * 50_000_000); del x")
        assert 45 < peak_mb(process.pid) - idle_mb < 120
        assert resident_mb(process.pid) - idle_mb < 20


@linux
def test_a_peak_begins_anew_where_the_system_permits_it() -> None:
    with worker() as process:
        do(process, "x = bytearray(b'x' * 50_000_000); del x")
        before_mb = peak_mb(process.pid)
        if not reset_peak(process.pid):
            pytest.skip("this system does not permit to reset the peak of another process")
        assert peak_mb(process.pid) < before_mb - 40


@linux
def test_the_clock_counts_the_cpu_time_of_the_process() -> None:
    with worker() as process:
        clock = cpu_clock(process.pid)
        before = clock()
        do(process, "import time; until = time.process_time() + 0.05")
        do(process, "while time.process_time() < until: pass")
        after = clock()
        assert before is not None
        assert after is not None
        assert after - before >= 0.05
