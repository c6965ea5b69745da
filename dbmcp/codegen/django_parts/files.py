"""Files: the models as one file, or as a package of a file for each, with what each imports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dbmcp.codegen.django_parts.helpers import BASE, HELPERS
from dbmcp.codegen.naming import Names
from dbmcp.codegen.python_names import BUILTINS, KEYWORDS
from dbmcp.codegen.python_source import Imports, file_text, literal
from dbmcp.codegen.words import snake

if TYPE_CHECKING:
    from dbmcp.codegen.plan import Plan

_ARRAYS = "For PostgreSQL's own types, INSTALLED_APPS must have django.contrib.postgres."
_STRINGS = re.compile(r'''"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#.*''')
_LONG = re.compile(r"\bLong(\w*Index)\b")
_NAMES = {
    "pg_constraints": ("django.contrib.postgres", "constraints as pg_constraints"),
    "pg_fields": ("django.contrib.postgres", "fields as pg_fields"),
    "pg_indexes": ("django.contrib.postgres", "indexes as pg_indexes"),
    "pg_search": ("django.contrib.postgres", "search as pg_search"),
    "models": ("django.db", "models"),
    "functions": ("django.db.models", "functions"),
    "RawSQL": ("django.db.models.expressions", "RawSQL"),
    "Any": ("typing", "Any"),
}


def _used(text: str) -> set[str]:
    return set(re.findall(r"\w+", _STRINGS.sub(" ", text)))


def _imports(text: str) -> Imports:
    used = _used(text)
    imports = Imports()
    for name in ("decimal", "re"):
        if re.search(rf"\b{name}\.", _STRINGS.sub(" ", text)):
            imports.module(name)
    for name, (module, what) in _NAMES.items():
        if name in used:
            imports.name(module, what)
    return imports


def header(plan: Plan) -> list[str]:
    """Return the lines at the top."""
    remarks = [_ARRAYS] if plan.catalog.dialect == "postgresql" else []
    return plan.header("Models", "What Django cannot say is left out or said otherwise", *remarks)


def _start(base: str, enums: Sequence[str], text: str) -> list[str]:
    """Return what stands before the models: their base, the helpers that they use, the enums."""
    used = _used(text)
    found = [HELPERS[name] for name in HELPERS if name in used and name not in ("LongNames", "ReadOnly")]
    bases = [BASE.format(base=base)]
    if "ReadOnly" in used:
        bases.append(HELPERS["ReadOnly"].format(base=base))
    long = sorted({*_LONG.findall(text)})
    if long:
        found.append(HELPERS["LongNames"])
        for name in long:
            module = "models" if name == "Index" else "pg_indexes"
            found.append(f"class Long{name}(LongNames, {module}.{name}):\n    pass")
    return [*dict.fromkeys(found), *bases, *enums]


def one_file(plan: Plan, enums: Sequence[str], models: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return everything as models.py; `models` are pairs of a class's name and its text."""
    texts = [text for _, text in models]
    blocks = [*_start(plan.choices.base, enums, "\n".join(texts)), *texts]
    return {"models.py": file_text(header(plan), _imports("\n".join(blocks)), blocks)}


def package(plan: Plan, enums: Sequence[str], models: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return a package: base.py, a file for each model, and __init__.py, by which Django finds them all."""
    names = Names({*KEYWORDS, *BUILTINS, "base"}, folds_case=True)
    start = _start(plan.choices.base, enums, "\n".join(text for _, text in models))
    known = re.findall(r"^(?:class )?(\w+)(?=[(:]| = )", "\n".join(start), re.MULTILINE)
    top = [header(plan)[0]]
    files = {"base.py": file_text(top, _imports("\n".join(start)), start)}
    imports = Imports()
    # What __init__ shows besides the models: what a reader of them needs.
    public = [plan.choices.base, *(each.name for each in plan.enums)]
    if "ReadOnly" in known:
        public.append("ReadOnly")
    imports.name(".base", *public)
    for name, text in models:
        stem = names.take(snake(name) or "model")
        own = _imports(text)
        used = _used(text) & {*known}
        if used:
            own.name(".base", *used)
        files[f"{stem}.py"] = file_text(top, own, [text])
        imports.name(f".{stem}", name)
        public.append(name)
    listed = "\n".join(f"    {literal(name)}," for name in sorted(public))
    files["__init__.py"] = file_text(header(plan), imports, [f"__all__ = [\n{listed}\n]"])
    return dict(sorted(files.items()))
