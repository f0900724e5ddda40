"""What becomes of one invented application: its story as the commands of an office, day after day. Pure.

A story yields what is asked on the day that has come (`Do`), and the day on which it goes on (a `date`). Most
applicants are confirmed by DWP and allowed when the time for objections is over; a few are everything else that happens.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from random import Random
from typing import Any, TypeAlias
from uuid import uuid5

from services.registration.absent_votes.commands import GrantPostalVote, RefusePostalVote
from services.registration.absent_votes.decider import absent_votes
from services.registration.applications import commands as ask
from services.registration.applications.decider import applications
from services.registration.demonstration.numbering import Register
from services.registration.electors.commands import AddElector
from services.registration.electors.decider import electors
from services.registration.exchange import ier
from services.registration.policies.when_application_allowed_then_add_elector import numbering_of
from shared.eventcore.policy import Do
from shared.events import application_form
from shared.events.registration import Match
from shared.events.values import (
    Authority,
    ElectorId,
    FranchiseFacts,
    PersonId,
    PollingDistrict,
    PropertyId,
    absent_votes_id,
    application_id,
)
from shared.law.effect import NO_PROGRAMME, Effect, Programme, takes_effect
from shared.law.evidence import Document
from shared.law.franchise import NOT_A_QUALIFYING_CITIZEN, entitlement
from shared.law.reckoning import LONDON
from shared.law.recorded import facts_of
from shared.law.registration import (
    HOME,
    ask_for_hearing_by,
    earliest_determination,
    election_notices,
    hearing_window,
)
from shared.law.rules import Refused

Story: TypeAlias = Iterator[Do | date]
Chapter: TypeAlias = Generator[Do | date, None, date]
"""A part of a story, which ends on a day."""

ANOTHER_COUNCIL = Authority("E07000998")
ALL_MATCH: dict[str, Match] = {"name": "match", "dob": "match", "nino": "match"}
NINO_DIFFERS: dict[str, Match] = ALL_MATCH | {"nino": "no-match"}
BEFORE_WITHDRAWAL = date(2015, 9, 1)
"""When those EU citizens who kept their rights came to live here: before 31 December 2020."""
GROUNDS = "I do not believe that the applicant lives at this address."


def elector_of(authority: Authority, reference: str) -> ElectorId:
    """The entry that an application leads to, under the id that the service's own policy would choose."""
    return ElectorId(uuid5(application_id(authority, reference), "elector"))


@dataclass(frozen=True)
class Case:
    """One application in the hands of the office. `place` is the elector's in the order of the register; `somebody` is
    another elector, who applied earlier: who objects, or whom the applicant turns out to be."""

    form: Mapping[str, str]
    applied_at: datetime
    home: PropertyId
    district: PollingDistrict
    place: int
    somebody: ElectorId
    chance: Random
    register: Register | None
    """Who gives the numbers; None: the service's own policy adds the elector once the application is allowed."""
    programme: Programme = NO_PROGRAMME

    @cached_property
    def receipt(self) -> ask.ReceiveApplication:
        identity = application_id(Authority(self.form["gssCode"]), self.form["refNum"])
        person = PersonId(uuid5(identity, "person"))
        return ier.to_command(self.form, received_at=self.applied_at, person_id=person, property_id=self.home)

    @property
    def applied_on(self) -> date:
        return self.applied_at.astimezone(LONDON).date()

    @cached_property
    def franchise(self) -> FranchiseFacts:
        return application_form.franchise(self.form, self.receipt.kind)

    def do(self, command: Any) -> Do:
        return Do(applications, self.receipt.application_id, command)

    def soon(self, on: date, most: int) -> date:
        """One of the next working days, at most so many ahead."""
        return HOME.forward(on, self.chance.randint(1, most))

    def decided(self, earliest: date) -> date:
        """The day of the decision: some days after it may be made, but not too late for a notice that it can still be in."""
        on = HOME.forward(earliest, self.chance.randrange(6))
        finals = (election_notices(poll.poll_type, poll.polling_day).final for poll in self.programme.polls)
        return min((final.decide_by for final in finals if earliest <= final.decide_by < on), default=on)


# ------------------------------------------------------------------- stories


