"""Registration: Hester applies, is added to the register, votes by post; in the end she moves away and is erased."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from cli.demo.council import Council
from cli.demo.story import Happened
from shared.events.values import ElectorId, absent_votes_id

SERVICE = "registration"
DISTRICT, WARD = "DM", "E05099999"
"""The polling district and ward of the story: a street of their own, so that the invented council is left alone."""


def home(c: Council) -> str:
    """A house in the demonstration street."""
    c.tell.chapter("A home")
    officer = c.at(SERVICE, "registration-officer")
    uprn = 9_990_000_000 + uuid4().int % 9_000_000
    where = {"street": f"{uprn % 89 + 1} Example Row", "town": "Mootham", "postcode": "MT1 1AA", "uprn": uprn}
    place = officer.post("/properties", {"address": where, "uprn": uprn})["stream_id"]
    areas = {"district": DISTRICT, "ward": WARD}
    officer.post(f"/properties/{place}/allocation", {"areas": areas, "reason": "the demonstration street"})
    c.follow(SERVICE, place)
    return str(place)


def application(c: Council, place: str) -> str:
    """Received, listed, checked: the root of all that follows."""
    c.tell.chapter("Hester applies to be registered, and her application is listed")
    officer = c.at(SERVICE, "registration-officer")
    uprn = int(officer.get(f"/properties/{place}")["uprn"])
    reference = f"DEMO-{uuid4().hex[:10]}"
    form = {
        "applicationType": "ordinary", "refNum": reference, "gssCode": "E07000999", "lang": "en",
        "fn": "Hester", "mn": "Quillan", "ln": f"Example-{reference[-4:].title()}",
        "dob": "1987-03-14", "nat": "GB", "nino": "XX123456A", "oadr": "none", "opnreg": "false",
        "regproperty": "", "regstreet": f"{uprn % 89 + 1} Example Row", "regtown": "Mootham", "regpostcode": "MT1 1AA",
        "reguprn": str(uprn), "email": "hester@example.org", "pvote": "true", "timeTaken": "412",
    }  # fmt: skip
    identity = str(officer.post("/applications", {"application": form})["stream_id"])
    c.follow(SERVICE, identity)
    c.story.root = f"{identity}@1"
    officer.post(f"/applications/{identity}/identity-check", because=c.story.root)
    officer.post(f"/applications/{identity}/dwp-result", {"verdict": "green"}, because=c.story.root)
    c.follow(SERVICE, identity)
    return identity


def determination(c: Council, identity: str) -> tuple[Happened, date]:
    """Allowed when the objection period is over. Answers the elector's first event, and the day the entry takes effect."""
    c.tell.chapter("The objection period passes, and an officer allows the application")
    officer = c.at(SERVICE, "registration-officer")
    first = date.fromisoformat(officer.get(f"/applications/{identity}")["determine_from"])
    c.tell.line(f"Any elector may object until the window closes; the first day to allow it is {first:%-d %B %Y}.")
    c.move_clock(first)
    officer.post(f"/applications/{identity}/allowance", {}, because=c.story.root)
    allowed = c.follow(SERVICE, identity)
    starts = date.fromisoformat(officer.get(f"/applications/{identity}")["effective_on"])
    return c.comes(SERVICE, "registration.elector-added", allowed.event_id), starts


def postal_vote(c: Council, added: Happened) -> None:
    c.tell.chapter("She will vote by post")
    officer = c.at(SERVICE, "registration-officer")
    elector = added.stream
    c.wait_for("The elector's page", lambda: c.found(SERVICE, "registration-officer", f"/electors/{elector}"))
    asked = {"kind": "maximum", "reference": f"P-{elector[:8]}"}
    officer.post(f"/electors/{elector}/postal-vote", asked, because=added.event_id)
    c.follow(SERVICE, str(absent_votes_id(ElectorId(UUID(elector)))))
    until = officer.get(f"/electors/{elector}")["postal_vote"]["valid_until"]
    c.tell.line(f"The law lets it run until {date.fromisoformat(until):%-d %B %Y}, the third 31 January.")


