"""`moot demo`: the story of one person on a running system, told by its own events.

Application, list, verification, objection period, determination, elector, postal vote, notice of alteration, the register
at two dates, why, the audit, and in the end the person erased. Every step goes through the API; the rehearsal clock moves
the service through the weeks that the law asks for.
"""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import httpx
import typer
from rich.console import Console

from cli.api import ApiClient, ApiRefused, Written
from cli.audit import Verdicts, verify_service
from cli.lifecycle import in_one_sentence
from deploy.local.process import CannotRun
from shared.events.values import ElectorId, postal_vote_id

LONDON = ZoneInfo("Europe/London")
SERVICE = "registration"
DISTRICT = "DM"
"""The polling district of the story: a street of its own, so that the invented council is left alone."""
PATIENCE = 20.0
"""Seconds to wait for a policy or a view to follow."""

app = typer.Typer()


@dataclass
class Story:
    """What happened, as data: the same that is printed."""

    events: list[dict[str, Any]] = field(default_factory=list)
    why: list[dict[str, Any]] = field(default_factory=list)
    register_as_at: dict[str, str] = field(default_factory=dict)
    audit_verified: bool = False
    erased: bool = False


class Teller:
    """Tells the story on standard error, so that `--json` has standard output to itself."""

    def __init__(self, quiet: bool) -> None:
        self._screen = Console(stderr=True, quiet=quiet, highlight=False)

    def chapter(self, title: str) -> None:
        self._screen.print(f"\n[bold]{title}[/bold]")

    def line(self, text: str) -> None:
        self._screen.print(f"  {text}")

    def event(self, told: dict[str, Any]) -> None:
        place = f"{told['stream'][:8]}… at {told['position']}"
        self._screen.print(f"  [green]●[/green] {told['what']}  [dim]{told['service']}, {place}[/dim]")


class Journey:
    """One person's way through the service. `tell` prints, `story` keeps."""

    def __init__(self, officer: ApiClient, deputy: ApiClient, dpo: ApiClient, teller: Teller) -> None:
        self.officer, self.deputy, self.dpo, self.tell = officer, deputy, dpo, teller
        self.story = Story()
        self._seen: dict[str, int] = {}

    # --- steps -------------------------------------------------------------------------------------------------------

    def home(self) -> str:
        """A house in a polling district, made for the story."""
        uprn = 9_990_000_000 + uuid4().int % 9_000_000
        facts = {
            "address": {
                "street": f"{uprn % 89 + 1} Example Row",
                "town": "Mootham",
                "postcode": "MT1 1AA",
                "uprn": uprn,
            }
        }
        place = self.officer.post("/properties", {**facts, "uprn": uprn})["stream_id"]
        areas = {"district": DISTRICT, "ward": "E05099999"}
        self.officer.post(f"/properties/{place}/allocation", {"areas": areas, "reason": "the demonstration street"})
        self.follow(place)
        return str(place)

    def apply(self, uprn: int) -> str:
        reference = f"DEMO-{uuid4().hex[:10]}"
        form = {
            "applicationType": "ordinary", "refNum": reference, "gssCode": "E07000999", "lang": "en",
            "fn": "Hester", "mn": "Quillan", "ln": f"Example-{reference[-4:].title()}",
            "dob": "1987-03-14", "nat": "GB", "nino": "XX123456A", "oadr": "none", "opnreg": "false",
            "regproperty": "", "regstreet": f"{uprn % 89 + 1} Example Row", "regtown": "Mootham", "regpostcode": "MT1 1AA",
            "reguprn": str(uprn), "email": "hester@example.org", "pvote": "true", "timeTaken": "412",
        }  # fmt: skip
        return str(self.officer.post("/applications", {"application": form})["stream_id"])

    def move_clock(self, to: date) -> None:
        """To nine in the morning of that day, in London."""
        instant = datetime.combine(to, clock_time(9), LONDON)
        if instant > self.now():
            self.deputy.put("/rehearsal/clock", {"now": instant.astimezone(UTC).isoformat()})
            time.sleep(0.6)  # the other processes of the service follow within half a second
        self.tell.line(f"[dim]The rehearsal clock stands at {self.now():%A %-d %B %Y, %H:%M}.[/dim]")

    def now(self) -> datetime:
        return datetime.fromisoformat(self.deputy.get("/rehearsal/clock")["now"]).astimezone(LONDON)

    def today(self) -> date:
        return self.now().date()

    def found(self, path: str) -> bool:
        try:
            self.officer.get(path)
        except ApiRefused as refusal:
            if refusal.status == httpx.codes.NOT_FOUND:
                return False
            raise
        return True

    # --- watching ----------------------------------------------------------------------------------------------------

    def follow(self, stream: str) -> None:
        """Tell what has happened on a stream since we last looked."""
        for event in self.deputy.get("/audit", stream=stream, limit=100)["items"][::-1]:
            if event["version"] > self._seen.get(stream, 0):
                self._seen[stream] = event["version"]
                told = {
                    "service": SERVICE, "type": event["type"], "what": event["what"], "stream": stream,
                    "version": event["version"], "position": event["position"], "at": event["recorded_at"],
                }  # fmt: skip
                self.story.events.append(told)
                self.tell.event(told)

    def wait_for(self, what: str, look: Any) -> Any:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.1)
        raise CannotRun(
            f"{what} did not come in {PATIENCE:.0f} seconds: see .moot/logs/registration.log, moot parked list."
        )


