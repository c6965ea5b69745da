"""Tests of the benchmarks' own parts: a yardstick that is wrong is worse than none."""
