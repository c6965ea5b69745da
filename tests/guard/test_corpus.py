"""The public corpora: every attack is refused for its reason; all real work passes, runs, and gives its own rows."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from itertools import zip_longest
from multiprocessing.connection import Connection
from pathlib import Path

import asyncpg
import pgparse
import pytest

from dbmcp.database import Database, DatabaseSettings
from dbmcp.errors import DbmcpError, StatementRejected
from dbmcp.guard import ApprovedQuery, Reason, approve
from dbmcp.limits import Limits
from dbmcp.results import Bounds
from tests import engines
from tests.corpus import KINDS, Case, parse, schema, statements

DIALECTS = ("postgresql", "sqlite")
# At least so many statements, so that a loader that loses some is seen.
FEWEST = {
    ("postgresql", "refuse"): 900,
    ("postgresql", "allow"): 320,
    ("sqlite", "refuse"): 260,
    ("sqlite", "allow"): 150,
}
# A parser that is caught in a bomb never comes back; one that is not needs milliseconds.
PATIENCE_S = 15

Row = tuple[str | None, ...]
Answer = tuple[list[str], list[Row]]


def classes(*kinds: str, dialects: tuple[str, ...] = DIALECTS) -> list[tuple[str, str, str]]:
    """Return (dialect, kind, class) for every class of statements there is."""
    found = [(dialect, kind) for dialect in dialects for kind in kinds]
    return [(*file, klass) for file in found for klass in dict.fromkeys(case.klass for case in statements(*file))]


def cases(dialect: str, kind: str, klass: str) -> list[Case]:
    """Return the statements of one class."""
    return [case for case in statements(dialect, kind) if case.klass == klass]


def verdict(text: str, dialect: str) -> str:
    """Return "ok", or the code of the refusal."""
    try:
        approve(text, dialect)
    except StatementRejected as refusal:
        return refusal.code
    return "ok"


def judge_in_child(texts: list[str], dialect: str, out: Connection) -> None:
    """Send the verdict on each text; runs in a process of its own."""
    for text in texts:
        out.send(verdict(text, dialect))
    out.close()


def verdicts_of_child(texts: list[str], dialect: str) -> Iterator[str]:
    """Yield the verdict on each text from another process: a bomb that goes off takes that one with it."""
    context = multiprocessing.get_context("spawn")
    done = 0
    while done < len(texts):
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=judge_in_child, args=(texts[done:], dialect, sender))
        child.start()
        sender.close()
        try:
            while done < len(texts):
                answered = receiver.poll(PATIENCE_S)
                yield receiver.recv() if answered else f"no answer in {PATIENCE_S} s"
                done += 1
                if not answered:
                    break
        except EOFError:
            yield "the process died"
            done += 1
        finally:
            child.kill()
            child.join()
            receiver.close()


def misjudged(found: list[Case], dialect: str) -> list[str]:
    """Return a line for each statement on which the guard's verdict is not the expected one."""
    texts = [case.text for case in found]
    bombs = any(case.klass == "parser-bomb" for case in found)
    verdicts = verdicts_of_child(texts, dialect) if bombs else (verdict(text, dialect) for text in texts)
    pairs = zip(found, verdicts, strict=True)
    return [f"{case.place}: {case.code} expected, got {got}" for case, got in pairs if got != case.code]


def report(lines: list[str]) -> None:
    """Fail with every line, whole."""
    if lines:
        pytest.fail("\n".join([f"{len(lines)} at fault:", *lines]), pytrace=False)


@pytest.mark.parametrize("dialect,kind,klass", classes("refuse"))
def test_every_attack_is_refused_for_its_reason(dialect: str, kind: str, klass: str) -> None:
    report(misjudged(cases(dialect, kind, klass), dialect))


@pytest.mark.parametrize("dialect,kind,klass", classes("allow"))
def test_all_real_work_is_approved(dialect: str, kind: str, klass: str) -> None:
    report(misjudged(cases(dialect, kind, klass), dialect))


# ---- what is approved runs, and gives the rows of the plain text ----


def database(url: str) -> Database:
    return Database("corpus", DatabaseSettings.model_validate({"url": url}), Limits())


async def through_dbmcp(query: ApprovedQuery, held: Database) -> Answer:
    """Return names and rows as dbmcp gives them, within bounds that cut nothing here."""
    result = await held.fetch(query, Bounds(rows=3_000, bytes=1_000_000, seconds=20, memory_chars=100_000_000))
    return [column.name for column in result.columns], [tuple(row) for row in result.rows]