def straightforward(case: Case) -> Story:
    yield case.do(case.receipt)
    on = yield from dwp_answers(case, case.applied_on, ask.RecordDwpResult("green", ALL_MATCH))
    yield from allowed(case, on)


def shows_documents(case: Case) -> Story:
    yield case.do(case.receipt)
    on = yield from evidence_wanted(case)
    yield (on := case.soon(on, 12))
    shown = (Document.BIRTH_CERTIFICATE, Document.UTILITY_BILL, Document.BANK_STATEMENT)
    yield case.do(ask.AcceptDocuments(case.chance.choice([(Document.PASSPORT,), shown])))
    yield from allowed(case, on)


def shows_nothing(case: Case) -> Story:
    yield case.do(case.receipt)
    on = yield from evidence_wanted(case)
    yield (on := HOME.forward(on, 28))
    yield case.do(ask.RejectApplication(on, ("identity-not-established",)))


def found_in_council_tax(case: Case) -> Story:
    yield case.do(case.receipt)
    on = yield from dwp_answers(case, case.applied_on, ask.RecordDwpResult("red", NINO_DIFFERS))
    yield (on := case.soon(on, 2))
    yield case.do(ask.RecordLocalMatch("council tax", matched=True))
    yield from allowed(case, on)


def answers_later(case: Case) -> Story:
    answers, form = incomplete(case.form)
    yield case.do(replace(case.receipt, form=form))
    yield (listed_on := case.soon(case.applied_on, 15))
    yield case.do(ask.SupplyInformation(answers, office_hour(listed_on)))
    on = yield from dwp_answers(case, listed_on, ask.RecordDwpResult("green", ALL_MATCH))
    yield from allowed(case, on, listed_on)


def never_answers(case: Case) -> Story:
    _, form = incomplete(case.form)
    yield case.do(replace(case.receipt, form=form))


def needs_judgement(case: Case) -> Story:
    """DWP knows the number of another person too, or reports the applicant dead: an officer looks into it."""
    yield case.do(case.receipt)
    dead = case.chance.random() < 0.3
    answer = ask.RecordDwpResult("green", ALL_MATCH, deceased=dead, nino_uses=1 if dead else 2)
    on = yield from dwp_answers(case, case.applied_on, answer)
    yield (on := case.soon(on, 15))
    yield case.do(ask.ReleaseApplication("Spoke to the applicant, who showed a passport."))
    yield from allowed(case, on)


def objection_without_merit(case: Case) -> Story:
    yield case.do(case.receipt)
    on = yield from dwp_answers(case, case.applied_on, ask.RecordDwpResult("green", ALL_MATCH))
    yield case.do(ask.MakeObjection(case.somebody, GROUNDS, on))
    yield (on := case.soon(on, 3))
    reason = "Council tax and the electoral enquiry both show the applicant at this address."
    yield case.do(ask.DisallowObjection(case.somebody, reason, on))
    yield from allowed(case, HOME.forward(ask_for_hearing_by(on).date, 1))


def objection_upheld(case: Case) -> Story:
    yield case.do(case.receipt)
    on = yield from dwp_answers(case, case.applied_on, ask.RecordDwpResult("green", ALL_MATCH))
    yield case.do(ask.MakeObjection(case.somebody, GROUNDS, on))
    yield (on := case.soon(on, 3))
    hearing = hearing_window(on).last
    yield case.do(ask.CallHearing(on, hearing))
    yield (on := hearing)
    yield case.do(ask.RecordHearing(on, upheld=True, findings="The applicant has let the home and lives elsewhere."))
    yield case.do(ask.RejectApplication(on, ("not-resident",), "An objection was upheld at a hearing."))


def withdraws(case: Case) -> Story:
    yield case.do(case.receipt)
    yield (on := case.soon(case.applied_on, 3))
    yield case.do(ask.WithdrawApplication(on))


def is_on_the_register(case: Case) -> Story:
    yield case.do(case.receipt)
    yield (on := case.soon(case.applied_on, 3))
    yield case.do(ask.FindDuplicate(on, elector=case.somebody))


def lives_elsewhere(case: Case) -> Story:
    yield case.do(case.receipt)
    yield (on := case.soon(case.applied_on, 3))
    yield case.do(ask.ForwardApplication(ANOTHER_COUNCIL, on))


