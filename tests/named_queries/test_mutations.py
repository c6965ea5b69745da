"""Damaged files: whatever stands in one, it is a query or it has faults within the file; nothing else comes of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from dbmcp.limits import Limits
from dbmcp.named_queries.folders import File
from dbmcp.named_queries.model import Home
from dbmcp.named_queries.parameters import input_schema
from dbmcp.named_queries.reader import QueryReader

ROOT = Path(__file__).parents[2]
DAMAGES = 400
PIECES = [
    *"/*|*/|/*[*/|/*]*/|/*sort[*/|'|\"|$$|$1|?|@x|:p|::|:|--|=|[|]|{|}|\\|#|\"\"\"|'''|,|;|(|)|\0|\ud7ff|é|E'|`".split(
        "|"
    ),
    *"1e999|nan|2026-01-01|[[examples]]\n|[parameters.p]\n|optional=true\n|default=1\n|array=true\n|a.b=1\n".split("|"),
    *['type = "choice"\n', 'options = { a = "x" }\n', 'pattern = "("\n', 'minimum = "today"\n', "\n"],
]


def damaged(seed: int) -> Iterator[str]:
    """Yield sample files with pieces put in, taken out, doubled and mixed."""
    dice = random.Random(seed)
    whole = [path.read_text("utf-8") for path in sorted((ROOT / "queries").rglob("*.sql"))]
    for _ in range(DAMAGES):
        text = dice.choice(whole)
        for _ in range(dice.randint(1, 5)):
            at = dice.randrange(len(text))
            other = dice.choice(whole)
            start = dice.randrange(len(other))
            text = (
                dice.choice(
                    [
                        text[:at] + dice.choice(PIECES) + text[at:],
                        text[:at] + text[at + dice.randint(1, 40) :],
                        text[:at] + other[start : start + dice.randint(1, 80)] + text[at:],
                    ]
                )
                or "/"
            )
        yield text


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_a_damaged_file_is_a_query_or_has_faults_within_it(dialect: str) -> None:
    loaded = 0
    for text in damaged(7):
        reader = QueryReader(File(Path("q.sql"), "q.sql", ""), "q", text, {"main": Home(dialect)}, Limits())
        query, flaws = reader.read()
        assert query is not None or flaws
        assert all(0 <= flaw.offset <= len(text) and flaw.message for flaw in flaws)
        if query is not None and not flaws:
            loaded += 1
            input_schema(query)
            for variant in query.variants.values():
                assert variant.approved["main"].parameters == len(variant.names)
                assert 0 <= variant.offset_in_file(len(variant.text) - 1) <= len(text)
    assert loaded < DAMAGES / 2
