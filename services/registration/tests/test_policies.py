"""What follows from an event of registration, without anything running."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid5

from services.registration.absent_votes.commands import EndAbsentVotes, EndPostalVote
from services.registration.electors.commands import AddElector, AmendElector, RemoveElector
from services.registration.policies.when_application_allowed_then_add_elector import (
    Applicant,
    WhatIsKnown,
    add_elector,
    applicant_of,
    numbering_of,
)
from services.registration.policies.when_application_allowed_then_amend_elector import amend_elector
from services.registration.policies.when_elector_removed_then_end_absent_votes import end_absent_votes
from services.registration.policies.when_entry_is_limited_then_it_expires import expire_entry
from services.registration.policies.when_postal_vote_granted_then_it_expires import expire_postal_vote
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Do, Later
from shared.eventcore.testing.proofs import reactions
from shared.events.definition import Erased
from shared.events.registration import (
    ApplicationAllowed,
    ApplicationReceived,
    ElectorAdded,
    ElectorRemoved,
    FranchiseEstablished,
    MissingInformationReceived,
    PostalVoteGranted,
)
from shared.events.values import (
    AddressLines,
    ApplicationId,
    Authority,
    ContactDetails,
    ElectorId,
    ElectorNumber,
    FranchiseFacts,
    PersonId,
    PersonName,
    PollingDistrict,
    PropertyId,
    absent_votes_id,
)

APPLICATION, PERSON, HOME = UUID(int=1), PersonId(UUID(int=2)), PropertyId(UUID(int=3))
ELECTOR = ElectorId(uuid5(APPLICATION, "elector"))
FORM = {"fn": "Ada", "ln": "Marsh", "dob": "1980-12-01", "nat": "GB", "refNum": "R-1"}
NUMBER = ElectorNumber(PollingDistrict("AB"), 7)
LAST_REVISED = date(2025, 12, 1)


def received(entry_to_alter: ElectorId | None = None) -> ApplicationReceived:
    return ApplicationReceived(
        ApplicationId(APPLICATION), PERSON, "R-1", "gov.uk", "ordinary", datetime(2026, 3, 2, 9, tzinfo=LONDON),
        date(2026, 3, 2), Authority("E07000999"), FORM, PersonName("Ada", "Marsh"), FranchiseFacts(date(1980, 12, 1)),
        AddressLines(street="1 Example Row"), ContactDetails(email="a@example.org"), entry_to_alter=entry_to_alter,
    )  # fmt: skip


ALLOWED = ApplicationAllowed(PERSON, HOME, date(2026, 3, 16), date(2026, 4, 1), "monthly")


def applicant(*later: object, **what: ElectorId) -> Applicant:
    found = applicant_of([received(**what), *later])  # type: ignore[list-item]
    assert found is not None
    return found


def test_an_allowed_applicant_is_added_with_the_next_number_of_the_district():
    [step] = reactions(add_elector, ALLOWED, WhatIsKnown(applicant(), NUMBER, LAST_REVISED), stream=APPLICATION)
    assert isinstance(step, Do)
    assert step.stream_id == ELECTOR
    assert step.again_on == {"elector-number-taken"}
    command = step.command
    assert isinstance(command, AddElector)
    assert (command.number, command.effective_on, command.name.last) == (NUMBER, date(2026, 4, 1), "Marsh")


def test_what_was_supplied_later_counts():
    supplied = MissingInformationReceived(PERSON, {"ln": "Marsh-Reed"}, date(2026, 3, 5))
    established = FranchiseEstablished(PERSON, FranchiseFacts(date(1980, 12, 1), nationalities=("IE",)))
    assert applicant(supplied).name.last == "Marsh-Reed"
    assert applicant(established).franchise.nationalities == ("IE",)


def test_nobody_is_added_whose_data_was_erased_meanwhile():
    erased = received()
    object.__setattr__(erased, "name", Erased())
    assert applicant_of([erased]) is None
    assert not reactions(add_elector, ALLOWED, WhatIsKnown(None, NUMBER, LAST_REVISED))


def test_an_application_to_alter_an_entry_amends_it_and_adds_nobody():
    theirs = applicant(entry_to_alter=ElectorId(UUID(int=9)))
    assert not reactions(add_elector, ALLOWED, WhatIsKnown(theirs, NUMBER, LAST_REVISED))
    [step] = reactions(amend_elector, ALLOWED, theirs, stream=APPLICATION)
    assert isinstance(step, Do)
    assert step.stream_id == UUID(int=9)
    assert step.command == AmendElector(
        PersonName("Ada", "Marsh"),
        date(2026, 3, 16),
        ApplicationId(APPLICATION),
        effective_on=date(2026, 4, 1),
        notice="monthly",
    )


def test_numbers_are_given_anew_each_first_of_december():
    assert numbering_of(date(2026, 11, 30)) == date(2025, 12, 1)
    assert numbering_of(date(2026, 12, 1)) == date(2026, 12, 1)


def test_the_absent_votes_of_a_removed_elector_end_with_the_entry():
    removed = ElectorRemoved(
        ELECTOR, PERSON, PersonName("Ada", "Marsh"), date(1980, 12, 1), HOME, "death-certificate", date(2026, 4, 1),
        date(2026, 3, 16), "monthly",
    )  # fmt: skip
    [step] = reactions(end_absent_votes, removed)
    assert isinstance(step, Do)
    assert step.stream_id == absent_votes_id(ELECTOR)
    assert step.command == EndAbsentVotes(ELECTOR, date(2026, 4, 1), told=False)


def test_a_postal_vote_expires_at_the_midnight_that_ends_its_last_day():
    granted = PostalVoteGranted(ELECTOR, PERSON, "maximum", date(2024, 1, 31), date(2027, 1, 31), date(2024, 1, 31))
    [step] = reactions(expire_postal_vote, granted)
    assert isinstance(step, Later)
    assert step.due_at == datetime(2027, 2, 1, tzinfo=LONDON)
    assert step.command == EndPostalVote(ELECTOR, date(2027, 2, 1), "expired")


def test_edge_case_32_an_overseas_entry_of_1_november_2024_falls_due_for_removal_on_1_november_2027():
    added = ElectorAdded(
        ELECTOR, PERSON, PersonName("Ada", "Marsh"), FranchiseFacts(category="overseas"), HOME, NUMBER, LAST_REVISED,
        date(2024, 11, 1), "monthly", ends_on=date(2027, 11, 1),
    )  # fmt: skip
    [step] = reactions(expire_entry, added)
    assert isinstance(step, Later)
    assert step.due_at == datetime(2027, 11, 1, tzinfo=LONDON)
    assert step.command == RemoveElector("expired", determined_on=date(2027, 11, 1))


def test_an_ordinary_entry_has_no_last_day():
    added = ElectorAdded(
        ELECTOR,
        PERSON,
        PersonName("Ada", "Marsh"),
        FranchiseFacts(),
        HOME,
        NUMBER,
        LAST_REVISED,
        date(2026, 4, 1),
        "monthly",
    )
    assert not reactions(expire_entry, added)
