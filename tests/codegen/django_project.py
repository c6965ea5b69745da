"""A Django project over generated models, run as a program of its own: Django's settings hold for a whole process.

Standard input is JSON: `folder`, which holds the package `shop` with its models, `database` as Django takes it,
`every` for all rows instead of one of each model, and `then`, a program that is given the models and adds to `found`.
Standard output is JSON: `checks`, what Django finds wrong; `rows`, `relations` and `refused`, how many were read,
followed and not written; `failed`, the models that the database would not read; and `found`.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.db import Error, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter


def main() -> None:
    """Set the project up, check it, read through it, and write its first migration."""
    task = json.load(sys.stdin)
    sys.path.insert(0, task["folder"])
    warnings.simplefilter("error")
    configure(task["database"])

    result: dict[str, Any] = {"checks": [str(each) for each in run_checks(databases=["default"])]}
    if not result["checks"]:
        result |= read_through(every=task["every"])
        result["migration"] = migration()
        models = import_module("shop.models")
        result["found"] = {}
        exec(task["then"], {"models": models, "found": result["found"]})
    json.dump(result, sys.stdout, default=repr)


def configure(database: dict[str, str]) -> None:
    """Configure Django, with what PostgreSQL's fields need."""
    needed = ["django.contrib.postgres"] if database["ENGINE"].endswith("postgresql") else []
    settings.configure(INSTALLED_APPS=[*needed, "shop"], DATABASES={"default": database}, USE_TZ=True)
    django.setup()


def read_through(*, every: bool) -> dict[str, Any]:
    """Select rows of each model, and follow each relation: as a filter, fetched along, and from a row."""
    rows, relations, refused, failed = 0, 0, 0, []
    for model in apps.get_app_config("shop").get_models():
        try:
            found = list(model.objects.all() if every else model.objects.all()[:1])
        except Error:
            failed.append(model.__name__)
            continue
        rows += len(found)
        refused += sum(is_refused(attempt) for attempt in attempts(model))
        for field in model._meta.get_fields():
            if field.is_relation:
                relations += 1
                follow(model, field, found[:1])
    return {"rows": rows, "relations": relations, "refused": refused, "failed": failed}


def follow(model: Any, field: Any, rows: list[Any]) -> None:
    """Follow a relation from a model to another, in each way that Django has."""
    path = field.get_accessor_name() if field.auto_created else field.name
    list(model.objects.filter(**{f"{field.name}__isnull": False})[:1])
    list(model.objects.prefetch_related(path)[:1])
    if isinstance(field, models.ForeignObject):
        list(model.objects.select_related(field.name)[:1])
    for row in rows:
        try:
            other = getattr(row, path)
        except models.ObjectDoesNotExist:
            continue
        if hasattr(other, "all"):
            list(other.all()[:1])


def attempts(model: Any) -> Iterator[Callable[[], object]]:
    """Return ways to write, for a model that can only be read."""
    if "ReadOnly" in {each.__name__ for each in model.__mro__}:
        yield lambda: model().save()
        yield lambda: model().delete()
        yield model.objects.create
        yield model.objects.update
        yield lambda: model.objects.all().delete()
        yield lambda: model.objects.bulk_create([model()])


def is_refused(attempt: Callable[[], object]) -> bool:
    """Say whether an attempt to write is refused in so many words."""
    try:
        attempt()
    except TypeError as error:
        return "can only be read" in str(error)
    return False


def migration() -> int:
    """Return the length of the migration that makemigrations would write, which Python must be able to read."""
    questioner = MigrationQuestioner(specified_apps={"shop"})
    detector = MigrationAutodetector(ProjectState(), ProjectState.from_apps(apps), questioner)
    changes = detector.changes(graph=MigrationGraph()).get("shop", [])
    texts = [MigrationWriter(each).as_string() for each in changes]
    for text in texts:
        exec(compile(text, "migration", "exec"), {})
    return sum(map(len, texts))


if __name__ == "__main__":
    main()
