"""What was measured, as data: contenders side by side, round by round, and the arithmetic on them. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

ASYNCPG = "asyncpg"
BARE = "bare SDK"
DBMCP = "dbmcp"


@dataclass(frozen=True)
class Spread:
    """The median of some figures with the least and the greatest of them."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """One quantity of one case: for each contender one figure per round, all measured in the same rounds."""

    measure: str
    case: str
    quantity: str
    series: Mapping[str, tuple[float, ...]]

    def value(self, contender: str) -> Spread:
        """Sum up one contender's rounds."""
        return spread(self.series[contender])

    def ratio(self, contender: str, reference: str) -> Spread | None:
        """Divide round by round, then sum up; None if there is nothing to divide by."""
        if contender == reference or not all(self.series.get(reference, (0,))):
            return None
        return spread(ratios(self.series[contender], self.series[reference]))


@dataclass(frozen=True)
class Findings:
    """What one measure brought: comparisons, and remarks on what could not be measured."""

    comparisons: tuple[Comparison, ...] = ()
    notes: tuple[str, ...] = ()


def spread(figures: Sequence[float]) -> Spread:
    """Sum up at least one figure."""
    return Spread(median(figures), min(figures), max(figures))


def ratios(figures: Sequence[float], references: Sequence[float]) -> tuple[float, ...]:
    """Divide each round's figure by the reference of the same round.

    The ratio of two medians would pair rounds that the machine ran at different speeds.

    Raises:
        ValueError: the two were not measured in the same rounds.
    """
    return tuple(figure / reference for figure, reference in zip(figures, references, strict=True))
