"""The bars: what dbmcp has to reach, in one place. Each is shown in the table beside its figure."""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.client import Era
from benchmarks.figures import ASYNCPG, BARE, DBMCP, Comparison


@dataclass(frozen=True)
class Bar:
    """The most that one figure of dbmcp's may be: a multiple of a reference, or a plain value without one."""

    measure: str
    case: str
    quantity: str
    most: float
    reference: str | None = None
    is_time: bool = False

    def __str__(self) -> str:
        return f"≤ {self.most:g}{f' × {self.reference}' if self.reference else ''}"

    def is_for(self, comparison: Comparison) -> bool:
        """Tell whether this comparison holds the figure."""
        place = (comparison.measure, comparison.case, comparison.quantity)
        return place == (self.measure, self.case, self.quantity) and DBMCP in comparison.series

    def is_met(self, comparison: Comparison) -> bool:
        """Judge a ratio and a time by the median, for the machine has a share in them; a count or a peak by its worst.

        Raises:
            ValueError: the reference took no part, or did nothing.
        """
        if self.reference is None:
            value = comparison.value(DBMCP)
            return (value.median if self.is_time else value.high) <= self.most
        ratio = comparison.ratio(DBMCP, self.reference)
        if ratio is None:
            raise ValueError(f"{comparison.case} has no figures of {self.reference} to divide by")
        return ratio.median <= self.most


BARS = (
    *(Bar("start", f"first tools/list, {era}", "ms", 1.1, BARE) for era in Era),
    *(Bar("select1", f"SELECT 1, {era}", "p50 ms", 1.0, BARE) for era in Era),
    Bar("results", "1,000 × 10", "p50 ms", 1.6, ASYNCPG),
    Bar("trips", "new statement", "round trips", 3),
    Bar("trips", "repeated statement", "round trips", 1),
    Bar("memory", "SELECT * of 10 million rows", "peak MB over idle", 30),
    *(Bar("guard", f"new statement, {name}", "p50 ms", 0.5, is_time=True) for name in ("PostgreSQL", "SQLite")),
    *(
        Bar("guard", f"{case}, {name}", "p99 ms", 5, is_time=True)
        for case in ("new statement", "real work alone")
        for name in ("PostgreSQL", "SQLite")
    ),
    Bar("guard", "remembered statement", "p50 µs", 20, is_time=True),
    Bar("guard", "parser bombs", "slowest ms", 250, is_time=True),
    Bar("named", "call of a named query", "p50 ms", 1.1, "ad-hoc repeat"),
    Bar("named", "load of 1,000 files", "CPU ms", 2_000, is_time=True),
    Bar("named", "reload of one of 1,000 files", "CPU ms", 100, is_time=True),
    Bar("catalog", "1,000 tables", "statements", 10),
    Bar("catalog", "1,000 tables", "CPU ms", 60, is_time=True),
    Bar("catalog", "one table, cold", "statements", 1),
    Bar("catalog", "one table, warm", "statements", 0),
    Bar("catalog", "search of 5,000 tables", "slowest ms, warm", 20, is_time=True),
    Bar("catalog", "SELECT 1 while 5,000 tables are read", "p99 ms", 2, "idle"),
    Bar("models", "sqlalchemy, 500 tables", "CPU ms", 1_000, is_time=True),
    Bar("models", "sqlalchemy, 1,200 tables", "CPU ms", 3_000, is_time=True),
)


def bar_for(comparison: Comparison) -> Bar | None:
    """Find the bar that this comparison has to meet, if there is one."""
    return next((bar for bar in BARS if bar.is_for(comparison)), None)


def unmeasured(comparisons: Iterable[Comparison]) -> list[Bar]:
    """List the bars about which these comparisons say nothing."""
    known = tuple(comparisons)
    return [bar for bar in BARS if not any(bar.is_for(comparison) for comparison in known)]
