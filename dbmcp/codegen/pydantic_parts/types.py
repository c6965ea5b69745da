"""The types of a plan as annotations that Pydantic checks, and the classes and aliases that these need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dbmcp.codegen.naming import Names
from dbmcp.codegen.pydantic_parts import checks
from dbmcp.codegen.pydantic_parts.texts import Attribute, docstring, field_line
from dbmcp.codegen.python_source import call, comment, laid_out, literal, prefixed, several

if TYPE_CHECKING:
    from dbmcp.catalog.types import DataType, Type
    from dbmcp.codegen.plan import EnumClass, Plan
    from dbmcp.codegen.python_source import Imports, Source

_SIMPLE = {
    "boolean": "bool",
    "integer": "int",
    "float": "float",
    "decimal": "_decimal.Decimal",
    "money": "str",
    "text": "str",
    "char": "str",
    "binary": "bytes",
    "date": "_dt.date",
    "time": "_dt.time",
    "timestamp": "_dt.datetime",
    "interval": "_dt.timedelta",
    "uuid": "_uuid.UUID",
    "json": "JsonValue",
    "xml": "str",
    "bits": "str",
    "any": "int | float | str | bytes",
}
_OTHER = {
    "inet": "IPvAnyInterface",
    "cidr": "IPvAnyNetwork",
    "oid": "int",
    "xid": "int",
    "xid8": "int",
    "cid": "int",
    "hstore": "dict[str, str | None] | str",
}
# What is a text wherever it is read, so that nothing is lost by it.
_TEXTS = frozenset("macaddr macaddr8 tsvector tsquery jsonpath regclass regconfig regtype regproc regprocedure".split())
_AS_TEXT = "types whose values are texts here"
_INNER = {"int4": "int", "int8": "int", "num": "_decimal.Decimal", "date": "_dt.date"}
_MODULES = {"_dt.": "datetime", "_decimal.": "decimal", "_uuid.": "uuid"}


class Types:
    """One writing of types: what they need is imported or made once it is asked for."""

    def __init__(self, plan: Plan, imports: Imports) -> None:
        self._plan = plan
        self._imports = imports
        self._names = {(item.schema, item.name): name for name, item in plan.types}
        self.has_ranges = False
        self.has_multiranges = False

    def annotation(self, item: DataType) -> str:
        """Return what a value is when it is not null."""
        found = self._annotation(item)
        self.use(found)
        return found

    def use(self, text: str) -> None:
        """Import what a text is made of."""
        for alias, module in _MODULES.items():
            if alias in text:
                self._imports.module(module, alias.rstrip("."))
        for name in ("IPvAnyInterface", "IPvAnyNetwork", "JsonValue"):
            if name in text:
                self._imports.name("pydantic", name)

    def _annotation(self, item: DataType) -> str:
        if item.kind == "array" and item.element is not None:
            inner = self.annotation(item.element)
            return f"list[{inner} | None]" if not self._is_needed(item.element) else f"list[{inner}]"
        if item.reference and item.reference in self._plan.enum_of:
            return self._plan.enum_of[item.reference].name
        known = self._plan.catalog.types_by_name.get(item.reference) if item.reference else None
        if item.kind in ("range", "multirange"):
            return self._range(item, known)
        if item.reference and item.reference in self._names:
            return self._names[item.reference]
        if item.kind == "other" and self._plan.catalog.dialect == "sqlite":
            return _SIMPLE["any"]
        if item.kind in _SIMPLE:
            return _SIMPLE[item.kind]
        name = item.reference[1] if item.reference else item.name
        if name not in _OTHER and name not in _TEXTS:
            self._plan.leave_out(_AS_TEXT, self._plan.shown_name(item.reference or ("", name)))
        return _OTHER.get(name, "str")

    def _is_needed(self, item: DataType) -> bool:
        known = self._plan.catalog.types_by_name.get(item.reference) if item.reference else None
        return known is not None and known.kind == "domain" and (known.not_null or self._is_needed(known.data_type))

    def _range(self, item: DataType, known: Type | None) -> str:
        base = item.name.replace("multirange", "").replace("range", "")
        if known is not None:
            inner = self.annotation(known.data_type)
        elif item.reference is None:
            inner = _INNER.get(base, "_dt.datetime")
        else:
            self._plan.leave_out(_AS_TEXT, self._plan.shown_name(item.reference))
            return "str"
        self.has_ranges = True
        self.has_multiranges = self.has_multiranges or item.kind == "multirange"
        return f"{'Range' if item.kind == 'range' else 'Multirange'}[{inner}]"

    def blocks(self) -> Iterator[str]:
        """Return enums, domains and composites, each after what it is made of."""
        for each in self._plan.enums:
            yield self._enum(each)
        for name, item in self._plan.types:
            if item.kind == "domain":
                yield self._domain(name, item)
            elif item.kind == "composite":
                yield self._composite(name, item)

    def _enum(self, item: EnumClass) -> str:
        self._imports.module("enum", "_enum")
        doc = docstring(item.type.comment or f"The values of {self._shown(item.type)}.", 1)
        members = [laid_out(f"{name} = {literal(label)}", 1) for name, label in item.members]
        return "\n".join([f"class {item.name}(_enum.StrEnum):", doc, *(["", *members] if members else [])])

    def _domain(self, name: str, item: Type) -> str:
        base = self.annotation(item.data_type)
        bounds: dict[str, Source] = dict(self.lengths(item.data_type))
        for check in item.checks:
            found = checks.limits(check.expression, "VALUE", item.data_type.kind)
            if not self._plan.choices.constraints or not check.validated:
                continue
            if not found.is_whole or (found.labels and base != "str"):
                self._plan.leave_out("checks of domains", f"{check.name} of {self._shown(item)}")
            bounds |= {key: value for key, value in found.bounds.items() if key not in bounds}
            if found.labels and base == "str":
                self._imports.name("typing", "Literal")
                bounds, base = {}, f"Literal[{', '.join(map(literal, found.labels))}]"
                break
        for value in bounds.values():
            self.use(str(value))
        self._imports.name("typing", "TypeAlias")
        said = list(comment(item.comment or f"The domain {self._shown(item)}."))
        return "\n".join([*said, *self._alias(name, base, bounds)])

    def _alias(self, name: str, base: str, bounds: dict[str, Source]) -> Iterator[str]:
        value: Source = base
        if bounds:
            self._imports.name("typing", "Annotated")
            self._imports.name("pydantic", "Field")
            parts = (base, call("Field", **bounds))
            value = several(parts)
            value = prefixed("Annotated", value)
        elif base.startswith("Literal["):
            value = prefixed("Literal", several([base[len("Literal[") : -1]]))
        yield laid_out(prefixed(f"{name}: TypeAlias = ", value))

    def _composite(self, name: str, item: Type) -> str:
        style = self._plan.style
        names = Names(style.taken_class, suffix=style.suffix)
        wishes = [
            (part.name, part.name, (style.attribute(part.name) or style.attribute(f"attribute_{place}"),))
            for place, part in enumerate(item.attributes, start=1)
        ]
        given = names.take_all(wishes)
        lines = []
        for part in item.attributes:
            known = Attribute(given[part.name], f"{self.annotation(part.data_type)} | None", part.name, part.comment)
            lines.append(field_line(self._imports, known))
        doc = docstring(item.comment or f"A value of {self._shown(item)}.", 1)
        return "\n".join([f"class {name}(Composite):", doc, *(["", *lines] if lines else [])])

    def _shown(self, item: Type) -> str:
        return self._plan.shown_name((item.schema, item.name))

    def lengths(self, item: DataType) -> Iterator[tuple[str, str]]:
        """Return the limits that a type has itself; SQLite holds no value to them."""
        if self._plan.catalog.dialect != "postgresql":
            return
        if item.kind in ("text", "char") and item.length is not None:
            yield "max_length", str(item.length)
        elif item.kind == "decimal" and item.precision is not None and 0 <= (item.scale or 0) <= item.precision:
            yield "max_digits", str(item.precision)
            yield "decimal_places", str(item.scale or 0)
