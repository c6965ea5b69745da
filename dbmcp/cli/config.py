"""`dbmcp config`: the effective settings, with their secrets redacted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from dbmcp.cli.options import load_settings, settings_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("config", short_help="Print the effective settings, secrets redacted.")
@click.argument("url", required=False)
@settings_options
def command(url: str | None, file: Path | None, demo: bool, writable: bool) -> None:  # noqa: FBT001
    """Print the settings that a server started here would have, as dbmcp.toml would hold them; passwords as ***."""
    from dbmcp.config import redacted

    settings = load_settings(url, file, demo=demo, writable=writable)
    values = settings.model_dump(mode="json")
    for name, database in settings.databases.items():
        values["databases"][name]["url"] = redacted(database.url)
        values["databases"][name]["policy"]["hash_key"] = "*" * 16
    click.echo("\n".join(_toml("", values)))


def _toml(table: str, values: dict[str, Any]) -> list[str]:
    """Return the lines of a table and of the tables below it; unset values are comments."""
    lines = [f"[{table}]"] if table and any(not isinstance(value, dict) for value in values.values()) else []
    for name, value in values.items():
        if value is None:
            lines.append(f"# {name} is not set")
        elif not isinstance(value, dict):
            lines.append(f"{name} = {_value(value)}")
    for name, value in values.items():
        if isinstance(value, dict):
            lines += ["", *_toml(f"{table}.{name}" if table else name, value)]
    return lines


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return str(value)
