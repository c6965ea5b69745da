"""What is the same for all targets in TypeScript: names, properties, the header, and the types that stand first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dbmcp.codegen import plan as plans
from dbmcp.codegen.naming import Names, Style
from dbmcp.codegen.python_names import attribute, class_name
from dbmcp.codegen.typescript_parts.source import comment, key, literal, note, union
from dbmcp.codegen.typescript_parts.types import Types
from dbmcp.codegen.words import camel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dbmcp.catalog.model import Catalog
    from dbmcp.catalog.parts import Column
    from dbmcp.catalog.types import Name
    from dbmcp.codegen.base import Choices
    from dbmcp.codegen.plan import Model, Plan

TAKEN = frozenset(
    """Array ArrayBuffer BigInt Boolean Buffer Circle ColumnType Database Date Error Function Generated Insertable
    Interval JSON Map Math Number Object Partial Pick Point Promise Proxy Record Reflect RegExp Required Readonly
    Relation Selectable Set String Symbol Table Tables Uint8Array Updateable arguments any as async await bigint
    boolean break case catch class const continue debugger declare default delete do else enum eval export extends
    false finally for from function get if implements import in infer instanceof interface is keyof let module
    namespace never new null number object of package private protected public readonly require return satisfies set
    static string super switch symbol tables this throw true try type typeof undefined unique unknown var void while
    with yield""".split()
)
_SHAPES = {
    "Interval": """/** An interval, as pg returns it: what is zero is left out. */
export interface Interval {
  years?: number;
  months?: number;
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
  toPostgres(): string;
  toISO(): string;
  toISOString(): string;
}""",
    "Point": """/** A point, as pg returns it. */
export interface Point {
  x: number;
  y: number;
}""",
    "Circle": """/** A circle, as pg returns it. */
export interface Circle {
  x: number;
  y: number;
  radius: number;
}""",
}


class Module:
    """One writing: its plan, the types of the columns, and the tables and views that are written."""

    def __init__(self, catalog: Catalog, choices: Choices) -> None:
        self._plan = plans.build(catalog, choices, style(choices))
        self._types = Types(self._plan)
        self._models = written(self._plan, self._types)


def style(choices: Choices) -> Style:
    """Return TypeScript's style: properties are the columns' own names, so that rows are what the driver returns."""
    return Style(
        class_name=class_name,
        attribute=camel if choices.naming == "idiomatic" else attribute,
        member=lambda label: label,
        taken_module=TAKEN,
        taken_class=frozenset(),
    )


def written(plan: Plan, types: Types) -> list[Model]:
    """Return what is written, and note what is not."""
    for item in plan.models:
        if item.role == "part":
            plan.leave_out("partitions, whose rows the whole has", plan.shown_name(item.relation.key))
        labelled = {(column.name,) for column in item.relation.columns if types.labels(item.relation, column)}
        for check in item.relation.constraints:
            if check.kind in ("check", "exclusion") and item.role != "part" and check.columns not in labelled:
                name = check.name or "one without a name"
                plan.leave_out("checks and exclusions", f"{name} of {plan.shown_name(item.relation.key)}")
    return [item for item in plan.models if item.role != "part"]


def keys(plan: Plan, models: Iterable[Model]) -> Mapping[Name, str]:
    """Return what each table is called in a statement, which is given once."""
    names = Names(())
    return {
        item.relation.key: names.take(plan.shown_name(item.relation.key), ".".join(item.relation.key))
        for item in models
    }


def header(plan: Plan, what: str) -> str:
    """Return the lines at the top of a file."""
    driver = "better-sqlite3 and node:sqlite return" if plan.catalog.dialect == "sqlite" else "pg returns"
    remarks = (
        "",
        f"Values have the types that {driver} unless told otherwise;",
        "a Buffer is a Uint8Array, and a list may hold nulls where the database lets it.",
    )
    return note(plan.header(what, "What TypeScript cannot say is left out", *remarks))


def shapes(text: str) -> Iterator[str]:
    """Return the types of pg's own that a text uses."""
    for name, shape in _SHAPES.items():
        # As a type in a line of its own, too, and never as the name of a property.
        if re.search(rf"(?:[:|<(,]|^) *{name}\b(?!\??:)", text, re.MULTILINE):
            yield shape


def enums(plan: Plan) -> Iterator[str]:
    """Return the enums as unions."""
    for item in plan.enums:
        said = comment(item.type.comment)
        parts = [literal(label) for label in item.type.labels] or ["never"]
        yield "\n".join([*said, union(f"export type {item.name} =", parts)])


def property_lines(column: Column, parts: list[str], *, is_optional: bool = False) -> list[str]:
    """Return a property with its comment."""
    mark = "?" if is_optional else ""
    return [*comment(column.comment, 1), union(f"{key(column.name)}{mark}:", parts, 1)]


def is_null(plan: Plan, model: Model, column: Column) -> bool:
    """Say whether a value that was read may be null. A view's outer join makes nulls of any domain."""
    return not column.not_null if model.is_view else not (plan.is_needed(column) or column.identity is not None)
