"""Settings: the parts' own slices put together; flags > environment > dbmcp.toml > defaults."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, SecretStr, ValidationError

from dbmcp import toml_places
from dbmcp.database import DatabaseSettings
from dbmcp.dialects import dialect_of, url_scheme
from dbmcp.errors import ConfigError, did_you_mean
from dbmcp.limits import Limits

FILE_NAME = "dbmcp.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# What pydantic puts into the place of a fault: which of several types it was judged as.
_BRANCH = re.compile(r"literal\[|SqlMask$")
# Variables that begin like settings and are none.
_NO_SETTINGS = ("DBMCP_CONFIG", "DBMCP_TEST_")


def _listed(value: Any) -> Any:
    """Return the texts of one that a variable or a flag holds, with commas between them."""
    return [part for part in map(str.strip, value.split(",")) if part] if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Settings(BaseModel):
    """All of dbmcp's settings; every field is documented in docs/configuration.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    databases: dict[str, DatabaseSettings] = Field(
        default_factory=dict, description="The databases served, each by its name: lower-case letters, digits, _ and -."
    )
    limits: Limits = Field(default=Limits(), description="The budgets of replies and statements.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="What is logged on standard error; info logs a line for each request."
    )
    format: Literal["csv", "json", "markdown"] = Field(
        default="csv", description="The format of results when the caller names none."
    )
    check_at_start: bool = Field(
        default=True, description="Connect to every database before serving, and stop when one cannot be reached."
    )

    queries: Listed = Field(default=(), description="The folders of named queries.")
    query_packs: Listed = Field(default=(), description="Named queries that come with dbmcp: postgresql.")
    query_groups: Listed = Field(
        default=(), description="The groups of named queries that are served; all of them when none is named."
    )
    query_tools: Literal["each", "find"] = Field(
        default="each", description="A tool for each named query, or the pair find_query and run_query for all."
    )
    watch_queries: bool = Field(default=True, description="Load named queries again when their files change.")
    claims: dict[str, JsonValue] = Field(
        default_factory=dict, description="The identity of the local caller, which fills claim parameters."
    )

    @property
    def has_queries(self) -> bool:
        """Say whether there may be named queries."""
        return bool(self.queries or self.query_packs)


def load(flags: dict[str, Any] | None = None, *, url: str | None = None, file: Path | None = None) -> Settings:
    """Return the effective settings.

    A `url` (or, without one and without a file that names databases, DATABASE_URL) is the one database served.

    Raises:
        ConfigError: naming the file and line, the variable or the flag that is wrong, and the nearest valid name.
    """
    path = _find_file(file)
    text, parsed = _read(path) if path else ("", {})
    given = dict(flags or {})
    url = url or (os.environ.get("DATABASE_URL") if not parsed.get("databases") and not _databases_in_env() else None)
    if url:
        parsed = {**parsed, "databases": {}}
        given["databases"] = {name_of(url): {"url": url}}
    try:
        settings = Settings.model_validate(_merged(_merged(parsed, _environment()), given))
    except ValidationError as error:
        raise _explain(error, path, text) from None
    if url:
        settings = settings.model_copy(update={"databases": {k: settings.databases[k] for k in given["databases"]}})
    for name, database in settings.databases.items():
        try:
            _check_database(name, database)
        except ConfigError as error:
            where = "" if url else _where(("databases", name, "url"), path, text)
            raise ConfigError(f"{where}{error.message}", hint=error.hint) from None
    return settings


def with_writable_roles(settings: Settings) -> Settings:
    """Return the settings with `allow_writable_role` on for every database."""
    return with_database_settings(settings, allow_writable_role=True)


def with_database_settings(settings: Settings, **changes: Any) -> Settings:
    """Return the settings with these changes for every database."""
    databases = {name: database.model_copy(update=changes) for name, database in settings.databases.items()}
    return settings.model_copy(update={"databases": databases})


def _databases_in_env() -> bool:
    return any(name.upper().startswith("DBMCP_DATABASES") for name in os.environ)


def _check_database(name: str, database: DatabaseSettings) -> None:
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{name!r} is no name for a database.", hint="Use lower-case letters, digits, _ and -.")
    url = database.url.get_secret_value()
    dialect_of(url).check_url(url)


def _find_file(file: Path | None) -> Path | None:
    """Return the file to read: the one named, else DBMCP_CONFIG, else dbmcp.toml here when there is one."""
    named = file or (Path(value) if (value := os.environ.get("DBMCP_CONFIG")) else None)
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"There is no file {str(named)!r}.", hint="Check --config and DBMCP_CONFIG.")
        return named
    here = Path(FILE_NAME)
    return here if here.is_file() else None


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        # Some editors begin a file with a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
        parsed = tomllib.loads(text)
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}.", hint="See https://toml.io for the format.") from None
    for name, database in parsed.get("databases", {}).items() if isinstance(parsed.get("databases"), dict) else ():
        if isinstance(database, dict):
            _expand_in(database, "url", (path, text), ("databases", name))
            if isinstance(policy := database.get("policy"), dict):
                _expand_in(policy, "hash_key", (path, text), ("databases", name, "policy"))
    return text, parsed


