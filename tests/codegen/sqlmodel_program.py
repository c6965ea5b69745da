"""Generated SQLModel classes at work, as a program of its own: their metadata and registry are one for a process.

Standard input is JSON: `folder`, which holds the module or package `models`, `url` of the database that they were made
of, `empty` of one that they fill, and `domains`, their names. Standard output is JSON: `live` and `made`, what alembic
would change in either; `rows`, how many were read, validated from their columns and again from their JSON; `changed`,
fields to which that gave other values; `relationships`, how many were loaded; `failed`, the classes that the database
would not read.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.types import TypeInfo
from sqlalchemy.orm import Session, configure_mappers
from sqlmodel import SQLModel

from tests.codegen import running


def main() -> None:
    """Import the models, compare, create, read."""
    task = json.load(sys.stdin)
    sys.path.insert(0, task["folder"])
    warnings.simplefilter("error")
    import_module("models")
    for name in task["domains"]:
        register(task["url"], name)
    configure_mappers()
    result: dict[str, Any] = {"live": list(map(shown, running.differences(task["url"], SQLModel.metadata)))}
    result |= rows(task["url"])
    mapped: Any = SimpleNamespace(Base=SimpleNamespace(registry=SQLModel._sa_registry))
    if not result["failed"]:
        result["relationships"] = running.read_through(task["url"], mapped)
    if task["empty"]:
        running.create(task["empty"], SQLModel.metadata)
        result["made"] = list(map(shown, running.differences(task["empty"], SQLModel.metadata)))
    json.dump(result, sys.stdout)


def register(url: str, name: str) -> None:
    """Tell the driver of a domain, arrays of which it gives as texts otherwise."""
    with psycopg.connect(url) as connection:
        info = TypeInfo.fetch(connection, name)
    assert info is not None
    info.register()


def shown(difference: Any) -> str:
    """Return a difference as alembic names it."""
    return str(difference)


def rows(url: str) -> dict[str, Any]:
    """Read every row of every class, and validate it from itself and from its JSON."""
    count, failed, changed = 0, [], set()
    for mapper in SQLModel._sa_registry.mappers:
        class_ = mapper.class_
        names = {attribute: column.name for attribute, column in mapper.columns.items()}
        with running.connected(url) as connection, Session(connection) as session:
            try:
                found = session.execute(sa.select(class_)).scalars().all()
            except sa.exc.DBAPIError:
                failed.append(class_.__name__)
                continue
            for place, row in enumerate(found):
                values = {column: getattr(row, attribute) for attribute, column in names.items()}
                made = class_.model_validate(values)
                others = {each for each in names if getattr(made, each) != getattr(row, each)}
                changed |= {f"{class_.__name__}.{each}" for each in others}
                text = made.model_dump_json()
                # What is read is written as what is validated is; a hundred rows of a class show it.
                assert others or place > 100 or row.model_dump(mode="json") == json.loads(text)
                again = class_.model_validate_json(text)
                assert again == made, (again, made)
                assert sa.inspect(again).transient, "a session would take it"
                count += 1
    return {"rows": count, "changed": sorted(changed), "failed": failed}


if __name__ == "__main__":
    main()
