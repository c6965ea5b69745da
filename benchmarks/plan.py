"""How much a run measures: the full run, and one that is quick enough to try things with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Counts of one run; every contender does as much in every round."""

    name: str
    rounds: int
    """Rounds of the measures of calls; each gives one figure for each contender."""
    calls: int
    """Calls one at a time of a contender in a round."""
    large_calls: int
    """The same where an answer has 1,000 rows."""
    lane_calls: int
    """Calls of a contender in a round on each of the lanes that are in flight together."""
    starts: int
    """Times that each server is started."""
    trips: int
    """Statements of a kind that are sent to the far database."""
    memory_runs: int
    """Processes whose memory is watched."""


FULL = Plan("full", rounds=15, calls=100, large_calls=25, lane_calls=25, starts=15, trips=20, memory_runs=3)
QUICK = Plan("quick", rounds=5, calls=30, large_calls=8, lane_calls=8, starts=3, trips=5, memory_runs=1)
