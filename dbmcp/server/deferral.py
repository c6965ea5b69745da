"""Models of the SDK that are built with their first use: one session meets few of its four hundred.

Building them all is a fifth of what a bare server's start costs.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def deferred_models() -> Iterator[None]:
    """Have the models that are defined meanwhile built with their first use (pydantic's `defer_build`, inherited)."""
    before = BaseModel.model_config
    BaseModel.model_config = ConfigDict(defer_build=True)
    try:
        yield
    finally:
        BaseModel.model_config = before
