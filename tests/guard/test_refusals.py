"""What a refusal says: the place, in words that can be read, and never a literal of the statement."""

from __future__ import annotations

import pytest

from dbmcp.errors import StatementRejected
from dbmcp.guard import approve

DIALECTS = ("postgresql", "sqlite")


def refusal(text: str, dialect: str) -> str:
    with pytest.raises(StatementRejected) as caught:
        approve(text, dialect)
    return str(caught.value)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "text",
    [
        "DROP TABLE 'hunter2'",
        "SET x = E'\\'hunter2'",
        "SET x = e'\\', y = 'hunter2'",
        "SET x = $q$ it's hunter2 $q$",
        "SET /* it's */ x = 'hunter2'",
        "SET -- it's\n x = 'hunter2'",
        "SET \"it's\" = 'hunter2'",
        "SET x = '/* ' || 'hunter2'",
        "SET x = 'it''s hunter2",
    ],
)
def test_a_refusal_repeats_no_literal(dialect: str, text: str) -> None:
    assert "hunter2" not in refusal(text, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "text", ["SELECT {}(1)", 'SELECT "{}"(1)', "SELECT * FROM pg_temp_{}.a, temp.{}", "{} SELECT 1"]
)
def test_a_refusal_of_a_long_name_can_be_read(dialect: str, text: str) -> None:
    said = refusal(text.replace("{}", "n" * 20_000), dialect)
    assert "nnnnn" in said
    assert len(said) < 700


def test_a_quoted_name_is_shown_and_a_literal_beside_it_is_blanked() -> None:
    said = refusal("SELECT \"my name\", 'my text', my_function(1)", "postgresql")
    assert '"my name", ·········, my_function(1)\n' in said


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", ["SELECT 1;AS", "VALUES (9, 0), (1, NULL); AS", "SELECT 1;;)"])
def test_what_stands_behind_a_semicolon_is_refused_even_where_it_makes_no_statement(dialect: str, text: str) -> None:
    assert "line 1, column" in refusal(text, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", ["SELECT 1;", "SELECT 1 ; ; -- done", "SELECT ';' AS a;"])
def test_semicolons_that_close_a_statement_do_no_harm(dialect: str, text: str) -> None:
    assert approve(text, dialect).text.startswith("SELECT")


@pytest.mark.parametrize("ending", ["\xa0", "\u2003;", "; \u3000 -- c", "{# c #}"])
def test_what_only_sqlglot_takes_for_nothing_is_refused_behind_a_statement(ending: str) -> None:
    assert "remove what stands there" in refusal(f"SELECT 1 {ending}", "sqlite").lower()
    assert approve("SELECT '\xa0' AS a -- \xa0\n; /* \u3000 */", "sqlite").text == "SELECT '\xa0' AS a"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT xpath('//a//a//b', doc) FROM room",
        "SELECT xpath_exists(path, doc) FROM room",
        "SELECT pg_catalog.xpath('/' || '/a', doc) FROM room",
        "SELECT xpath('descendant::a/descendant::b', doc) FROM room",
        "SELECT xmlexists('//a//b' PASSING BY VALUE doc) FROM room",
        "SELECT x.* FROM room, XMLTABLE('//a//b' PASSING doc COLUMNS n integer PATH '@n') AS x",
        "SELECT x.* FROM room, XMLTABLE('/a' PASSING doc COLUMNS n integer PATH './/b//c') AS x",
    ],
)
def test_a_path_through_xml_that_may_never_end_is_refused(text: str) -> None:
    assert refusal(text, "postgresql").startswith("An XPath expression must be a literal")


def test_a_path_through_xml_that_names_its_steps_passes() -> None:
    sql = "SELECT xpath('//bed/@size', doc), xpath('/a/b', doc) FROM room"
    assert approve(sql, "postgresql").functions == {"xpath"}


def test_a_select_behind_a_join_is_told_to_stand_in_parentheses() -> None:
    told = refusal("SELECT * FROM a JOIN b JOIN SELECT 1 AS x ON true", "sqlite")
    assert told.startswith("A SELECT after JOIN needs parentheses (line 1, column 29).")
    approve("SELECT * FROM a JOIN b JOIN (SELECT 1 AS x) AS c ON true UNION ALL SELECT 1, 2, 3", "sqlite")
