"""Rates: so many calls within a time, for each caller and query apart."""

from __future__ import annotations

from dbmcp.rate_limit import RateLimiter


def test_calls_beyond_the_rate_wait_until_the_window_opens() -> None:
    limiter = RateLimiter()
    assert [limiter.take("3/day", "anna", "orders") for _ in range(3)] == [None, None, None]
    wait_s = limiter.take("3/day", "anna", "orders")
    assert wait_s is not None
    assert 0 < wait_s <= 86_400


def test_callers_and_queries_are_counted_apart() -> None:
    limiter = RateLimiter()
    assert limiter.take("1/hour", "anna", "orders") is None
    assert limiter.take("1/hour", "ben", "orders") is None
    assert limiter.take("1/hour", "anna", "stock") is None
    assert limiter.take("1/hour", "anna", "orders") is not None