def difference(case: Case, ours: Answer, plain: Answer, *, ordered: bool) -> str | None:
    """Return what differs between two answers, or None."""
    if ours[0] != plain[0]:
        return f"{case.place}: columns {ours[0]} for {plain[0]}"
    if "volatile" in case.marks:
        return None
    if not ordered:
        more, fewer = Counter(ours[1]) - Counter(plain[1]), Counter(plain[1]) - Counter(ours[1])
        return f"{case.place}: rows {list(more)} for {list(fewer)}" if more or fewer else None
    pairs = zip_longest(ours[1], plain[1])
    return next((f"{case.place}: row {mine} for {theirs}" for mine, theirs in pairs if mine != theirs), None)


async def differences(
    found: list[Case], url: str, plain: Callable[[str], Awaitable[Answer]], ordered: Callable[[str], bool]
) -> list[str]:
    """Return a line for each statement that does not run, or gives other rows through dbmcp than without it."""
    held = database(url)
    lines: list[str | None] = []
    try:
        for case in found:
            query = approved(case, held.dialect.name)
            if query is None:
                continue
            try:
                ours = await through_dbmcp(query, held)
                theirs = await plain(query.text)
                lines.append(difference(case, ours, theirs, ordered=ordered(query.text)))
            except (DbmcpError, asyncpg.PostgresError, sqlite3.Error) as error:
                lines.append(f"{case.place}: {type(error).__name__}: {error}")
    finally:
        await held.close()
    return [line for line in lines if line]


def approved(case: Case, dialect: str) -> ApprovedQuery | None:
    """Return the approved statement, or None where the test of the verdicts has the failure already."""
    try:
        query = approve(case.text, dialect)
    except StatementRejected:
        return None
    assert case.text.startswith(query.text), f"{case.place}: what is approved is not the caller's own text"
    return query


