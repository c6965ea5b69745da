"""Kysely: the database's interface, with what each column gives and what INSERT and UPDATE take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen import plan as plans
from dbmcp.codegen.base import Generated
from dbmcp.codegen.python_source import columns
from dbmcp.codegen.typescript_parts import tables
from dbmcp.codegen.typescript_parts.source import WIDTH, comment, key, union

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.catalog.parts import Column
    from dbmcp.codegen.base import Choices
    from dbmcp.codegen.plan import Model

DESCRIPTION = "Kysely's interface of a database, with the rows of each table to select, insert and update"


def generate(catalog: Catalog, choices: Choices) -> Generated:
    """Return the files for what a caller may know of a database."""
    return _Module(catalog, choices).generated()


class _Module(tables.Module):
    """One writing: each table has an interface of its own."""

    def __init__(self, catalog: Catalog, choices: Choices) -> None:
        super().__init__(catalog, choices)
        self._names = {item.name: self._plan.names.take(f"{item.name}Table") for item in self._models}

    def generated(self) -> Generated:
        """Return the files."""
        blocks = [block for model in self._models for block in self._blocks(model)]
        enums = list(tables.enums(self._plan))
        text = "\n\n".join(blocks)
        names = ("ColumnType", "Generated", "Insertable", "Selectable", "Updateable")
        used = [name for name in names if f"{name}<" in text]
        imports = [_imported(used)] if used else []
        keys = tables.keys(self._plan, self._models)
        lines = [f"  {key(keys[item.relation.key])}: {self._names[item.name]};" for item in self._models]
        database = "\n".join(["export interface Database {", *lines, "}"]) if lines else "export interface Database {}"
        header = tables.header(self._plan, "Kysely's types")
        ends = [f"/** What `new Kysely<Database>` is given. */\n{database}"]
        whole = "\n\n".join([header, *imports, *tables.shapes(text), *enums, *blocks, *ends]) + "\n"
        counts = {"tables": len(self._models), "enums": len(enums)}
        return Generated({"database.ts": whole}, counts, self._plan.left_out)

    def _blocks(self, model: Model) -> list[str]:
        item = model.relation
        table = self._names[model.name]
        lines = []
        for column in item.columns:
            lines += [*comment(column.comment, 1), *self._column(model, column)]
        head = comment(item.comment or f"The columns of {self._plan.shown_name(item.key)}.")
        body = ["export interface " + table + " {", *lines, "}"] if lines else [f"export interface {table} {{}}"]
        aliases = [_alias(model.name, f"Selectable<{table}>")]
        if not model.is_view:
            for kind, wrapper in (("Insert", "Insertable"), ("Update", "Updateable")):
                name = self._plan.names.take(f"{model.name}{kind}", f"{model.name}{kind}Row")
                aliases.append(_alias(name, f"{wrapper}<{table}>"))
        return ["\n".join([*head, *body]), "\n".join(aliases)]

    def _column(self, model: Model, column: Column) -> list[str]:
        item, head = model.relation, f"{key(column.name)}:"
        null = ["null"] if tables.is_null(self._plan, model, column) else []
        selected = [*self._types.selected(item, column), *null]
        if model.is_view or plans.is_given(column):
            return _generic(f"{head} ColumnType", selected, ["never"], ["never"])
        taken = [*self._types.inserted(item, column), *null]
        has_default = self._plan.has_default(column)
        # Kysely knows itself that what may be null need not be written.
        if selected == taken:
            return _generic(f"{head} Generated", selected) if has_default and not null else [union(head, selected, 1)]
        inserted = [*taken, "undefined"] if null or has_default else taken
        return _generic(f"{head} ColumnType", selected, inserted, taken)


def _generic(head: str, *arguments: list[str]) -> list[str]:
    """Return a property whose type has arguments, each a union: in lines of their own where they are too long."""
    line = f"  {head}<{', '.join(map(' | '.join, arguments))}>;"
    # prettier breaks no argument that is one word.
    if columns(line) <= WIDTH or [len(each) for each in arguments] == [1]:
        return [line]
    lines = [_argument(each) for each in arguments]
    return [f"  {head}<", *(f"{each}," for each in lines[:-1]), lines[-1], "  >;"]


def _argument(parts: list[str]) -> str:
    line = f"    {' | '.join(parts)}"
    return line if columns(line) < WIDTH else "\n".join(f"    | {part}" for part in parts)


def _alias(name: str, value: str) -> str:
    line = f"export type {name} = {value};"
    return line if columns(line) <= WIDTH else f"export type {name} =\n  {value};"


def _imported(names: list[str]) -> str:
    line = f'import type {{ {", ".join(names)} }} from "kysely";'
    if columns(line) <= WIDTH:
        return line
    return "\n".join(["import type {", *(f"  {name}," for name in names), '} from "kysely";'])
