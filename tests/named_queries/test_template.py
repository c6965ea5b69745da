"""The SQL of a file: where parameters, optional parts and choices are, and which texts they make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.named_queries.files import faults_in, query_of, sql_file

A = '[parameters.a]\ntype = "integer"\n'
OPTIONAL_A = f"{A}optional = true\n"
OPTIONAL_B = '[parameters.b]\ntype = "text"\noptional = true\n'.replace("text", "string")
SORT = '[parameters.sort]\ntype = "choice"\ndefault = "up"\noptions = { up = "x ASC", down = "x DESC" }\n'


def texts(folder: Path, header: str, sql: str, dialect: str = "postgresql") -> list[tuple[str, tuple[str, ...]]]:
    """Return every variant: its text with blanks made single, and the names of its placeholders."""
    query = query_of(folder, sql_file(header, sql), dialect)
    return [(" ".join(variant.text.split()), variant.names) for variant in query.variants.values()]


@pytest.mark.parametrize(
    "dialect, sql, text",
    [
        ("postgresql", "SELECT :a, :a + 1", "SELECT $1, $1 + 1"),
        ("sqlite", "SELECT :a, :a + 1", "SELECT ?1, ?1 + 1"),
        ("postgresql", "SELECT :a::text, 'x :b', \"y:b\"", "SELECT $1::text, 'x :b', \"y:b\""),
        ("postgresql", "SELECT :a -- :b\n, 1 /* :b /* :b */ :b */", "SELECT $1 -- :b , 1"),
        ("postgresql", "SELECT $$:b$$, $x$:b$$ :b$x$, :a", "SELECT $$:b$$, $x$:b$$ :b$x$, $1"),
        ("postgresql", "SELECT E'it\\'s :b', 'back\\', :a", "SELECT E'it\\'s :b', 'back\\', $1"),
        ("postgresql", "SELECT U&'\\0061:b', e'\\\\', :a", "SELECT U&'\\0061:b', e'\\\\', $1"),
        ("postgresql", "SELECT (ARRAY[1,2])[1:2], (ARRAY[1])[x::int], :a FROM (SELECT 1 AS x) AS t",
         "SELECT (ARRAY[1,2])[1:2], (ARRAY[1])[x::int], $1 FROM (SELECT 1 AS x) AS t"),
        ("postgresql", "SELECT make_interval(days := :a)", "SELECT make_interval(days := $1)"),
        ("postgresql", "SELECT '{}'::jsonb ? 'k', :a", "SELECT '{}'::jsonb ? 'k', $1"),
        ("postgresql", "SELECT t$1.x, :a FROM (SELECT 1) AS t$1 (x)", "SELECT t$1.x, $1 FROM (SELECT 1) AS t$1 (x)"),
        ("sqlite", "SELECT [x:b], `y:b`, \"z:b\", ':b', :a FROM t", "SELECT [x:b], `y:b`, \"z:b\", ':b', ?1 FROM t"),
        ("sqlite", "SELECT 'a''b:b', :a /* :b /* :b */ + 1", "SELECT 'a''b:b', ?1 /* :b /* :b */ + 1"),
        ("sqlite", "SELECT x'00', :a", "SELECT x'00', ?1"),
    ],
)  # fmt: skip
def test_a_parameter_is_one_only_where_sql_would_take_a_value(
    tmp_path: Path, dialect: str, sql: str, text: str
) -> None:
    assert texts(tmp_path, A, sql, dialect)[0][0].startswith(text)


def test_placeholders_are_numbered_by_first_use_in_each_text(tmp_path: Path) -> None:
    found = texts(tmp_path, f"{A}{OPTIONAL_B}", "SELECT 1 WHERE true /*[*/ AND :b = 'x' /*]*/ AND :a > 1")
    assert found == [
        ("SELECT 1 WHERE true AND $1 > 1", ("a",)),
        ("SELECT 1 WHERE true AND $1 = 'x' AND $2 > 1", ("b", "a")),
    ]


def test_the_texts_are_every_set_of_optional_parts_by_every_option(tmp_path: Path) -> None:
    sql = "SELECT x FROM t WHERE true /*[*/ AND x = :a /*]*/ /*[*/ AND y = :b /*]*/ ORDER BY /*sort[*/ x  ASC /*]*/"
    found = [text for text, _ in texts(tmp_path, f"{OPTIONAL_A}{OPTIONAL_B}{SORT}", sql)]
    assert len(found) == 8
    assert "SELECT x FROM t WHERE true ORDER BY x DESC" in found
    assert "SELECT x FROM t WHERE true AND x = $1 AND y = $2 ORDER BY x ASC" in found


def test_parts_that_can_only_stay_together_make_no_text_apart(tmp_path: Path) -> None:
    sql = "SELECT 1 WHERE true /*[*/ AND 1 = :a /*]*/ /*[*/ AND 2 = :a /*]*/ /*[*/ AND :b = '' AND 3 = :a /*]*/"
    found = [text for text, _ in texts(tmp_path, f"{OPTIONAL_A}{OPTIONAL_B}", sql)]
    assert found == [
        "SELECT 1 WHERE true",
        "SELECT 1 WHERE true AND 1 = $1 AND 2 = $1",
        "SELECT 1 WHERE true AND 1 = $1 AND 2 = $1 AND $2 = '' AND 3 = $1",
    ]


def test_an_optional_parameter_outside_of_parts_makes_one_text(tmp_path: Path) -> None:
    assert texts(tmp_path, OPTIONAL_A, "SELECT coalesce(:a, 1)") == [("SELECT coalesce($1, 1)", ("a",))]


def test_an_option_may_hold_parameters(tmp_path: Path) -> None:
    header = f'{A}[parameters.how]\ntype = "choice"\noptions = {{ exact = "x = :a", near = "abs(x - :a) < 2" }}'
    found = texts(tmp_path, header, "SELECT x FROM t WHERE /*how[*/ x = :a /*]*/")
    assert found == [
        ("SELECT x FROM t WHERE x = $1", ("a",)),
        ("SELECT x FROM t WHERE abs(x - $1) < 2", ("a",)),
    ]


def test_a_choice_may_stand_at_several_places(tmp_path: Path) -> None:
    header = '[parameters.by]\ntype = "choice"\noptions = { day = "d", month = "m" }'
    found = texts(tmp_path, header, "SELECT /*by[*/ d /*]*/, count(*) FROM t GROUP BY /*by[*/ d /*]*/")
    assert [text for text, _ in found] == [
        "SELECT d , count(*) FROM t GROUP BY d",
        "SELECT m , count(*) FROM t GROUP BY m",
    ]


def test_the_file_as_it_stands_is_one_of_its_texts(tmp_path: Path) -> None:
    sql = "SELECT x FROM t WHERE true /*[*/ AND x = :a /*]*/ ORDER BY /*sort[*/ x ASC /*]*/;"
    as_it_stands = " ".join(sql.replace(":a", "$1").rstrip(";").split())
    for mark in ("/*[*/ ", "/*sort[*/ ", " /*]*/"):
        as_it_stands = as_it_stands.replace(mark, "")
    assert as_it_stands in [text for text, _ in texts(tmp_path, f"{OPTIONAL_A}{SORT}", sql)]


def test_every_character_of_a_text_is_found_again_in_the_file(tmp_path: Path) -> None:
    sql = "SELECT x,\n  :a AS a FROM t\nWHERE true /*[*/ AND y = :b /*]*/\nORDER BY /*sort[*/ x ASC /*]*/"
    query = query_of(tmp_path, sql_file(f"{A}{OPTIONAL_B}{SORT}", sql))
    for variant in query.variants.values():
        for word in ("SELECT", "AS a", "FROM t", "WHERE", "AND y", "ORDER", "x ASC", "x DESC"):
            at = variant.text.find(word)
            if at >= 0:
                place = variant.offset_in_file(at)
                assert query.text[place : place + len(word)] == word
        for number, name in enumerate(variant.names, start=1):
            place = variant.offset_in_file(variant.text.index(f"${number}"))
            assert query.text[place:].startswith(f":{name}")


@pytest.mark.parametrize(
    "header, sql, fault",
    [
        ("", "SELECT :a", "4:8: The parameter 'a' is not declared. Declare it as [parameters.a]."),
        (A, "SELECT 1", "3:1: The SQL does not use the parameter 'a'. Write :a, or leave it out here."),
        ('[parameters.store]\ntype = "integer"', "SELECT :stor", "6:8: The parameter 'stor' is not declared."),
        (A, "SELECT ':a'", "3:1: The SQL does not use the parameter 'a'."),
        (A, "SELECT :a, 'x", "6:12: The quote is not closed. Close it, or double a quote that belongs to the text."),
        (A, "SELECT :a, $q$ x $$", "6:12: The quote is not closed."),
        (A, "SELECT :a /* x", "6:11: The comment is not closed. Close it with */."),
        (A, "SELECT :a, $1", "6:12: A placeholder of the database stands here. Write a parameter as :name."),
        (OPTIONAL_A, "SELECT 1 /*[*/ + :a", "7:15: The part is not closed. Close it with /*]*/."),
        (OPTIONAL_A, "SELECT 1 + :a /*]*/", "7:15: /*]*/ closes no part. Open one with /*[*/ or /*name[*/."),
        (OPTIONAL_A, "SELECT 1 /*[*/ + :a /*[*/ + :a /*]*/ /*]*/", "7:21: A part stands within another part."),
        (A, "SELECT 1 /*[*/ + :a /*]*/", "6:15: An optional part must name an optional parameter: else it never"),
        (f"{OPTIONAL_A}default = 1", "SELECT 1 /*[*/ + :a /*]*/", "8:15: An optional part must name an optional"),
        (SORT, "SELECT :sort", "8:8: 'sort' is a choice: it stands for SQL, and not for a value. Write /*sort[*/"),
        (SORT, "SELECT 1 ORDER BY /*sort[*/ x /*]*/", "8:28: What stands here is no option of 'sort'. Its options"),
        (SORT, "SELECT 1 ORDER BY /*sotr[*/ x ASC /*]*/", "8:28: There is no choice parameter 'sotr'. Did you mean"),
        (SORT, "SELECT 1", "3:1: The SQL does not use the parameter 'sort'. Write /*sort[*/ … /*]*/, or leave it"),
        ("", "SELECT 1 ORDER BY /*sort[*/ x /*]*/", "4:28: There is no choice parameter 'sort'."),
        (A, "SELECT :a /*a[*/ x /*]*/", "6:17: There is no choice parameter 'a'."),
        ("", "DELETE FROM t", "4:1: DELETE changes the database."),
        ("", "SELECT 1; SELECT 2", "4:10: There are 2 statements. Send one at a time."),
        ("", "", "1:1: The statement is empty."),
        ("", "-- nothing", "4:1: The statement is empty."),
        ("", "SELECT pg_sleep(1)", "4:8: The function pg_sleep is held back"),
        ("", "SELECT 1 FROM t FOR UPDATE", "4:1: FOR UPDATE and FOR SHARE lock rows. Leave it out."),
        ("", "SELECT 1 +", "4:11: Syntax error at end of input."),
        ("", "SELECT 'a\u202eb'", "4:10: The statement holds the character U+202E, which SQL has no use for."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_a_fault_at_its_place(tmp_path: Path, header: str, sql: str, fault: str) -> None:
    assert faults_in(tmp_path, sql_file(header, sql))[0].startswith(fault)


A_AND_AN = '[parameters.since]\ntype = "date"\n[parameters.until]\ntype = "date"\n'


@pytest.mark.parametrize(
    "header, sql, faults",
    [
        (A_AND_AN, "SELECT :sinse, :untl", ["8:8: 'sinse', Did you mean since?", "8:16: 'untl', Did you mean until?"]),
        # What is used already was not meant; a name that is near to nothing leaves the other fault as it is.
        (A_AND_AN, "SELECT :since, :sinse", ["5:1: 'until'", "8:16: 'sinse', Did you mean since?"]),
        (A_AND_AN, "SELECT :xyz, :since", ["5:1: 'until'", "8:8: 'xyz', Declare it as [parameters.xyz]."]),
        (
            A_AND_AN.replace("until", "since_2"),
            "SELECT :sinse",
            ["5:1: 'since_2'", "8:8: 'sinse', Did you mean since?"],
        ),
        (f"{OPTIONAL_A}{SORT}", "SELECT 1 /*[*/ + :a, /*sort[*/ x ASC /*]*/ /*]*/", ["11:22: A part stands within"]),
    ],
)
def test_a_slip_is_one_fault(tmp_path: Path, header: str, sql: str, faults: list[str]) -> None:
    found = [
        re.sub(
            r"^(\S+) The (?:parameter|SQL does not use the parameter) ('\w+')( is not declared\.)?", r"\1 \2,", fault
        )
        for fault in faults_in(tmp_path, sql_file(header, sql))
    ]
    assert len(found) == len(faults), found
    assert all(one.startswith(fault) for one, fault in zip(found, faults, strict=True)), found


def test_blanks_within_a_quote_tell_options_apart(tmp_path: Path) -> None:
    header = """[parameters.s]\ntype = "choice"\noptions = { two = "'x  y'", one = "'x y'" }"""
    query = query_of(tmp_path, sql_file(header, "SELECT /*s[*/  'x y' /*]*/"))
    written = {
        chosen: variant.text.removeprefix("SELECT").strip() for (_, (chosen,)), variant in query.variants.items()
    }
    assert written == {"two": "'x  y'", "one": "'x y'"}


def test_placeholders_of_sqlite_are_faults(tmp_path: Path) -> None:
    for sql in ("SELECT ?", "SELECT ?1", "SELECT @a", "SELECT $a"):
        (fault,) = faults_in(tmp_path, sql_file("", sql), "sqlite")
        assert fault.startswith("4:8: A placeholder of the database stands here.")


@pytest.mark.parametrize(
    "option, why",
    [
        ("x; DROP TABLE t", "holds a semicolon"),
        ("x -- rest", "holds a comment"),
        ("x /\\u002A rest", "is no piece of SQL (the comment is not closed)"),
        ("x /\\u002A[*\\u002F", "holds a comment"),
        ("'x", "is no piece of SQL (the quote is not closed)"),
        ("(x", "has a parenthesis that is not paired"),
        ("x) UNION SELECT (y", "has a parenthesis that is not paired"),
    ],
)
def test_an_option_that_is_no_piece_of_sql_is_a_fault(tmp_path: Path, option: str, why: str) -> None:
    header = f'[parameters.s]\ntype = "choice"\noptions = {{ a = "x", b = "{option}" }}'
    (fault,) = faults_in(tmp_path, sql_file(header, "SELECT 1 ORDER BY /*s[*/ x /*]*/"))
    assert fault == f"5:22: The option 'b' of s {why}."


def test_each_option_is_approved_and_a_refusal_has_its_place_in_the_front_matter(tmp_path: Path) -> None:
    header = '[parameters.s]\ntype = "choice"\noptions = { a = "x", b = "pg_sleep(9)" }'
    (fault,) = faults_in(tmp_path, sql_file(header, "SELECT 1 ORDER BY /*s[*/ x /*]*/"))
    assert fault.startswith("5:27: The function pg_sleep is held back")


def test_each_optional_part_is_approved_at_its_place(tmp_path: Path) -> None:
    faults = faults_in(tmp_path, sql_file(OPTIONAL_A, "SELECT 1 /*[*/ + pg_sleep(:a) /*]*/"))
    assert [fault.split(" is held")[0] for fault in faults] == ["7:18: The function pg_sleep"]


def test_a_part_that_only_parses_when_it_stays_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_in(tmp_path, sql_file(OPTIONAL_A, "SELECT 1 WHERE /*[*/ 1 = :a /*]*/"))
    assert fault == "7:16: Syntax error at end of input."


def test_too_many_texts_are_a_fault(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(9)]
    header = "".join(f'[parameters.{name}]\ntype = "integer"\noptional = true\n' for name in names)
    sql = "SELECT 1 WHERE true " + " ".join(f"/*[*/ AND 1 = :{name} /*]*/" for name in names)
    (fault,) = faults_in(tmp_path, sql_file(header, sql))
    assert "make far too many texts; at most 256 are allowed. Make several queries of it." in fault
    options = ", ".join(f'o{number} = "{number}"' for number in range(300))
    (fault,) = faults_in(
        tmp_path, sql_file(f'[parameters.s]\ntype = "choice"\noptions = {{ {options} }}', "SELECT /*s[*/ 1 /*]*/")
    )
    assert "make 300 texts" in fault


def test_256_texts_are_allowed(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(8)]
    header = "".join(f'[parameters.{name}]\ntype = "integer"\noptional = true\n' for name in names)
    sql = "SELECT 1 WHERE true " + " ".join(f"/*[*/ AND 1 = :{name} /*]*/" for name in names)
    assert len(texts(tmp_path, header, sql)) == 256


def test_a_claim_must_guard_every_text(tmp_path: Path) -> None:
    header = f'{OPTIONAL_A}[parameters.tenant]\ntype = "integer"\nclaim = "tenant"'
    (fault,) = faults_in(tmp_path, sql_file(header, "SELECT 1 WHERE true /*[*/ AND :a = 1 AND 2 = :tenant /*]*/"))
    assert fault.startswith(
        "6:1: The parameter 'tenant', which a claim fills, stands in parts alone that may drop out."
    )
    assert texts(tmp_path, header, "SELECT 1 WHERE 2 = :tenant /*[*/ AND :a = 1 AND 2 = :tenant /*]*/")


MINE = '[parameters.me]\ntype = "integer"\nclaim = "me"\n'
MINE_OR = '[parameters.s]\ntype = "choice"\noptions = { one = "x = 1", two = "x = 1 OR y = 2" }\n'


@pytest.mark.parametrize(
    "header, sql, place",
    [
        (OPTIONAL_A, "SELECT 1 FROM t WHERE z = :me /*[*/ AND x = :a OR y = :a /*]*/", "10:48"),
        (OPTIONAL_A, "SELECT 1 FROM t WHERE z = :me /*[*/ oR y = :a /*]*/", "10:37"),
        (OPTIONAL_A, "SELECT 1 FROM t WHERE z = :me /*[*/ AND (x = :a) or (y = :a) /*]*/", "10:50"),
        (MINE_OR, "SELECT 1 FROM t WHERE z = :me AND /*s[*/ x = 1 /*]*/", "8:41"),
    ],
)
def test_an_or_that_lets_rows_past_a_claim_is_a_fault(tmp_path: Path, header: str, sql: str, place: str) -> None:
    (fault,) = faults_in(tmp_path, sql_file(f"{MINE}{header}", sql))
    assert fault == (
        f"{place}: OR stands here without parentheses: rows may pass by the claim that fills 'me'."
        " Put parentheses round the condition: AND binds first."
    )
    without = faults_in(tmp_path, sql_file(header, sql.replace(":me", "1")))
    assert without == []


@pytest.mark.parametrize(
    "part",
    ["AND (x = :a OR y = :a)", "AND CASE WHEN x = 1 OR y = 2 THEN 1 END = :a", 'AND "or" = :a', "AND x = 'or' || :a"],
)
def test_an_or_within_something_is_no_fault(tmp_path: Path, part: str) -> None:
    header = f"{MINE}{OPTIONAL_A}"
    assert faults_in(tmp_path, sql_file(header, f"SELECT 1 FROM t WHERE z = :me /*[*/ {part} /*]*/")) == []