@pytest.fixture(scope="module")
def inn(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make the corpus's database; the role that reads may read all of it."""
    with engines.fresh_postgresql_database(postgresql_server) as made:
        made.run(schema("postgresql"))
        made.grant_reader()
        made.grant_reader("archive")
        made.run(f'GRANT SELECT ON SEQUENCE ticket_number TO "{made.reader}"')
        yield made


def what_it_has(made: engines.PostgresqlDatabase) -> Callable[[Case], bool]:
    """Return a check of whether a server has what a case's note asks for."""
    ((number, xml),) = made.rows("SELECT current_setting('server_version_num')::int / 10000, count(spec) > 0 FROM room")

    def has(case: Case) -> bool:
        versions = [int(mark[2:-1]) for mark in case.marks if re.fullmatch(r"pg\d+\+", mark)]
        return all(version <= int(str(number)) for version in versions) and (bool(xml) or "needs xml" not in case.marks)

    return has


@asynccontextmanager
async def plain_postgresql(url: str) -> AsyncIterator[Callable[[str], Awaitable[Answer]]]:
    """Lend a function that runs a statement without dbmcp: names as prepared, rows as COPY prints them."""
    connection = await asyncpg.connect(url)

    async def run(text: str) -> Answer:
        prepared = await connection.prepare(text)
        names = [attribute.name for attribute in prepared.get_attributes()]
        copied = io.BytesIO()
        await connection.copy_from_query(f"\n{text}\n", output=copied)
        return names, [copied_row(line, len(names)) for line in copied.getvalue().decode().split("\n")[:-1]]

    try:
        yield run
    finally:
        await connection.close()


_COPIED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def copied_row(line: str, columns: int) -> Row:
    """Return the values of one line of COPY's text format."""
    cells = line.split("\t") if columns else []
    plain = (re.sub(r"\\(.)", lambda found: _COPIED.get(found[1], found[1]), cell) for cell in cells)
    return tuple(None if cell == r"\N" else value for cell, value in zip(cells, plain, strict=True))


def has_order(text: str) -> bool:
    """Say whether the rows of a statement come in an order: by its outermost ORDER BY."""
    return "sortClause" in pgparse.parse(text)[0]["stmt"]["SelectStmt"]


@pytest.mark.parametrize("dialect,kind,klass", classes("allow", dialects=("postgresql",)))
def test_postgresql_gives_the_rows_of_the_plain_statement(
    inn: engines.PostgresqlDatabase, dialect: str, kind: str, klass: str
) -> None:
    found = [case for case in cases(dialect, kind, klass) if what_it_has(inn)(case)]
    # Where this PostgreSQL lacks all that a class needs, the other classes are compared, and this one has no rows.
    assert found or all(case.marks for case in cases(dialect, kind, klass))

    async def compare() -> list[str]:
        async with plain_postgresql(inn.reader_url) as plain:
            return await differences(found, inn.reader_url, plain, has_order)

    report(asyncio.run(compare()))


@pytest.fixture(scope="module")
def inn_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the corpus's SQLite file."""
    return engines.build_sqlite_file(tmp_path_factory.mktemp("corpus") / "inn.sqlite", schema("sqlite"))


@pytest.mark.parametrize("dialect,kind,klass", classes("allow", dialects=("sqlite",)))
def test_sqlite_gives_the_rows_of_the_plain_statement(inn_file: Path, dialect: str, kind: str, klass: str) -> None:
    found = [case for case in cases(dialect, kind, klass) if sqlite_has(case)]
    if not found:
        pytest.skip(f"SQLite {sqlite3.sqlite_version} has nothing of what the class {klass} needs")
    with closing(sqlite3.connect(f"file:{inn_file}?mode=ro", uri=True)) as connection:

        async def plain(text: str) -> Answer:
            cursor = connection.execute(text)
            rows = cursor.fetchall()
            return [item[0] for item in cursor.description], [printed(row, connection) for row in rows]

        report(asyncio.run(differences(found, str(inn_file), plain, lambda _text: True)))


def sqlite_has(case: Case) -> bool:
    """Say whether this SQLite is new enough for a case."""
    wanted = [mark[6:-1] for mark in case.marks if re.fullmatch(r"sqlite[\d.]+\+", mark)]
    have = sqlite3.sqlite_version_info
    return all(tuple(map(int, version.split("."))) <= have for version in wanted)


def printed(row: tuple[object, ...], connection: sqlite3.Connection) -> Row:
    """Return a row as SQLite itself prints its values; a blob as the literal it would be."""
    cell = "SELECT CASE typeof(?1) WHEN 'blob' THEN quote(?1) ELSE CAST(?1 AS TEXT) END"
    return tuple(connection.execute(cell, (value,)).fetchone()[0] for value in row)


# ---- the corpora themselves ----


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_corpus_is_large_and_says_nothing_twice(dialect: str, kind: str) -> None:
    found = statements(dialect, kind)
    twice = [text for text, times in Counter(case.text for case in found).items() if times > 1]
    assert twice == []
    assert len(found) >= FEWEST[dialect, kind]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_code_is_one_of_the_guards(dialect: str) -> None:
    assert {case.code for case in statements(dialect, "allow")} == {"ok"}
    assert {case.code for case in statements(dialect, "refuse")} <= {reason.value for reason in Reason}


def test_a_case_is_its_head_and_the_lines_below() -> None:
    text = (
        "-- about the file\n\n-- [ok] basics: one (pg16+) (volatile)\nSELECT 1\n-- two\n\n\n-- [write] w: two\nDROP a\n"
    )
    first, second = parse(text, "x.sql")
    assert (first.code, first.klass, first.text, first.place) == ("ok", "basics", "SELECT 1\n-- two", "x.sql:3")
    assert first.marks == {"pg16+", "volatile"}
    assert (second.code, second.text, second.line) == ("write", "DROP a", 8)


def test_escapes_stand_for_what_a_file_cannot_hold() -> None:
    text = r"-- [ok] basics: (escaped)" + "\n" + r"\x00\u00e9\U0001f389\\n\{3:a\x41\}"
    assert parse(text, "x.sql")[0].text == "\x00é🎉\\naAaAaA"
    assert parse("-- [ok] basics: plain\nSELECT '\\x00'", "x.sql")[0].text == "SELECT '\\x00'"


@pytest.mark.parametrize("text", ["-- [Ok] basics: x\nSELECT 1", "-- [ok] basics\nSELECT 1", "-- [ok] a: b\n\n"])
def test_a_head_that_is_none_and_a_case_without_text_are_faults(text: str) -> None:
    with pytest.raises(ValueError, match=r"x\.sql:1"):
        parse(text, "x.sql")
