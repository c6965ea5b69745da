"""The family of observers: who hears of requests. Observers only watch; they never change an answer."""

from __future__ import annotations

from dbmcp.events import Observer
from dbmcp.observers import log

OBSERVERS: dict[str, Observer] = {"log": log.observe}
