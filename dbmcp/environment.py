"""What the environment says of settings, by pydantic-settings: imported only where it says anything.

The import is a fiftieth of a start, and most servers are started with a URL or a file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_settings import EnvSettingsSource

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo


class _Source(EnvSettingsSource):
    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Return what a variable holds for a list or table; a text that is no JSON is for the model to judge."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def read(model: type[BaseModel], prefix: str) -> dict[str, Any]:
    """Return the settings of a model that variables hold: PREFIX_NAME, PREFIX_TABLE__NAME; empty ones are none."""
    # It reads the fields and the configuration of any model; only its signature asks for one of its own.
    source = _Source(model, env_prefix=prefix, env_nested_delimiter="__", env_ignore_empty=True)  # type: ignore[arg-type]
    return source()
