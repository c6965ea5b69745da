"""Named queries as text: found by words, a line each, or one in detail. Every list is bounded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dbmcp.catalog.render import bounded, one_line
from dbmcp.catalog.words import hit, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dbmcp.named_queries.model import Library, NamedQuery, Parameter

# How much a hit counts, by where it is found.
_NAME, _TITLE, _TAGS, _DESCRIPTION, _PARAMETER = 8.0, 6.0, 5.0, 3.0, 1.5
# A question is longer than this only by mistake, and every word is held against every query.
MAX_TEXT, _MAX_WORDS = 300, 10
# The best matches; whoever wants the rest asks more narrowly.
_FEW = 20
_VALUES = 12
# Words that every question has and no query is about.
_EMPTY = frozenset(
    """a about all an and are as at be by can did do does find for from get give had has have how i in is it list me my
    of on or our please query show that the their them there these this to us was we were what when where which who
    with you""".split()
)


def search(library: Library, text: str) -> list[NamedQuery]:
    """Return the queries that match some of the words, best first; all of them, by name, without a word."""
    said = dict.fromkeys(words(text))
    wanted = [word for word in said if word not in _EMPTY][:_MAX_WORDS] or list(said)[:_MAX_WORDS]
    if not wanted:
        return list(library.queries.values())
    placed = [(query, _places(query)) for query in library.queries.values()]
    # Each word is held against each other one once, and not against those of a thousand queries.
    vocabulary = {word for _, places in placed for _, found in places for word in found}
    near = {
        word: {other: score for other in vocabulary if other != word and (score := hit(word, [other])) > 0}
        for word in wanted
    }
    scored = [(score, query) for query, places in placed if (score := _score(query, places, near)) > 0]
    scored.sort(key=lambda item: (-item[0], item[1].name))
    return [query for _, query in scored[:_FEW]]


def _places(query: NamedQuery) -> list[tuple[float, list[str]]]:
    shown = " ".join(item.name for item in query.parameters.values() if not item.is_hidden)
    places = [
        (_NAME, query.name),
        (_TITLE, query.title or ""),
        (_TAGS, " ".join((*query.tags, query.group))),
        (_DESCRIPTION, f"{query.description} {query.search_hint or ''}"),
        (_PARAMETER, shown),
    ]
    return [(weight, found) for weight, text in places if (found := words(text))]


def _score(query: NamedQuery, places: list[tuple[float, list[str]]], near: Mapping[str, Mapping[str, float]]) -> float:
    best = [
        max((weight * _hit(word, found, others) for weight, found in places), default=0)
        for word, others in near.items()
    ]
    # A query that answers to more of the words comes before one that answers loudly to a single one.
    answered = sum(1 for score in best if score > 0)
    score = sum(best) * answered / len(best)
    return score / 2 if query.deprecated else score


def _hit(word: str, found: list[str], others: Mapping[str, float]) -> float:
    if word in found:
        return hit(word, found)
    return max((others.get(other, 0.0) for other in found), default=0.0)


def lines(queries: Sequence[NamedQuery], max_bytes: int) -> str:
    """Return a line for each query: `name(parameter: type, optional?: type, other: type = default) -- description`."""
    return bounded([line_of(query) for query in queries], max_bytes, "more, or rarer, words")


def names(queries: Sequence[NamedQuery], max_bytes: int) -> str:
    """Return a line for each query, without its parameters."""
    return bounded([f"{query.name} -- {about(query, 120)}" for query in queries], max_bytes, "words to narrow it")


def line_of(query: NamedQuery) -> str:
    """Return one query as a line."""
    shown = [_brief(item) for item in query.parameters.values() if not item.is_hidden]
    if len(query.databases) > 1:
        shown.append(f"database: {'|'.join(query.databases)}")
    return f"{query.name}({', '.join(shown)}) -- {about(query)}"


def about(query: NamedQuery, limit: int = 200) -> str:
    """Return the first line of a query's description, and that it is deprecated where it is."""
    return one_line(query.description, limit) + (
        f" [deprecated: {one_line(query.deprecated)}]" * bool(query.deprecated)
    )


def detail(query: NamedQuery) -> str:
    """Return all that a caller, and whoever keeps the file, may want to know of a query, its text included."""
    facts: Iterable[tuple[str, Any]] = (
        ("title", query.title),
        ("file", query.file),
        ("group", query.group),
        ("databases", ", ".join(query.databases)),
        ("tags", ", ".join(query.tags)),
        ("output", query.output if query.output != "text" else None),
        ("rate", query.rate),
        ("limits", ", ".join(_limits(query))),
        ("cache", f"{query.cache_seconds:g} s" if query.cache_seconds else None),
        ("scopes", ", ".join(query.scopes)),
        ("variants", len(query.variants) if len(query.variants) > 1 else None),
        ("deprecated", query.deprecated),
        ("loaded always", "yes" if query.always_load else None),
        ("search hint", query.search_hint),
    )
    head = [line_of(query), *(f"  {name}: {value}" for name, value in facts if value)]
    for item in query.parameters.values():
        note = f"from the claim {item.claim}" if item.is_hidden else item.description
        said = "; ".join([*([one_line(note)] if note else ()), *_rules(item)])
        head.append(f"  {_brief(item)}{f' -- {said}' if said else ''}")
    return "\n".join([*head, "", query.text.strip()])


def _limits(query: NamedQuery) -> list[str]:
    own = query.limits
    shown = ((own.rows, "rows"), (own.bytes, "bytes"), (own.seconds, "s"))
    return [f"{limit:g} {unit}" if unit == "s" else f"{limit} {unit}" for limit, unit in shown if limit is not None]


def _rules(parameter: Parameter) -> list[str]:
    """Return what is asked of a parameter's values, beside their type."""
    rules = (
        ("from {}", parameter.minimum),
        ("to {}", parameter.maximum),
        ("length from {}", parameter.min_length),
        ("length to {}", parameter.max_length),
        ("matches {}", parameter.pattern),
        ("items from {}", parameter.min_items),
        ("items to {}", parameter.max_items),
    )
    return [text.format(rule) for text, rule in rules if rule is not None]


def _brief(parameter: Parameter) -> str:
    known = parameter.values or tuple(parameter.options)
    kind = "|".join(known[:_VALUES]) + ("|…" if len(known) > _VALUES else "") if known else parameter.type
    if parameter.array:
        kind = f"[{kind}]"
    default = "" if parameter.default is None else f" = {_written(parameter.default)}"
    mark = "?" if not parameter.is_required and not default and not parameter.is_hidden else ""
    return f"{parameter.name}{mark}: {kind}{default}"


def _written(default: Any) -> str:
    return default if isinstance(default, str) else json.dumps(default, ensure_ascii=False)
