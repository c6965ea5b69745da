"""Findings as a table for people and as JSON for machines. Judges by the bars, measures nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.bars import BARS, bar_for, unmeasured
from benchmarks.figures import ASYNCPG, BARE, DBMCP, Comparison, Spread

REFERENCES = (ASYNCPG, BARE)
HEAD = ("case", "quantity", "contender", "median", "min–max", *(f"× {name}" for name in REFERENCES), "bar")
NUMBERS = frozenset({3, 4, 5, 6})


def table(comparisons: Sequence[Comparison]) -> str:
    """Lay out all comparisons, one line a contender, with a rule between the measures."""
    rows: list[tuple[str, ...]] = []
    for measure in dict.fromkeys(comparison.measure for comparison in comparisons):
        rows.append(())
        for comparison in comparisons:
            if comparison.measure == measure:
                rows += _rows(comparison)
    cells = [HEAD, *filter(None, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEAD))]
    rule = "  ".join("─" * width for width in widths)
    lines = [_line(HEAD, widths), *(_line(row, widths) if row else rule for row in rows)]
    return "\n".join(lines)


def verdict(comparisons: Sequence[Comparison]) -> str:
    """Sum up the bars: how many are met, and the names of those missed, or left out by a finished measure."""
    missing = unmeasured(comparisons)
    finished = {comparison.measure for comparison in comparisons}
    judged = [(bar, comparison) for comparison in comparisons if (bar := bar_for(comparison))]
    missed = [bar for bar, comparison in judged if not bar.is_met(comparison)]
    met = len(judged) - len(missed)
    lines = [f"{met} of {len(BARS)} bars met, {len(missed)} missed, {len(missing)} not measured"]
    lines += [f"  missed: {bar.case}, {bar.quantity} {bar}" for bar in missed]
    lines += [f"  not measured: {bar.case}, {bar.quantity} {bar}" for bar in missing if bar.measure in finished]
    return "\n".join(lines)


def as_json(about: Mapping[str, str], comparisons: Iterable[Comparison], notes: Iterable[str]) -> dict[str, Any]:
    """Give everything that was measured, round by round, with the ratios and the bars."""
    return {"about": dict(about), "notes": list(notes), "figures": [_as_json(each) for each in comparisons]}


def _as_json(comparison: Comparison) -> dict[str, Any]:
    bar = bar_for(comparison)
    return {
        "measure": comparison.measure,
        "case": comparison.case,
        "quantity": comparison.quantity,
        "rounds": {name: [round(figure, 4) for figure in row] for name, row in comparison.series.items()},
        "ratios": {
            f"{name} / {reference}": [round(figure, 4) for figure in (ratio.median, ratio.low, ratio.high)]
            for name in comparison.series
            for reference in REFERENCES
            if (ratio := _against(comparison, name, reference))
        },
        "bar": {"most": str(bar), "is_met": bar.is_met(comparison)} if bar else None,
    }


def _rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """Write a comparison's lines; what the first line says is not said again."""
    rows = []
    for number, name in enumerate(comparison.series):
        value = comparison.value(name)
        titles = (comparison.case, comparison.quantity) if number == 0 else ("", "")
        ratios = (_ratio(_against(comparison, name, reference)) for reference in REFERENCES)
        spread = f"{_number(value.low)}–{_number(value.high)}"
        rows.append((*titles, name, _number(value.median), spread, *ratios, _bar(comparison, name)))
    return rows


def _against(comparison: Comparison, name: str, reference: str) -> Spread | None:
    """Compare servers only: asyncpg as a multiple of a server that asks no database says nothing."""
    return None if name == ASYNCPG else comparison.ratio(name, reference)


def _bar(comparison: Comparison, contender: str) -> str:
    bar = bar_for(comparison)
    if bar is None or contender != DBMCP:
        return ""
    return f"{bar}: {'met' if bar.is_met(comparison) else 'MISSED'}"


def _ratio(ratio: Spread | None) -> str:
    return f"{ratio.median:.2f} ({ratio.low:.2f}–{ratio.high:.2f})" if ratio else ""


def _number(figure: float) -> str:
    """Show three digits that count, and thousands in full."""
    if figure == int(figure) or abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.{1 if abs(figure) >= 10 else 2 if abs(figure) >= 1 else 3}f}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if column in NUMBERS else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()
