"""The one error that a benchmark raises by itself: something could not be measured, and why."""


class BenchmarkError(Exception):
    """Say what could not be measured and what would help; the run goes on with its other measures."""
