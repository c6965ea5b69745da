"""Prompts: ways to go about a job that a person picks in the client. An addition is an entry in PROMPTS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mcp.types as t

from dbmcp.errors import InvalidParameter, did_you_mean
from dbmcp.server.errors import safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbmcp.runtime import Runtime

# A client pastes what its user typed: a whole statement, but no dump.
MAX_ARGUMENT = 20_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: its arguments with what each is, of which `required` must be given, and its text."""

    title: str
    description: str
    arguments: Mapping[str, str]
    required: tuple[str, ...]
    text: str


_DATABASE = "the database; needed where there are several"

PROMPTS = {
    "explore": Prompt(
        "Explore a database",
        "Get to know a database: what it is about, its main tables and how they hang together.",
        {"database": _DATABASE, "topic": "what you are interested in; all of it when left out"},
        (),
        """Get to know {where}{topic}.

1. List its tables with search_schema{hint}. Do not guess names.
2. Look at the five to ten tables that matter most with one call of describe_tables; follow their foreign keys.
3. Look at a few rows of those tables with query and a small limit, where names and comments leave doubts.

Then tell me, in at most a page: what the database is about, its main tables with a sentence each, how they are joined
(the columns), what is odd or missing, and three questions that it could answer.""",
    ),
    "answer": Prompt(
        "Answer a question with SQL",
        "Answer a question from the data, and show the SQL it rests on.",
        {"question": "the question, as you would ask a colleague", "database": _DATABASE},
        ("question",),
        """Answer this question from {where}: {question}

1. Find the tables with search_schema, by the words of the question and by other words for the same things.
2. Look at them with describe_tables before you write SQL: types, keys, comments and allowed values.
3. Write one SELECT and run it with query. Aggregate in SQL, and do not fetch rows to count them. When a statement is
   refused or fails, mend what the message names.
4. Check that the result can be right: its order of magnitude, rows that a join drops or doubles, NULLs, time zones.

Then give the answer in a sentence, the figures it rests on, the SQL, and what you assumed. Say so when the data cannot
answer it.""",
    ),
    "review_query": Prompt(
        "Review a slow query",
        "Find out why a SELECT is slow and what would make it faster, without changing its result.",
        {"sql": "the statement", "database": _DATABASE},
        ("sql",),
        """This statement on {where} is slow. Find out why, and what would make it faster without changing its result.

{sql}

1. Look at its plan with explain, and at its tables and their indexes with describe_tables.
2. Name what costs most: whole scans, indexes that cannot be used and why, joins in a bad order, sorts, rows fetched to
   be thrown away.
3. Write a faster form, look at its plan too, and compare the two results on a part of the data with query.

Then give: the cause in a sentence, the new statement, an index that would help as the CREATE INDEX for the owner to
run (you cannot), and what you could not check.""",
    ),
    "document_table": Prompt(
        "Document a table",
        "Write the documentation that a table lacks, from its definition and its data.",
        {"table": "the table, with its schema where there are several", "database": _DATABASE},
        ("table",),
        """Document the table {table} of {where} for colleagues who have never seen it.

1. Read its definition, and that of the tables it points to and is pointed to by, with describe_tables.
2. Look at a few rows, and at the distinct values of columns whose meaning is not plain, with query.

Then write, in Markdown: what one row stands for; when rows come, change and go, as far as can be told; each column with
its meaning, unit and allowed values, marking what is a guess; how it is joined to other tables; pitfalls. End with
COMMENT ON statements for the owner to run (you cannot).""",
    ),
    "adopt_models": Prompt(
        "Adopt generated models",
        "Bring models written from the live schema into a project, and keep them true.",
        {
            "target": "what the project uses: sqlalchemy, django, pydantic, prisma, typescript, …",
            "tables": "names or patterns of the tables; all when left out",
            "database": _DATABASE,
        },
        ("target",),
        """Bring {target} models of {where} into this project{tables}.

1. See how the project talks to its database now: models that are there, where they live, how they are named and made.
2. Write the models with generate_models. Where it gives a resource, fetch that into a file, or have me run
   `dbmcp models --target {target} --out PATH`. Do not retype or trim what it wrote.
3. Read the header: what the target cannot say is listed there. Tell me which of it matters here.
4. Do not edit the generated file. What the project adds (methods, queries, validation) goes into its own modules, which
   import from it. Where models were there before, compare them, list what differs, and replace them step by step.
5. Run the type checker and the tests.
6. Add `dbmcp models --check PATH` to the project's CI: it fails when the database has changed.

Then tell me: the files written, what changed in the project, what the models leave out, and what to decide.""",
    ),
}


def listing(runtime: Runtime) -> list[t.Prompt]:
    """Return the prompts; `database` is an argument of theirs only where there are several."""
    several = len(runtime.databases) > 1
    return [
        t.Prompt(
            name=name,
            title=prompt.title,
            description=prompt.description,
            arguments=[
                t.PromptArgument(name=argument, description=text, required=argument in prompt.required)
                for argument, text in prompt.arguments.items()
                if several or argument != "database"
            ],
        )
        for name, prompt in PROMPTS.items()
    ]


def get(runtime: Runtime, name: str, given: Mapping[str, str]) -> t.GetPromptResult:
    """Return a prompt with its arguments filled in.

    Raises:
        InvalidParameter: there is no such prompt, or an argument is missing, unknown or too long.
        UnknownDatabase: there is no such database.
    """
    prompt = PROMPTS.get(name)
    if prompt is None:
        hint = did_you_mean(name, PROMPTS) or f"Known are {', '.join(PROMPTS)}."
        raise InvalidParameter(f"There is no prompt {name[:100]!r}.", hint=hint)
    for argument, value in given.items():
        if argument not in prompt.arguments:
            hint = did_you_mean(argument, prompt.arguments) or f"Known are {', '.join(prompt.arguments)}."
            raise InvalidParameter(f"The prompt {name} has no argument {argument[:100]!r}.", hint=hint)
        if len(value) > MAX_ARGUMENT:
            raise InvalidParameter(f"{argument} must have at most {MAX_ARGUMENT} characters.")
    for argument in prompt.required:
        if not given.get(argument, "").strip():
            raise InvalidParameter(f"The prompt {name} needs {argument}: {prompt.arguments[argument]}.")
    text = t.TextContent(text=safe(prompt.text.format(**_filled(runtime, prompt, given))))
    return t.GetPromptResult(description=prompt.description, messages=[t.PromptMessage(role="user", content=text)])


def _filled(runtime: Runtime, prompt: Prompt, given: Mapping[str, str]) -> dict[str, str]:
    name = given.get("database", "").strip() or None
    if name is not None:
        runtime.database(name)
    topic = given.get("topic", "").strip()
    return {
        **{argument: given.get(argument, "").strip() for argument in prompt.arguments},
        "where": f"the database {name}" if name else "the database",
        "tables": f", for the tables {tables}" if (tables := given.get("tables", "").strip()) else "",
        "topic": f", as far as it is about {topic}" if topic else "",
        "hint": f", by words for {topic}" if topic else "",
    }