STORIES: dict[Callable[[Case], Story], int] = {
    straightforward: 878, shows_documents: 30, found_in_council_tax: 30, answers_later: 16, shows_nothing: 10,
    needs_judgement: 8, withdraws: 7, is_on_the_register: 7, never_answers: 4, objection_without_merit: 4,
    objection_upheld: 3, lives_elsewhere: 3,
}  # fmt: skip
"""Of a thousand applications."""


def story_of(case: Case) -> Story:
    """What becomes of this application, by its own chance."""
    return case.chance.choices(list(STORIES), list(STORIES.values()))[0](case)


# ------------------------------------------------------------------ chapters


def dwp_answers(case: Case, on: date, answer: ask.RecordDwpResult) -> Chapter:
    """Name, date of birth and NINO go to DWP, which answers the next working day."""
    yield case.do(ask.RequestIdentityCheck(office_hour(on)))
    yield (on := HOME.forward(on, 1))
    yield case.do(answer)
    return on


def evidence_wanted(case: Case) -> Chapter:
    on = yield from dwp_answers(case, case.applied_on, ask.RecordDwpResult("red", NINO_DIFFERS))
    yield (on := case.soon(on, 2))
    yield case.do(ask.RecordLocalMatch("council tax", matched=False))
    yield case.do(ask.RequestEvidence(on))
    return on


def allowed(case: Case, on: date, listed_on: date | None = None) -> Story:
    """Allowed at the earliest when nobody may object any more, and on the register by the next notice."""
    facts = case.franchise
    try:
        entitlement(facts_of(facts), case.applied_on)
    except Refused as refusal:
        if refusal.rule is not NOT_A_QUALIFYING_CITIZEN:
            raise
        if case.chance.random() < 0.4:
            yield (on := case.soon(on, 5))
            yield case.do(ask.RejectApplication(on, ("nationality",), refusal.rule.because))
            return
        facts = replace(facts, resident_since=BEFORE_WITHDRAWAL)
        yield case.do(ask.EstablishFranchise(facts, "Settled status, and a tenancy agreement of 2015."))
    unopposed = earliest_determination(listed_on or case.applied_on)
    yield (on := case.decided(max(on, unopposed)))
    yield case.do(ask.AllowApplication(on, programme=case.programme))
    effect = takes_effect(on, entitlement(facts_of(facts), case.applied_on).registers, case.programme)
    elector = elector_of(case.receipt.gss_code, case.receipt.reference)
    if case.register is not None:
        yield Do(electors, elector, added(case, case.register, facts, effect))
    if case.form.get("pvote") == "true":
        yield (on := HOME.first_on_or_after(effect.on))
        yield postal_vote(case, elector, on)


def added(case: Case, register: Register, facts: FranchiseFacts, effect: Effect) -> AddElector:
    """The entry that follows, with a number that the register gives."""
    received, numbered_in = case.receipt, numbering_of(effect.on)
    elector = elector_of(received.gss_code, received.reference)
    return AddElector(
        elector_id=elector,
        person_id=received.person_id,
        name=application_form.name(case.form),
        franchise=facts,
        property_id=case.home,
        number=register.add(case.place, elector, case.district, numbered_in),
        numbered_in=numbered_in,
        effective_on=effect.on,
        notice=effect.notice,
        opted_out=application_form.opted_out(case.form),
        application_id=received.application_id,
        contact=application_form.contact(case.form),
    )


def postal_vote(case: Case, elector: ElectorId, on: date) -> Do:
    """What was asked for with the registration is answered when the entry takes effect."""
    person, reference = case.receipt.person_id, f"{case.receipt.reference}-P"
    command: GrantPostalVote | RefusePostalVote = GrantPostalVote(
        elector, person, "maximum", case.applied_at, on, reference=reference
    )
    if case.chance.random() < 0.03:
        command = RefusePostalVote(elector, person, on, ("signature-missing",), reference=reference)
    return Do(absent_votes, absent_votes_id(elector), command)


def incomplete(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The answer about the National Insurance number, and the form without it."""
    answers = {key: form[key] for key in ("nino", "nonino") if key in form}
    return answers, {key: answer for key, answer in form.items() if key not in answers}


def office_hour(on: date) -> datetime:
    """Three in the afternoon, when the office has read its post."""
    return datetime.combine(on, time(15), LONDON)
