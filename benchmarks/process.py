"""CPU time and memory of another process, as Linux tells them, elsewhere None; and this one's garbage collector."""

import ctypes
import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dbmcp.collector import settle

CpuClock = Callable[[], float | None]

_RESET_PEAK = "5"  # proc_pid_clear_refs(5): set VmHWM back to the present VmRSS


def is_measurable() -> bool:
    """Tell whether this system has the files and clocks that this module reads."""
    return sys.platform == "linux"


def cpu_clock(pid: int) -> CpuClock:
    """Make a clock of the CPU seconds (user and system, all threads) that a process has used.

    The kernel's clock of the process counts nanoseconds; /proc/PID/stat has the same sum in steps of 10 ms.
    """
    if not is_measurable():
        return lambda: None
    clock = ctypes.c_int()
    if failure := ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        raise OSError(failure, "no CPU clock of the process", str(pid))
    return lambda: time.clock_gettime(clock.value)


def own_cpu_clock() -> CpuClock:
    """Make a clock of the CPU seconds that this process has used."""
    return time.process_time


def resident_mb(pid: int) -> float:
    """Tell how much memory a process has resident now."""
    return _status_mb(pid, "VmRSS")


def peak_mb(pid: int) -> float:
    """Tell the most that a process has had resident since `reset_peak`, or since it began."""
    return _status_mb(pid, "VmHWM")


def reset_peak(pid: int) -> bool:
    """Let the peak begin anew; False if the system does not permit it."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text(_RESET_PEAK, encoding="ascii")
    except OSError:
        return False
    return True


def _status_mb(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) / 1024
    raise OSError(f"/proc/{pid}/status has no {field}")


@contextmanager
def collector_as_served() -> Iterator[None]:
    """Have the garbage collector work as in `dbmcp serve`: what was imported is out of its sight, and it waits."""
    before = gc.get_threshold()
    gc.collect()
    settle()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
