"""Django: a model of each table and view, of a database that is not Django's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dbmcp.codegen import plan as plans
from dbmcp.codegen.base import Generated
from dbmcp.codegen.django_parts import files, left_out
from dbmcp.codegen.django_parts.fields import Fields, on_delete
from dbmcp.codegen.django_parts.layout import assigned
from dbmcp.codegen.django_parts.meta import Meta
from dbmcp.codegen.django_parts.names import django_style
from dbmcp.codegen.django_parts.relations import Joined, Relation, Shape, shapes
from dbmcp.codegen.python_source import Source, call, comment, literal, several

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.codegen.base import Choices
    from dbmcp.codegen.plan import EnumClass

DESCRIPTION = "Django models, unmanaged, with relations both ways, constraints and indexes"


def generate(catalog: Catalog, choices: Choices) -> Generated:
    """Return the files for what a caller may know of a database."""
    catalog, refused = left_out.without_dollars(catalog)
    plan = plans.build(catalog, choices, django_style(choices))
    for key, name in refused:
        if not name or key in plan.by_relation:
            plan.leave_out("names with a dollar sign, which Django refuses", name or plan.shown_name(key))
    return _Module(plan).generated()


class _Module:
    """One writing."""

    def __init__(self, plan: plans.Plan) -> None:
        self._plan = plan
        self._shapes = shapes(plan)
        self._fields = Fields(plan, self._shapes)
        self._meta = Meta(plan)

    def generated(self) -> Generated:
        """Return the files."""
        models = [(shape.model.name, self._class(shape)) for shape in self._shapes.values()]
        left_out.note(self._plan, self._shapes)
        enums = [_enum(each) for each in self._plan.enums]
        write = files.package if self._plan.choices.is_package else files.one_file
        shapes_ = self._shapes.values()
        counts = {
            "models": len(models),
            "relations": sum(len(each.keys) + len(each.objects) + len(each.joined) for each in shapes_),
            "enums": len(enums),
        }
        return Generated(write(self._plan, enums, models), counts, self._plan.left_out)

    def _class(self, shape: Shape) -> str:
        model = shape.model
        parent = "ReadOnly" if shape.is_read_only else self._plan.choices.base
        lines = [f"class {model.name}({parent}):"]
        # PostgreSQL's comments are the table's and the columns' own.
        is_said = self._plan.catalog.dialect == "postgresql"
        lines += _comment(None if is_said else model.relation.comment)
        if len(shape.identity) > 1:
            names = [literal(shape.attribute(column)) for column in shape.identity]
            lines.append(assigned("pk", call("models.CompositePrimaryKey", *names), 1))
        for item in model.fields:
            lines += _comment(None if is_said else item.column.comment)
            name = shape.field_name(item.column.name)
            lines.append(assigned(name, self._fields.field(shape, item), 1))
        lines += [assigned(each.name, self._object(shape, each), 1) for each in shape.objects]
        lines += [assigned(each.name, self._joined(shape, each), 1) for each in shape.joined]
        return "\n".join([*lines, "", self._meta.text(shape)])

    def _object(self, shape: Shape, relation: Relation) -> Source:
        target = self._shapes[relation.link.target]
        key = relation.link.key
        return call(
            "models.ForeignObject",
            literal("self" if target is shape else target.model.name),
            on_delete(relation),
            from_fields=several(literal(shape.field_name(column)) for column in key.columns),
            to_fields=several(literal(target.field_name(column)) for column in key.target_columns),
            related_name=literal(relation.related_name),
            null="True" if relation.link.is_optional else None,
        )

    def _joined(self, shape: Shape, joined: Joined) -> Source:
        target, through = self._shapes[joined.target], self._shapes[joined.through]
        ends = (shape.model.relation.key, joined.target)
        leading = [each for each in (*through.keys.values(), *through.objects) if each.link.target in ends]
        fields = several([literal(joined.near.name), literal(joined.far.name)], "()") if len(leading) > 2 else None
        is_self = target is shape
        fields = several([literal(joined.near.name), literal(joined.far.name)], "()") if is_self else fields
        return call(
            "models.ManyToManyField",
            literal("self" if is_self else target.model.name),
            through=literal(through.model.name),
            through_fields=fields,
            related_name=literal(joined.related_name),
            symmetrical="False" if is_self else None,
        )


def _comment(text: str | None) -> Iterator[str]:
    if text:
        yield from (f"    {line}" for line in comment(text))


def _enum(item: EnumClass) -> str:
    members = [assigned(name, literal(label), 1) for name, label in item.members]
    return "\n".join([f"class {item.name}(models.TextChoices):", *(members or ["    pass"])])
