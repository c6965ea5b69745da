"""Words of names: where they begin and end, their cases, one and many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbmcp.codegen import words
from dbmcp.codegen.naming import Names
from dbmcp.codegen.python_names import KEYWORDS, attribute, class_name, kept_attribute, member


@pytest.mark.parametrize(
    "name, snake, pascal",
    [
        ("film_actor", "film_actor", "FilmActor"),
        ("FilmActor", "film_actor", "FilmActor"),
        ("filmActorID", "film_actor_id", "FilmActorID"),
        ("HTTPServer", "http_server", "HTTPServer"),
        ("FILM_ACTOR", "film_actor", "FilmActor"),
        ("Group By", "group_by", "GroupBy"),
        ("address2", "address2", "Address2"),
        ("_id", "id", "Id"),
        ("a.b", "a_b", "AB"),
        ("ünïcode", "ünïcode", "Ünïcode"),
        ("😀", "grinning_face", "GrinningFace"),
        ("ﬁlm", "film", "Film"),
        ("$$$", "", ""),
    ],
)
def test_a_name_is_written_in_its_words(name: str, snake: str, pascal: str) -> None:
    assert (words.snake(name), words.pascal(name)) == (snake, pascal)


@pytest.mark.parametrize(
    "one, many",
    [
        ("film", "films"),
        ("category", "categories"),
        ("address", "addresses"),
        ("status", "statuses"),
        ("person", "people"),
        ("day", "days"),
        ("box", "boxes"),
        ("bus", "buses"),
        ("news", "news"),
        ("index", "indices"),
        ("movie", "movies"),
        ("database", "databases"),
        ("photo", "photos"),
        ("hero", "heroes"),
        ("analysis", "analyses"),
        ("staff", "staff"),
    ],
)
def test_a_word_has_a_singular_and_a_plural(one: str, many: str) -> None:
    assert words.singular(many) == one
    assert words.singular(one) == one
    assert words.plural(one) in (many, f"{one}s", f"{one}es")
    assert words.plural_name(f"old_{many}") == f"old_{many}" or one in ("hero", "analysis")


def test_only_the_last_word_of_a_name_is_counted() -> None:
    assert words.singular_name("news_items") == "news_item"
    assert words.singular_name("OrderLines") == "Order_Line"
    assert words.plural_name("order_line") == "order_lines"


@given(st.text(max_size=30))
def test_whatever_the_name_what_is_left_of_it_is_an_identifier(name: str) -> None:
    for write in (class_name, attribute, kept_attribute, member):
        made = write(name)
        assert made == "" or (made.isidentifier() and not made.startswith("_"))


def test_names_are_given_once_and_what_can_keep_its_own_comes_first() -> None:
    names = Names(KEYWORDS)
    wishes = [(own, own, (attribute(own),)) for own in ("Class", "upper", "UPPER", "class_", "class", "a b", "a_b")]
    given = names.take_all(wishes)
    assert given == {
        "Class": "class_",
        "upper": "upper",
        "UPPER": "upper_",
        "class_": "class2",
        "class": "class3",
        "a b": "a_b_",
        "a_b": "a_b",
    }


def test_names_that_differ_by_case_alone_are_one_where_the_style_says_so() -> None:
    names = Names((), folds_case=True)
    assert [names.take(wish) for wish in ("Order", "order", "ORDER")] == ["Order", "order_", "ORDER2"]
