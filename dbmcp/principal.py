"""Who calls: the name that limits are counted by, claims of identity, scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller. `claims` fill the claim parameters of named queries; `scopes` are None for one who may use all."""

    name: str
    claims: Mapping[str, Any] = field(default_factory=dict)
    scopes: frozenset[str] | None = None
