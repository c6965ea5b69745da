"""The command line: finds the command, turns dbmcp's errors into a line on stderr and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from dbmcp import __version__
from dbmcp.errors import ConfigError, DbmcpError, did_you_mean

# Name → module, imported only when called: `serve` must not wait for what `demo` needs.
COMMANDS: dict[str, str] = {
    "serve": "dbmcp.cli.serve",
    "demo": "dbmcp.cli.demo",
    "query": "dbmcp.cli.query",
    "schema": "dbmcp.cli.schema",
    "diff": "dbmcp.cli.diff",
    "models": "dbmcp.cli.models",
    "explain": "dbmcp.cli.explain",
    "run": "dbmcp.cli.run",
    "queries": "dbmcp.cli.queries",
    "check": "dbmcp.cli.check",
    "guard": "dbmcp.cli.guard",
    "config": "dbmcp.cli.config",
}

EXIT_REFUSED, EXIT_CONFIG = 1, 2
# What a full or broken device says when it is written to.
_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class _Commands(click.Group):
    """The commands of the registry, loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(module).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; one that is not there comes back with the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = did_you_mean(args[0], COMMANDS)
            if near is None:
                raise
            raise click.UsageError(f"{error.message} {near}", ctx) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dbmcp")
def cli() -> None:
    """Let a model read a database, and nothing else.

    \b
    dbmcp demo                         a tour, on a database of its own
    dbmcp serve postgresql://…         serve a database to an MCP client
    dbmcp query shop.db "SELECT …"     run one read, as the model would
    dbmcp schema shop.db               see what is there
    dbmcp explain shop.db "SELECT …"   see how a read would run
    dbmcp run NAME key=value …         run a named query
    dbmcp check queries                check named queries, as in CI

    A database is a postgresql:// URL or the path of a SQLite file. Without one, DATABASE_URL and
    dbmcp.toml say what is served. Exit codes: 0 done, 1 refused or failed, 2 configured wrongly.

    Shell completion: eval "$(_DBMCP_COMPLETE=bash_source dbmcp)", likewise zsh_source, fish_source.
    """


def main() -> None:
    """Run the command line and exit with its code."""
    _open_closed_streams()
    try:
        code = cli.main(standalone_mode=False)
    except DbmcpError as error:
        click.echo(f"dbmcp: {error}", err=True)
        if isinstance(error, ConfigError) and error.script:
            click.echo(f"\n{error.script}", err=True)
        sys.exit(EXIT_CONFIG if isinstance(error, ConfigError) else EXIT_REFUSED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except OSError as error:
        if not _is_about_output(error):
            raise
        _end_unread(error)
    except BaseExceptionGroup as group:
        # The tour's client and server are tasks, and rich makes a SystemExit of a closed pipe.
        about_output, others = group.split(lambda error: isinstance(error, SystemExit) or _is_about_output(error))
        if about_output is None or others is not None:
            raise
        _end_unread(_first(about_output))
    sys.exit(code if isinstance(code, int) else 0)


def _open_closed_streams() -> None:
    """Put the null device where the process was started without a standard stream: what is opened next would be it."""
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest that is free, which is this one.
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(descriptor, "w" if descriptor else "r", closefd=False))  # noqa: SIM115


def _is_about_output(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.filename is None and error.errno in (errno.EPIPE, *_UNWRITABLE)


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _end_unread(error: BaseException) -> NoReturn:
    """End without a word where whoever read the output has closed it, as `head` does; say what a device said."""
    # What is left in the buffer would be written when the interpreter ends, and fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        click.echo(f"dbmcp: The output cannot be written: {error.strerror}.", err=True)
    sys.exit(EXIT_REFUSED)
