"""TypeScript: interfaces of the rows of each table, of what INSERT and UPDATE take, and its keys as typed data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen import plan as plans
from dbmcp.codegen.base import Generated
from dbmcp.codegen.typescript_parts import tables
from dbmcp.codegen.typescript_parts.source import Data, comment, data, key, literal

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.codegen.base import Choices
    from dbmcp.codegen.links import Link
    from dbmcp.codegen.plan import Model

DESCRIPTION = "TypeScript interfaces for SELECT, INSERT and UPDATE, with keys and relations as typed data"

_METADATA = """/** How the rows of a table lead to those of another. */
export interface Relation {
  readonly kind: "one to one" | "one to many" | "many to one";
  readonly table: string;
  readonly columns: readonly string[];
  readonly references: readonly string[];
}

/** What is known of a table; a view has no keys. */
export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly relations: { readonly [name: string]: Relation };
}"""


def generate(catalog: Catalog, choices: Choices) -> Generated:
    """Return the files for what a caller may know of a database."""
    return _Module(catalog, choices).generated()


class _Module(tables.Module):
    """One writing: each table's interfaces are found again by its name."""

    def __init__(self, catalog: Catalog, choices: Choices) -> None:
        super().__init__(catalog, choices)
        self._keys = tables.keys(self._plan, self._models)
        self._variants: dict[str, dict[str, Data]] = {}

    def generated(self) -> Generated:
        """Return the files."""
        blocks = [block for model in self._models for block in self._interfaces(model)]
        enums = list(tables.enums(self._plan))
        shapes = list(tables.shapes("\n".join(blocks)))
        metadata = {self._keys[item.relation.key]: self._metadata(item) for item in self._models}
        ends = [
            _METADATA,
            "/** The keys and relations of every table, by the name that a statement would use. */\n"
            + data("export const tables = ", metadata, tail=" as const satisfies { readonly [name: string]: Table };"),
            "/** The types of every table, by the name that a statement would use. */\n" + self._map(),
        ]
        header = tables.header(self._plan, "Types")
        text = "\n\n".join([header, *shapes, *enums, *blocks, *ends]) + "\n"
        counts = {"interfaces": len(blocks), "tables": len(self._models), "enums": len(enums)}
        return Generated({"models.ts": text}, counts, self._plan.left_out)

    def _interfaces(self, model: Model) -> list[str]:
        item = model.relation
        shown = self._plan.shown_name(item.key)
        variants: dict[str, Data] = {"select": model.name}
        self._variants[self._keys[item.key]] = variants
        selected = []
        for column in item.columns:
            null = ["null"] if tables.is_null(self._plan, model, column) else []
            selected += tables.property_lines(column, [*self._types.selected(item, column), *null])
        blocks = [_interface(model.name, item.comment or f"A row of {shown}.", selected)]
        if model.is_view:
            return blocks
        for kind in ("Insert", "Update"):
            name = self._plan.names.take(f"{model.name}{kind}", f"{model.name}{kind}Row")
            variants[kind.lower()] = name
            said = f"What an {kind.upper()} of {shown} takes."
            blocks.append(_interface(name, said, self._written(model, is_update=kind == "Update")))
        return blocks

    def _written(self, model: Model, *, is_update: bool) -> list[str]:
        lines = []
        for column in model.relation.columns:
            if plans.is_given(column):
                continue
            is_null = not self._plan.is_needed(column)
            is_optional = is_update or is_null or self._plan.has_default(column)
            parts = [*self._types.inserted(model.relation, column), *(["null"] if is_null else [])]
            lines += tables.property_lines(column, parts, is_optional=is_optional)
        return lines

    def _metadata(self, model: Model) -> dict[str, Data]:
        item = model.relation
        uniques = [names for key in item.constraints if key.kind == "unique" if (names := _literals(key.columns))]
        return {
            "schema": literal(item.schema),
            "name": literal(item.name),
            "kind": literal(item.kind),
            "primaryKey": _literals(item.primary_key),
            "uniqueKeys": uniques,
            "relations": {link.name: self._relation(link) for link in model.links},
        }

    def _relation(self, link: Link) -> dict[str, Data]:
        own, others = link.key.columns, link.key.target_columns
        if not link.is_owner:
            own, others = others, own
        return {
            "kind": literal(link.kind),
            "table": literal(self._keys[link.target]),
            "columns": _literals(own),
            "references": _literals(others),
        }

    def _map(self) -> str:
        lines = ["export interface Tables {"]
        for name, variants in self._variants.items():
            inner = "; ".join(f"{kind}: {value}" for kind, value in variants.items())
            line = f"  {key(name)}: {{ {inner} }};"
            if len(line) > 80:
                parts = [f"    {kind}: {value};" for kind, value in variants.items()]
                line = "\n".join([f"  {key(name)}: {{", *parts, "  };"])
            lines.append(line)
        return "\n".join([*lines, "}"]) if len(lines) > 1 else "export interface Tables {}"


def _literals(names: tuple[str, ...]) -> list[str]:
    return [literal(name) for name in names]


def _interface(name: str, said: str, lines: list[str]) -> str:
    head = [*comment(said), f"export interface {name} {{"]
    return "\n".join([*head, *lines, "}"]) if lines else "\n".join([*head[:-1], f"export interface {name} {{}}"])
