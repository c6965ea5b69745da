"""`dbmcp models`: code for the tables of a database, for a developer to commit."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dbmcp.cli.options import load_settings, run, settings_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from dbmcp.codegen.base import Choices
    from dbmcp.use_cases.generating import Models

_EXIT_DRIFT = 1


def _choices_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what may be chosen of the text."""
    for option in (
        click.option("--package", "is_package", is_flag=True, help="Write a folder of a file for each table."),
        click.option("--base", default="Base", show_default=True, help="The name of the class that all others extend."),
        click.option(
            "--naming",
            type=click.Choice(["idiomatic", "database"]),
            default="idiomatic",
            show_default=True,
            help="Attributes as the language names them, or as the database does.",
        ),
        click.option("--views/--no-views", default=True, help="Views, which can only be read."),
        click.option("--constraints/--no-constraints", default=True, help="Indexes, and constraints other than keys."),
        click.option("--relationships/--no-relationships", default=True, help="Relationships, both ways."),
    ):
        command = option(command)
    return command


@click.command("models", short_help="Write models for the tables of a database.")
@click.argument("url", required=False)
@click.option("--target", "-t", help="What to write; --list names what there is.")
@click.option("--list", "lists", is_flag=True, help="List the targets.")
@click.option("--schema", "schemas", help="Only these schemas: names or patterns, with commas between.")
@click.option("--tables", help="Only these tables: names or patterns such as 'film*,hr.*', with commas between.")
@click.option("--out", type=click.Path(path_type=Path), help="The file, or the folder, to write; else standard output.")
@click.option(
    "--check", "checked", type=click.Path(path_type=Path, exists=True), help="Compare this file or folder instead."
)
@_choices_options
@click.option("--database", "-d", help="Which database, where several are configured.")
@settings_options
def command(
    url: str | None,
    target: str | None,
    lists: bool,  # noqa: FBT001
    schemas: str | None,
    tables: str | None,
    out: Path | None,
    checked: Path | None,
    database: str | None,
    file: Path | None,
    demo: bool,  # noqa: FBT001
    writable: bool,  # noqa: FBT001
    **choices: Any,
) -> None:
    """Write models for the tables of a database, for --target, as one file or a package.

    What was written, and what the target cannot say, is told on standard error. A file that dbmcp has written before
    is written anew; another one is left alone.

    With --check nothing is written: what differs between PATH and the database is printed. The options are those that
    PATH was made with, unless --target is given. Exit codes: 0 as the database is, 1 they differ, 2 configured wrongly.

    \b
    dbmcp models --list
    dbmcp models postgresql://reader@localhost/shop --target sqlalchemy --out models.py
    dbmcp models --demo --target sqlalchemy --tables 'invoice*,customer'
    dbmcp models postgresql://reader@localhost/shop --check models.py
    """
    from dbmcp.use_cases.generating import generate_models, target_descriptions
    from dbmcp.use_cases.model_drift import models_drift

    if lists:
        _show_targets(target_descriptions())
        return
    if checked is not None:
        texts, target, asked = _made_with(checked, out, target, _choices(schemas, tables, choices))
        settings = load_settings(url, file, demo=demo, writable=writable)
        drift = run(settings, lambda runtime: models_drift(runtime, texts, target, asked, database))
        click.echo("\n".join(drift or [f"{checked} is as the database is"]).encode("utf-8", "replace").decode())
        raise click.exceptions.Exit(_EXIT_DRIFT if drift else 0)
    if target is None:
        raise click.UsageError("Give --target; `dbmcp models --list` names what there is.")
    if choices["is_package"] and out is None:
        raise click.UsageError("A package needs --out, a folder.")
    asked = _choices(schemas, tables, choices)
    settings = load_settings(url, file, demo=demo, writable=writable)
    made = run(settings, lambda runtime: generate_models(runtime, target, asked, database))
    if out is None:
        click.echo(made.text.encode("utf-8", "replace").decode(), nl=False)
    else:
        _write(made, out)
    click.echo(made.summary, err=True)
    for line in made.left_out:
        click.echo(f"left out: {line}".encode("utf-8", "replace").decode(), err=True)


def _read(path: Path) -> dict[str, str]:
    """Return the texts of the generated file, or of those in a folder, by their names within it.

    Raises:
        UsageError: there is none, or it cannot be read.
    """
    from dbmcp.codegen.base import MARK

    try:
        paths = {item.relative_to(path).as_posix(): item for item in sorted(path.rglob("*")) if item.is_file()}
        texts = {name: item.read_text("utf-8", "replace") for name, item in (paths or {path.name: path}).items()}
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}.") from None
    found = {name: text for name, text in texts.items() if MARK in text.partition("\n")[0]}
    if not found:
        raise click.UsageError(f"{path} holds nothing that dbmcp has written: their first lines say so.")
    return found


def _made_with(path: Path, out: Path | None, target: str | None, asked: Choices) -> tuple[dict[str, str], str, Choices]:
    """Return generated files, and the target and choices they were made with: those of their headers, if none is given.

    Raises:
        UsageError: there is nothing to compare, or the headers do not say it.
    """
    from dbmcp.codegen.record import options_in

    if out is not None:
        raise click.UsageError("--check writes nothing: leave out --out.")
    texts = _read(path)
    if target is not None:
        return texts, target, asked
    words = options_in(texts.values())
    if words is None:
        raise click.UsageError(f"{path} does not say what it was made with: give --target, and what else was chosen.")
    given = command.make_context("models", words).params
    return texts, given["target"], _choices(given["schemas"], given["tables"], given)


def _choices(schemas: str | None, tables: str | None, others: dict[str, Any]) -> Choices:
    from dbmcp.codegen.base import Choices

    names = {item.name for item in fields(Choices)} & others.keys() - {"tables", "schemas"}
    return Choices(tables=_split(tables), schemas=_split(schemas), **{name: others[name] for name in names})


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _show_targets(descriptions: dict[str, str]) -> None:
    width = max(map(len, descriptions))
    for name, text in descriptions.items():
        click.echo(f"{name:{width}}  {text}")


def _write(made: Models, out: Path) -> None:
    """Write the files: into a folder where there are several, or where one is meant.

    Raises:
        ClickException: one cannot be written, or is somebody else's.
    """
    is_folder = len(made.files) > 1 or out.is_dir() or not out.suffix
    from dbmcp.codegen.base import MARK

    paths = {(out / name if is_folder else out): text for name, text in made.files.items()}
    try:
        for path in paths:
            if path.exists() and MARK not in path.read_text("utf-8", "replace").partition("\n")[0]:
                raise click.ClickException(f"{path} is there, and dbmcp has not written it; choose another name.")
        for path, text in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from None
