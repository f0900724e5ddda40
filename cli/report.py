"""`moot report`: ready questions over the events of every service, answered from the archive that reporting keeps."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from cli import telling
from cli.lifecycle import in_one_sentence
from cli.telling import AsJson
from deploy.local.process import CannotRun
from deploy.local.state import State
from deploy.topology import AUTHORITY, STATE
from reporting.answers import Answer, Question
from reporting.layout import Unusable, newest_day
from reporting.questions import QUESTIONS
from reporting.reading import events
from shared.eventcore.clock import london_date, system_clock

app = typer.Typer()
DATE = typer.Option(formats=["%Y-%m-%d"], help="As it was known at the end of this day; otherwise by now.")


@app.command()
def report(
    question: Annotated[str | None, typer.Argument(help="Which one; without it they are listed.")] = None,
    as_at: Annotated[datetime | None, DATE] = None,
    authority: Annotated[str, typer.Option(envvar="MOOT_AUTHORITY", help="The council, by its GSS code.")] = AUTHORITY,
    svg: Annotated[Path | None, typer.Option(help="Write a chart to this file.")] = None,
    png: Annotated[Path | None, typer.Option(help="Write a chart to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ready questions: applications, allowances, messages. Only ids, counts, dates and money: nothing personal.

    JSON: `question`, `title`, `as_at`, `authority`, `takeaway`, `rows`, `notes`; without a question `questions`, each with
    `name` and `about`. Money is in pence.
    """
    with in_one_sentence():
        _report(question, as_at.date() if as_at else None, authority, svg, png, as_json)


def _report(
    name: str | None, as_at: date | None, authority: str, svg: Path | None, png: Path | None, as_json: bool
) -> None:
    if name is None:
        _list(as_json)
        return
    if name not in QUESTIONS:
        raise CannotRun(f"There is no question {name}: ask one of {', '.join(QUESTIONS)}.")
    found = ask(name, authority, as_at)
    for file, kind in ((svg, "svg"), (png, "png")):
        if file is not None:
            _draw(found, file, kind)
    if as_json:
        telling.as_json({"question": name, "authority": authority, **_as_data(found)})
    else:
        _tell(found)


def ask(name: str, authority: str, as_at: date | None) -> Answer:
    """The answer to a question by its name. Raises `CannotRun` when there is no archive, or it cannot be read."""
    root = Path(os.environ.get("MOOT_REPORTING") or State(STATE).reporting)
    newest = newest_day(root)
    if newest is None:
        raise CannotRun(
            f"Nothing is kept in {root} yet: start the system with ./moot up, or set MOOT_REPORTING to its archive."
        )
    # By now: a rehearsal may have recorded what is dated after today.
    day = as_at or max(newest, london_date(system_clock()))
    try:
        return _asked(QUESTIONS[name], root, authority, day)
    except duckdb.IOException:  # files were merged in this moment
        return _asked(QUESTIONS[name], root, authority, day)
    except Unusable as broken:
        raise CannotRun(str(broken)) from None


def _asked(question: Question, root: Path, authority: str, as_at: date) -> Answer:
    with events(root, authority, as_at) as asked:
        return question.ask(asked, as_at)


def _draw(found: Answer, file: Path, kind: str) -> None:
    from reporting import charts  # Typst takes its time to load, and few ask for a picture

    try:
        file.write_bytes(charts.svg(found) if kind == "svg" else charts.png(found))
    except OSError as broken:
        raise CannotRun(f"{file} cannot be written ({broken.strerror}): name another file.") from None


def _list(as_json: bool) -> None:
    if as_json:
        telling.as_json({"questions": [{"name": q.name, "about": q.about} for q in QUESTIONS.values()]})
        return
    telling.table("Questions", ("moot report …", "about"), [(q.name, q.about) for q in QUESTIONS.values()])


def _as_data(found: Answer) -> dict[str, Any]:
    return {
        "title": found.title,
        "as_at": found.as_at,
        "takeaway": found.takeaway,
        "rows": found.rows,
        "notes": found.notes,
    }


def _tell(found: Answer) -> None:
    if found.rows:
        columns = [column.heading for column in found.columns]
        telling.table(
            found.title, columns, [[column.written(row[column.key]) for column in found.columns] for row in found.rows]
        )
    for words in (found.takeaway, *found.notes):
        typer.echo(words)