def _expand_in(table: dict[str, Any], key: str, file: tuple[Path, str], place: tuple[str, ...]) -> None:
    """Put the environment's values for the ${VARIABLES} of a setting that may be a secret."""
    if isinstance(table.get(key), str):
        table[key] = _expand(table[key], file[0], (*place, key), file[1])


def _expand(url: str, path: Path, place: tuple[str, ...], text: str) -> str:
    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match.group(1))
        if found is None:
            raise ConfigError(
                f"{path}, line {_line_of(text, place)}: the environment variable {match.group(1)} is not set.",
                hint="Set it where the server is started.",
            )
        return found

    return _VARIABLE.sub(value, url)


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return two trees of settings as one, the second over the first."""
    both = {
        name: _merged(under[name], value) if isinstance(under.get(name), dict) and isinstance(value, dict) else value
        for name, value in over.items()
    }
    return under | both


def _environment() -> dict[str, Any]:
    """Return what the DBMCP_ variables say.

    Raises:
        ConfigError: one is no setting: a misspelt limit must not go unnoticed.
    """
    variables = [name for name in os.environ if name.startswith("DBMCP_") and not name.startswith(_NO_SETTINGS)]
    if not variables:
        return {}
    known = {field.upper() for field in Settings.model_fields}
    for variable in variables:
        head = variable.removeprefix("DBMCP_").partition("__")[0]
        if head.upper() not in known:
            near = did_you_mean(variable, [f"DBMCP_{name}" for name in known])
            raise ConfigError(f"The environment variable {variable} is no setting.", hint=near)
    from dbmcp import environment  # noqa: PLC0415

    return environment.read(Settings, "DBMCP_")


def _explain(error: ValidationError, path: Path | None, text: str) -> ConfigError:
    """Say where the first fault is, what is wrong, and which name was probably meant; never repeat a value."""
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    # A misspelt name is the reason for one that is missing.
    fault = next((item for item in faults if item["type"] == "extra_forbidden"), faults[0])
    place = tuple(str(part) for part in fault["loc"] if not _BRANCH.match(str(part)))
    dotted = ".".join(place)
    where = _where(place, path, text)
    if fault["type"] == "extra_forbidden":
        names = _fields_at(place[:-1])
        hint = did_you_mean(place[-1], names) or f"Known are {', '.join(names)}."
        return ConfigError(f"{where}{dotted} is no setting.", hint=hint)
    variable = _variable(place)
    if fault["type"] in ("dict_type", "model_type"):
        # A whole table in one variable is JSON.
        name = "" if _fields_at(place) else ".NAME"
        example = f"Write [{dotted}{name}], and its settings below." if variable not in os.environ else None
        hint = example or f"Write one variable a setting: {variable}{name.replace('.', '__')}__NAME."
        return ConfigError(f"{where}{dotted} must be a table.", hint=hint)
    return ConfigError(f"{where}{dotted}: {fault['msg']}.")


def _variable(place: tuple[str, ...]) -> str:
    return f"DBMCP_{'__'.join(place).upper()}"


def _where(place: tuple[str, ...], path: Path | None, text: str) -> str:
    """Return the beginning of a message about a setting: its file and line, else its variable, else nothing."""
    line = _line_of(text, place) if path else None
    if line is not None:
        return f"{path}, line {line}: "
    return f"{_variable(place)}: " if _variable(place) in os.environ else ""


def _fields_at(place: tuple[str, ...]) -> list[str]:
    """Return the names of the settings at a place of the tree."""
    model: Any = Settings
    for part in place:
        if get_origin(model) is dict:
            # A name of the operator's choice.
            model = get_args(model)[1]
        else:
            field = getattr(model, "model_fields", {}).get(part)
            model = field.annotation if field else None
        if get_origin(model) in (Union, UnionType):
            model = next((kind for kind in get_args(model) if hasattr(kind, "model_fields")), None)
    return sorted(getattr(model, "model_fields", {}))


def _line_of(text: str, place: tuple[str, ...]) -> int | None:
    """Return the line of a TOML text on which a setting stands, 1 for the first; None when nothing of it is there."""
    offset = toml_places.nearest(toml_places.places(text), place)
    return None if offset is None else text.count("\n", 0, offset) + 1


def name_of(url: str) -> str:
    """Return a name for the database of a URL or path: the database's own, or the file's, made plain."""
    if url_scheme(url) in ("postgresql", "postgres"):
        try:
            name = unquote(urlsplit(url).path.strip("/"))
        except ValueError:
            name = ""
    else:
        name = Path(url.partition("?")[0].rstrip("/")).stem
    plain = re.sub(r"[^a-z0-9_-]+", "_", name.lower()).strip("_-")[:40]
    return plain or "main"


def redacted(url: SecretStr) -> str:
    """Return a URL fit to be shown to its operator: no password, no parameter that holds one."""
    text = url.get_secret_value()
    if url_scheme(text) in (None, "sqlite", "file"):
        return text
    try:
        parts = urlsplit(text)
        user = f"{parts.username}{':***' if parts.password else ''}@" if parts.username else ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "***"
    query = "?***" if parts.query else ""
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}{query}"
