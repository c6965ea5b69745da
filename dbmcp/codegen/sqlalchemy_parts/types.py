"""Types: what stands in a column, the Python type of its values, and the classes for what SQLAlchemy does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from dbmcp.catalog.names import identifier, qualified
from dbmcp.codegen.naming import Names
from dbmcp.codegen.python_source import Bracketed, Source, call, keyword, laid_out, literal, prefixed
from dbmcp.codegen.sqlalchemy_parts import postgresql_types, sqlite_types
from dbmcp.codegen.sqlalchemy_parts.texts import bare, escaped
from dbmcp.codegen.sqlalchemy_parts.written import Written
from dbmcp.codegen.words import snake

if TYPE_CHECKING:
    from dbmcp.catalog.parts import Column
    from dbmcp.catalog.types import DataType, Name, Type
    from dbmcp.codegen.plan import Plan


class Engine(Protocol):
    """What is special about the types of one product."""

    def written(self, item: DataType) -> Written | None:
        """Return a type that SQLAlchemy knows; None for others."""

    def compared(self, text: str) -> str | None:
        """Return what SQLAlchemy's reflection takes a type for that it does not know; None where it says so."""


_ENGINES: dict[str, Engine] = {"postgresql": postgresql_types, "sqlite": sqlite_types}

# What stands in brackets at the end of a type, or of an array of it.
_MODIFIERS = re.compile(r"(\([^()]*\))(?:\[\])*$")
_MODIFIED = """class {name}(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, modifiers: str = "") -> None:
        self.modifiers = modifiers

    def get_col_spec(self, **kw: object) -> str:
        return {text} + self.modifiers"""

_ANNOTATIONS = {"text": "str", "char": "str", "integer": "int", "binary": "bytes"}


class Types:
    """The types of one plan: each with its class or variable, where it needs one."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._engine = _ENGINES[plan.catalog.dialect]
        self._names = {(item.schema, item.name): name for name, item in plan.types}
        self._variables = Names(("_labels",))
        self._variable_of: dict[Name, str] = {}
        self._others: dict[str, str] = {}
        self._with_modifiers: set[str] = set()
        for each in plan.enums:
            self._variable(each.name, (each.type.schema, each.type.name))
        for class_name, item in plan.types:
            if item.kind == "domain":
                self._variable(class_name, (item.schema, item.name))

    def _variable(self, class_name: str, name: Name) -> None:
        self._variable_of[name] = self._variables.take(f"_{snake(class_name)}")

    def of(self, column: Column, *, is_strict: bool = False) -> Written:
        """Return the type of a column; in a strict table of SQLite every column has one."""
        if column.data_type.kind == "any" and not is_strict:
            return Written(self._untyped(), "Any")
        found = self._modified(column) or self.written(column.data_type)
        if column.collation is None:
            return found
        return Written(_collated(found.source, self._collation(column.collation)) or found.source, found.annotation)

    def has_collation(self, column: Column) -> bool:
        """Say whether a column's type says its collation: domains and types without a class of SQLAlchemy's do not."""
        return _collated(self.written(column.data_type).source, ()) is not None

    def _collation(self, name: Name) -> tuple[Source, ...]:
        is_bare = self._is_bare_collation(name)
        return (keyword_collation(name[1]), *(() if is_bare else (keyword("collation_schema", literal(name[0])),)))

    def written(self, item: DataType) -> Written:
        """Return a type."""
        if item.kind == "array" and item.element is not None and item.name not in _VECTORS:
            inner = self.written(item.element)
            return Written(call("pg.ARRAY", inner.source), f"list[{inner.annotation}]")
        name = item.reference
        if name in self._variable_of and name is not None:
            return Written(self._variable_of[name], self._annotation_of(name))
        if name in self._names and name is not None:
            return Written(self._names[name], "Any")
        return self._usual(item) or self._other(item)

    def _annotation_of(self, name: Name) -> str:
        if name in self._plan.enum_of:
            return self._plan.enum_of[name].name
        return self.written(self._plan.catalog.types_by_name[name].data_type).annotation

    def _usual(self, item: DataType) -> Written | None:
        if item.reference is not None and not self._is_bare(item.reference):
            return None
        return self._engine.written(item)

    def _is_bare(self, name: Name | None) -> bool:
        return name is None or name[0] == self._plan.catalog.default_schema

    def _other(self, item: DataType) -> Written:
        """Return a type of a class of its own."""
        key = item.reference or ("", item.name)
        class_name = self._plan.other_types.get(key) or self._extra(item)
        # Without a length "character" would hold one sign.
        own = "bpchar" if item.kind == "char" and item.length is None else item.name
        self._others[class_name] = self.sql_name(key) if item.reference else own
        return Written(class_name, _ANNOTATIONS.get(item.kind, "Any"))

    def _modified(self, column: Column) -> Written | None:
        """Return a type of a class of its own with what stands in brackets behind its name: geometry(Point,4326)."""
        element = column.data_type.element or column.data_type
        found = _MODIFIERS.search(column.type) if element.kind == "other" and "(" in column.type else None
        inner = self.written(element)
        if found is None or inner.source not in self._others:
            return None
        self._with_modifiers.add(str(inner.source))
        made = Written(call(str(inner.source), literal(found[1])), inner.annotation)
        if column.data_type.element is None:
            return made
        return Written(call("pg.ARRAY", made.source), f"list[{made.annotation}]")

    def _untyped(self) -> str:
        """Return the class for columns that are declared without a type."""
        known = next((name for name, text in self._others.items() if not text), None)
        class_name = known or self._plan.names.take("Untyped")
        self._others[class_name] = ""
        return class_name

    def _extra(self, item: DataType) -> str:
        known = next((name for name, text in self._others.items() if text == item.name), None)
        return known or self._plan.names.take(self._plan.style.class_name(item.name) or "Type")

    def sql_name(self, name: Name) -> str:
        """Return the name of a type as SQL has it, bare in the default schema."""
        return identifier(name[1]) if self._is_bare(name) else qualified(*name)

    def schema(self, name: Name) -> str | None:
        """Return the schema of a thing as a literal, None for the default one."""
        return None if self._is_bare(name) else literal(name[0])

    @property
    def names(self) -> set[str]:
        """Return the names of the classes and variables."""
        enums = {each.name for each in self._plan.enums}
        classes = {name for name, item in self._plan.types if item.kind != "domain"}
        return enums | classes | {*self._variable_of.values(), *self._others}

    def enum_blocks(self) -> Iterator[str]:
        """Return the enums' classes."""
        for each in self._plan.enums:
            members = [f"    {name} = {literal(label)}" for name, label in each.members]
            yield "\n".join([f"class {each.name}(_enum.Enum):", *(members or ["    pass"])])

    def type_blocks(self) -> Iterator[str]:
        """Return the classes and variables of types, each after what it is made of; to be asked for last."""
        made = [self._block(class_name, item) for class_name, item in self._plan.types]
        for class_name, text in sorted(self._others.items()):
            if class_name in self._with_modifiers:
                yield _MODIFIED.format(name=class_name, text=literal(text))
            else:
                yield _user_defined(class_name, text, self._engine.compared(text))
        if any(item.kind == "domain" for _, item in self._plan.types):
            yield _DOMAIN
        if self._plan.enums:
            yield _LABELS
        enums = [self._enum_variable(each.name, each.type) for each in self._plan.enums]
        if enums:
            yield "\n".join(enums)
        yield from made

    def _enum_variable(self, class_name: str, item: Type) -> str:
        name = (item.schema, item.name)
        arguments = {"name": literal(item.name), "schema": self.schema(name), "values_callable": "_labels"}
        return laid_out(prefixed(f"{self._variable_of[name]} = ", call("sa.Enum", class_name, **arguments)))

    def _block(self, class_name: str, item: Type) -> str:
        name = (item.schema, item.name)
        if item.kind != "domain":
            return _user_defined(class_name, self.sql_name(name))
        return laid_out(prefixed(f"{self._variable_of[name]} = ", self._domain(item)))

    def _domain(self, item: Type) -> Source:
        default_schema = self._plan.catalog.default_schema
        checks = [check for check in item.checks if check.validated]
        one = checks[0] if len(checks) == 1 else None
        own_collation = item.collation if item.collation and self._is_bare_collation(item.collation) else None
        default = literal(escaped(bare(item.default, default_schema))) if item.default is not None else None
        return call(
            "_Domain",
            literal(item.name),
            self.written(item.data_type).source,
            schema=self.schema((item.schema, item.name)),
            collation=literal(own_collation[1]) if own_collation else None,
            default=default,
            not_null="True" if item.not_null else None,
            constraint_name=literal(one.name) if one else None,
            check=literal(escaped(bare(one.expression, default_schema))) if one else None,
            # The prelude makes it, with all that a domain may have.
            create_type="False",
        )

    def _is_bare_collation(self, name: Name) -> bool:
        return name[0] in ("", "pg_catalog", self._plan.catalog.default_schema)