@app.command()
def demo(as_json: Annotated[bool, typer.Option("--json", help="the story as data")] = False) -> None:
    """Tell the story of one person on the running system, in about a minute.

    JSON: `events` (`service`, `type`, `what`, `stream`, `version`, `position`, `at`), `why` (sentences with `event_id` and
    `source`), `register_as_at` (day: on or off), `audit_verified`, `erased`.
    """
    with in_one_sentence(), ExitStack() as stack:
        written = Written()
        users = ("registration-officer", "ero-deputy", "dpo")
        officer, deputy, dpo = (stack.enter_context(ApiClient(SERVICE, user, written=written)) for user in users)
        story = tell(Journey(officer, deputy, dpo, Teller(quiet=as_json)))
    if as_json:
        typer.echo(json.dumps(story.__dict__, indent=2))
    if not story.audit_verified:
        raise typer.Exit(1)


def tell(j: Journey) -> Story:
    j.tell.chapter("A home")
    place = j.home()
    uprn = int(j.officer.get(f"/properties/{place}")["uprn"])

    j.tell.chapter("Hester applies to be registered, and her application is listed")
    application = j.apply(uprn)
    j.officer.post(f"/applications/{application}/identity-check")
    j.officer.post(f"/applications/{application}/dwp-result", {"verdict": "green"})
    j.follow(application)
    case = j.officer.get(f"/applications/{application}")
    j.tell.line(
        f"Any elector may object until the window closes; the first day to allow it is {case['determine_from']}."
    )

    j.tell.chapter("The objection period passes, and an officer allows the application")
    j.move_clock(date.fromisoformat(case["determine_from"]))
    j.officer.post(f"/applications/{application}/allowance", {})
    j.follow(application)
    case = j.officer.get(f"/applications/{application}")
    starts = date.fromisoformat(case["effective_on"])
    elector = str(uuid5(UUID(application), "elector"))
    j.wait_for("The elector", lambda: j.found(f"/electors/{elector}"))

    j.tell.chapter("She is on the register from the next notice, and will vote by post")
    j.follow(elector)
    j.officer.post(f"/electors/{elector}/postal-vote", {"kind": "maximum", "reference": f"P-{application[:8]}"})
    j.follow(str(postal_vote_id(ElectorId(UUID(elector)))))
    until = j.officer.get(f"/electors/{elector}")["postal_vote"]["valid_until"]
    j.tell.line(f"The law lets it run until {date.fromisoformat(until):%-d %B %Y}, the third 31 January.")

    j.tell.chapter("The notice of alteration is published")
    j.move_clock(starts)
    notice = publish(j, starts)
    j.follow(notice)
    for day in (starts - timedelta(days=1), starts):
        on = on_register(j, elector, day)
        j.story.register_as_at[day.isoformat()] = "on" if on else "off"
        j.tell.line(
            f"Register as at {day:%-d %B %Y}: {'[green]on[/green]' if on else '[yellow]not on[/yellow]'} the register"
        )

    j.tell.chapter("Why is this person on the register?")
    answer = j.officer.get(f"/electors/{elector}/why")
    j.story.why = answer["sentences"]
    for sentence in answer["sentences"]:
        j.tell.line(f"{sentence['text']} [dim]{sentence['source']} · {sentence['event_id'][:8]}…[/dim]")
    j.tell.line(f"[bold]{answer['answer']}[/bold]")

    j.tell.chapter("She moves away, her new council allows her application, the entry ends, and she may be erased")
    remove_and_erase(j, elector)

    j.tell.chapter("The audit trail, checked without our database")
    verdicts: Verdicts = verify_service(SERVICE)
    j.story.audit_verified = verdicts.verified
    j.tell.line(verdicts.sentence)
    return j.story


def on_register(j: Journey, elector: str, day: date) -> bool:
    """Whether the entry is among the lines of its district's register as at that day."""
    page = j.deputy.get("/register", effective=day.isoformat(), district=DISTRICT, limit=500)
    return any(line["elector_id"] == elector for line in page["items"])


def publish(j: Journey, on: date) -> str:
    """The publication that falls due that day, a monthly notice or the revised register: one prepares, another publishes."""
    kind = "revised-register" if on.month == 12 else "monthly"
    prepared = j.officer.post("/notices/drafts", {"kind": kind})
    counted = (
        f"{prepared['additions']} added, {prepared['removals']} removed"
        if kind == "monthly"
        else f"{prepared['electors']} electors"
    )
    j.tell.line(
        f"{kind.replace('-', ' ').capitalize()} of {on:%-d %B %Y}: {counted}; prepared by one officer, published by another."
    )
    return str(j.deputy.post("/notices", {"draft": prepared["draft"]})["stream_id"])


def remove_and_erase(j: Journey, elector: str) -> None:
    told = {"kind": "other-ero-allowed", "origin": "E07000041", "received_on": j.today().isoformat()}
    j.officer.post(f"/electors/{elector}/removal", {"ground": "registered-elsewhere", "sources": [told]})
    j.follow(elector)
    off = j.wait_for("The removal", lambda: j.officer.get(f"/electors/{elector}")["removed_on"])
    j.move_clock(date.fromisoformat(off))
    j.follow(publish(j, date.fromisoformat(off)))
    receipt = j.dpo.post(f"/electors/{elector}/erasure", {"legal_basis": "UK GDPR article 17(1)(a)", "asked_by": "ero"})
    j.follow(receipt["stream_id"])
    j.wait_for("The erasure", lambda: j.officer.get(f"/electors/{elector}")["name"] is None)
    j.story.erased = True
    j.tell.line("Her name, birth and forms can no longer be read, here, on Kafka, or in any copy of the events.")
