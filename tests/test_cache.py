"""Replies that are given again for a while, within a budget of memory."""

from __future__ import annotations

from dbmcp.cache import Cache


def test_a_reply_is_kept_for_its_time() -> None:
    cache: Cache[str] = Cache()
    assert cache.get("key") is None
    cache.put("key", "reply", 5, 3_600)
    assert cache.get("key") == "reply"
    cache.put("key", "old", 3, 0)
    assert cache.get("key") is None


def test_the_least_recently_used_go_when_there_is_no_room() -> None:
    cache: Cache[str] = Cache(max_chars=10)
    cache.put(1, "one", 4, 60)
    cache.put(2, "two", 4, 60)
    assert cache.get(1) == "one"
    cache.put(3, "three", 4, 60)
    assert [cache.get(key) for key in (1, 2, 3)] == ["one", None, "three"]


def test_a_reply_put_again_counts_once() -> None:
    cache: Cache[str] = Cache(max_chars=10)
    for _ in range(5):
        cache.put(1, "one", 4, 60)
    cache.put(2, "two", 6, 60)
    assert [cache.get(key) for key in (1, 2)] == ["one", "two"]


def test_a_reply_that_is_larger_than_the_budget_is_not_kept_and_drives_nothing_out() -> None:
    cache: Cache[str] = Cache(max_chars=10)
    cache.put(1, "one", 4, 60)
    cache.put(2, "two", 11, 60)
    assert [cache.get(key) for key in (1, 2)] == ["one", None]