# Arrays of the engine's own catalog, which are no arrays to SQLAlchemy.
_VECTORS = ("oidvector", "int2vector")
_TEXTS = ("sa.Text", "sa.String", "sa.CHAR")


def _collated(source: Source, collation: tuple[Source, ...]) -> Source | None:
    """Return a type with arguments that name a collation; None where it takes none."""
    if isinstance(source, str):
        return call(source, *collation) if source in _TEXTS else None
    if source.head == "pg.ARRAY":
        inner = _collated(source.parts[0], collation)
        return None if inner is None else call("pg.ARRAY", inner)
    return Bracketed(source.head, (*source.parts, *collation)) if source.head in _TEXTS else None


def keyword_collation(name: str) -> str:
    """Return the argument that names a collation."""
    return f"collation={literal(name)}"


_DOMAIN = """class _Domain(pg.DOMAIN):
    # SQLAlchemy leaves unsaid which operators the values of a domain have: any.
    operator_classes = sa.types.UserDefinedType.operator_classes"""

_LABELS = '''def _labels(members: type[_enum.Enum]) -> list[str]:
    """Return what the database calls the members."""
    return [str(member.value) for member in members]'''


def _user_defined(class_name: str, text: str, compared: str | None = None) -> str:
    """Return the class of a type that SQLAlchemy does not know; `compared` is what reflection takes it for."""
    top = f"class {class_name}(sa.types.UserDefinedType[Any]):\n    cache_ok = True\n\n"
    head = "    def get_col_spec(self, **kw: object) -> str:\n"
    if compared is None:
        return f"{top}{head}        return {literal(text)}"
    reason = f"        # Reflection takes it for {compared}, which is what it is compared with.\n"
    choice = f'        return {literal(text)} if "type_expression" in kw else {literal(compared)}'
    return f"{top}{head}{reason}{choice}"