def notice(c: Council, because: Happened, starts: date) -> Happened:
    """The notice that puts her on the register, published by another officer than who prepared it."""
    c.tell.chapter("The notice of alteration is published, and she is on the register")
    c.move_clock(starts)
    published = publish(c, starts, because.event_id)
    for day in (starts - timedelta(days=1), starts):
        on = on_register(c, because.stream, day)
        c.story.register_as_at[day.isoformat()] = "on" if on else "off"
        said = "[green]on[/green]" if on else "[yellow]not on[/yellow]"
        c.tell.line(f"Register as at {day:%-d %B %Y}: {said} the register")
    return published


def why(c: Council, elector: str) -> None:
    c.tell.chapter("Why is this person on the register?")
    answer = c.at(SERVICE, "registration-officer").get(f"/electors/{elector}/why")
    c.story.why = answer["sentences"]
    for sentence in answer["sentences"]:
        c.tell.line(f"{sentence['text']} [dim]{sentence['source']} · {sentence['event_id'][:8]}…[/dim]")
    c.tell.line(f"[bold]{answer['answer']}[/bold]")


def on_register(c: Council, elector: str, day: date) -> bool:
    """Whether the entry is among the lines of its district's register as at that day."""
    page = c.at(SERVICE, "ero-deputy").get("/register", effective=day.isoformat(), district=DISTRICT, limit=500)
    return any(line["elector_id"] == elector for line in page["items"])


def publish(c: Council, on: date, because: str) -> Happened:
    """The publication that falls due that day, a monthly notice or the revised register: one prepares, another publishes."""
    kind = "revised-register" if on.month == 12 else "monthly"
    if kind == "revised-register":
        number_anew(c, on)
    prepared = c.at(SERVICE, "registration-officer").post("/notices/drafts", {"kind": kind})
    counted = (
        f"{prepared['additions']} added, {prepared['removals']} removed"
        if kind == "monthly"
        else f"{prepared['electors']} electors"
    )
    c.tell.line(f"{kind.replace('-', ' ').capitalize()} of {on:%-d %B %Y}: {counted}.")
    deputy = c.at(SERVICE, "ero-deputy")
    return c.follow(SERVICE, deputy.post("/notices", {"draft": prepared["draft"]}, because=because)["stream_id"])


def number_anew(c: Council, on: date) -> None:
    """A revised register gives every entry its number anew, before it is published."""
    officer = c.at(SERVICE, "registration-officer")
    officer.post("/renumberings", {"publish_on": on.isoformat()})

    def numbered() -> bool:
        told: Any = officer.get(f"/renumberings/{on}")
        return bool(told["completed"] and told["waiting"] == 0)

    c.wait_for("The numbering of the register", numbered)


def removal_and_erasure(c: Council, elector: str) -> None:
    c.tell.chapter("She moves away, her new council allows her application, the entry ends, and she may be erased")
    officer = c.at(SERVICE, "registration-officer")
    told = {"kind": "other-ero-allowed", "origin": "E07000041", "received_on": c.today().isoformat()}
    officer.post(f"/electors/{elector}/removal", {"ground": "registered-elsewhere", "sources": [told]})
    removed = c.follow(SERVICE, elector)
    off: Any = c.wait_for("The removal", lambda: officer.get(f"/electors/{elector}")["removed_on"])
    c.move_clock(date.fromisoformat(off))
    publish(c, date.fromisoformat(off), removed.event_id)
    basis = {"legal_basis": "UK GDPR article 17(1)(a)"}
    proposed = c.at(SERVICE, "dpo").post(f"/electors/{elector}/erasure", basis, because=removed.event_id)
    c.at(SERVICE, "ero-deputy").post(f"/data-protection/destructions/{proposed['stream_id']}/confirmation")
    c.follow(SERVICE, proposed["stream_id"])
    c.wait_for("The erasure", lambda: officer.get(f"/electors/{elector}")["name"] is None)
    c.story.erased = True
    c.tell.line("Her name, birth and forms can no longer be read, here, on Kafka, or in any copy of the events.")
