"""`moot demo`: the council's day. One fact, an application to be registered, goes through all five services of a running system.

Application, elector, postal vote, the electorate of a by-election, a meeting, an allowance, letters; then why she is on the
register, what followed from what, her erasure, and the audit. Every step goes through the APIs; the rehearsal clock moves
the services through the weeks that the law asks for.
"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from cli.audit import verify_service
from cli.demo import meeting, paying, polling, registering, writing
from cli.demo.council import Council
from cli.demo.story import Story, Teller, branch
from cli.lifecycle import in_one_sentence
from deploy.topology import CONTEXTS

app = typer.Typer()


@app.command()
def demo(as_json: Annotated[bool, typer.Option("--json", help="the story as data")] = False) -> None:
    """Tell the council's day on the running system, in about two minutes.

    JSON: `events` (every event: `service`, `type`, `what`, `event_id`, `stream`, `version`, `position`, `at`,
    `causation_id`), `root` and `tree` (what followed from the application: `service`, `what`, `event_id`, `follows`), `why`
    (sentences with `event_id` and `source`), `register_as_at` (day: on or off), `electorate` (before and after),
    `allowance_pence`, `letters` (`template`, `channel`, `status`), `audit_verified`, `erased`.
    """
    with in_one_sentence(), Council(Teller(quiet=as_json)) as council:
        story = tell(council)
    if as_json:
        typer.echo(json.dumps(story.as_data(), indent=2))
    if not story.verified():
        raise typer.Exit(1)


def tell(c: Council) -> Story:
    election = polling.by_election(c)
    application = registering.application(c, registering.home(c))
    added, starts = registering.determination(c, application)
    registering.postal_vote(c, added)
    notice = registering.notice(c, added, starts)
    counted = polling.count(c, election, notice)
    panel, member, seated = meeting.chair(c, counted)
    meeting.meeting(c, panel, member, seated)
    paying.allowance(c, member, seated)
    writing.letters(c)
    registering.why(c, added.stream)

    c.story.events = c.everything()
    c.tell.chapter("What followed from one application, across all services")
    c.tell.tree(branch(c.story.events, c.story.root))

    registering.removal_and_erasure(c, added.stream)
    c.story.events = c.everything()
    c.tell.chapter("The audit trails, checked without our databases")
    for context in CONTEXTS:
        verdicts = verify_service(context)
        c.story.audit_verified[context] = verdicts.verified
        c.tell.line(verdicts.sentence)
    return c.story
