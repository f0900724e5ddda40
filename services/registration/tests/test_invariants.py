"""What holds for every order of commands: history always folds, and an application ends once at most."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.registration.applications import commands as ask
from services.registration.applications.decider import Ended, applications, boundary
from services.registration.electors import commands as elector_asks
from services.registration.electors.decider import OffRegister, electors
from services.registration.electors.decider import boundary as places
from shared.eventcore.deciding import Claim, Refused, Release
from shared.events import registration as events
from shared.events.values import (
    ApplicationId,
    Authority,
    ContactDetails,
    ElectorId,
    ElectorNumber,
    EvidenceSource,
    FranchiseFacts,
    IdentityDocument,
    PersonId,
    PersonName,
    PollingDistrict,
    PropertyId,
)
from shared.law.effect import PollAhead, Programme
from shared.law.evidence import Document, Relationship
from shared.law.polls import PollType

START = date(2026, 3, 2)
PERSON, HOME = PersonId(UUID(int=2)), PropertyId(UUID(int=3))
FORM = {
    "fn": "Ada", "ln": "Marsh", "dob": "1980-12-01", "nino": "AB123456D", "nat": "GB", "regproperty": "1",
}  # fmt: skip
MAY = PollAhead(PollType.LOCAL, date(2026, 5, 7))

days = st.integers(0, 70).map(lambda n: START + timedelta(days=n))
instants = st.integers(0, 70 * 24).map(lambda n: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=n))
people = st.integers(10, 12).map(lambda n: ElectorId(UUID(int=n)))
texts = st.sampled_from(["", "because"])
programmes = st.sampled_from([Programme(), Programme((MAY,))])
facts = st.builds(
    FranchiseFacts,
    date_of_birth=st.sampled_from([None, date(1980, 12, 1), date(2009, 11, 30), date(2012, 1, 1)]),
    nationalities=st.sampled_from([(), ("GB",), ("FR",), ("PL",), ("US",)]),
    category=st.sampled_from(["ordinary", "overseas", "forces"]),
)
forms = st.sets(st.sampled_from(sorted(FORM))).map(lambda keys: {k: v for k, v in FORM.items() if k not in keys})

applying = st.one_of(
    st.builds(
        ask.ReceiveApplication,
        st.just(ApplicationId(UUID(int=1))),
        st.just(PERSON),
        st.just("R-1"),
        st.sampled_from(["gov.uk", "paper"]),
        st.sampled_from(["ordinary", "overseas"]),
        instants,
        st.just(Authority("E07000999")),
        forms,
        st.sampled_from([None, HOME]),
    ),
    st.builds(ask.SupplyInformation, forms, instants),
    st.builds(ask.IdentifyProperty, st.just(HOME)),
    st.builds(ask.EstablishFranchise, facts),
    st.builds(ask.RequestIdentityCheck, instants),
    st.builds(
        ask.RecordDwpResult,
        st.sampled_from(["green", "red", "unverifiable"]),
        st.just({}),
        st.booleans(),
        st.integers(1, 2),
    ),
    st.builds(ask.RecordLocalMatch, st.just("council tax"), st.booleans()),
    st.builds(ask.ReleaseApplication, texts),
    st.builds(ask.RequestEvidence, days),
    st.builds(ask.AcceptDocuments, st.lists(st.sampled_from(Document), max_size=4).map(tuple)),
    st.builds(ask.AcceptAttestation, people, days, st.sampled_from(Relationship), st.just(START), st.just(START)),
    st.builds(ask.MakeObjection, people, texts, days),
    st.builds(ask.DisallowObjection, people, texts, days),
    st.builds(ask.CallHearing, days, days),
    st.builds(ask.RecordHearing, days, st.booleans()),
    st.builds(ask.AllowApplication, days, programmes),
    st.builds(ask.RejectApplication, days, st.sampled_from([(), ("not-resident",)])),
    st.builds(ask.WithdrawApplication, days),
    st.builds(ask.FindDuplicate, days, people),
    st.builds(ask.ForwardApplication, st.just(Authority("E07000041")), days),
)
ENDINGS = (
    events.ApplicationAllowed,
    events.ApplicationRejected,
    events.ApplicationWithdrawn,
    events.ApplicationFoundDuplicate,
    events.ApplicationForwarded,
)


def run(decider, commands):
    """Every event the commands bring about, and the state they leave; each event is folded as soon as it is decided."""
    state, history = decider.initial, []
    for command in commands:
        try:
            decided = decider.decide(command, state)
        except Refused:
            continue
        for event in decided:
            state = decider.evolve(state, event)
        history += decided
    assert decider.fold(history) == state
    return history, state


receipts = st.builds(
    lambda form, at: ask.ReceiveApplication(
        ApplicationId(UUID(int=1)), PERSON, "R-1", "paper", "ordinary", at, Authority("E07000999"), form, HOME
    ),
    st.one_of(st.just(FORM), forms),
    instants,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(receipts, st.lists(applying, max_size=20))
def test_an_application_comes_to_one_end_at_most_and_history_always_folds(receipt, commands):
    history, state = run(applications, [receipt, *commands])
    endings = [event for event in history if isinstance(event, ENDINGS)]
    assert len(endings) <= 1
    assert isinstance(state, Ended) == bool(endings)
    if endings:
        assert history[-1] is endings[0]
    for event in history:
        list(boundary(event))


@settings(max_examples=300, deadline=None)
@given(receipts, st.lists(applying, max_size=20))
def test_nobody_is_allowed_unlisted_unverified_or_before_the_window_closed(receipt, commands):
    history, _ = run(applications, [receipt, *commands])
    for allowed in (event for event in history if isinstance(event, events.ApplicationAllowed)):
        (listed,) = [event for event in history if isinstance(event, events.ApplicationListed)]
        assert any(isinstance(event, events.IdentityVerified) for event in history)
        assert listed.determine_from <= allowed.determined_on < allowed.effective_on
        assert sum(isinstance(event, events.IdentityVerified) for event in history) == 1


names = st.sampled_from([PersonName("Ada", "Marsh"), PersonName("Ada", "Poole"), PersonName("ADA", "Marsh")])
sources = st.builds(
    EvidenceSource,
    st.sampled_from(["returned-mail", "council-tax-closed", "close-relative", "death-certificate", "silence"]),
    st.sampled_from(["a", "b"]),
    days,
    st.booleans(),
    st.booleans(),
)
registering = st.one_of(
    st.builds(elector_asks.AmendElector, names, days),
    st.builds(elector_asks.ChangeFranchise, facts, days),
    st.builds(
        elector_asks.RenumberElector,
        st.integers(1, 3).map(lambda n: ElectorNumber(PollingDistrict("AB"), n)),
        days,
        days,
    ),
    st.builds(elector_asks.ChangeOpenRegisterPreference, st.booleans(), days),
    st.builds(elector_asks.ChangeContactDetails, st.builds(ContactDetails, texts, texts)),
    st.builds(elector_asks.CorrectClericalError, names, instants, st.booleans(), st.sampled_from([None, MAY])),
    st.builds(elector_asks.OpenReview, st.sampled_from("ABC"), days, texts, days),
    st.builds(elector_asks.ConcludeReview, st.booleans(), days),
    st.builds(
        elector_asks.RemoveElector,
        st.sampled_from(["two-sources", "satisfied-of-death", "death-certificate", "review", "expired"]),
        days,
        st.lists(sources, max_size=3).map(tuple),
        texts,
        programmes,
    ),
)
additions = st.builds(
    elector_asks.AddElector,
    st.just(ElectorId(UUID(int=1))),
    st.just(PERSON),
    names,
    facts,
    st.just(HOME),
    st.just(ElectorNumber(PollingDistrict("AB"), 1)),
    st.just(date(2025, 12, 1)),
    st.just(date(2026, 4, 1)),
    st.just("monthly"),
    anonymous=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(additions, st.lists(registering, max_size=20))
def test_an_entry_holds_its_place_until_it_is_removed_and_then_gives_it_back(addition, commands):
    history, state = run(electors, [addition, *commands])
    held = set()
    for event in history:
        for step in places(event):
            if isinstance(step, Claim) and not step.tag.startswith("number:"):  # a number is never given back
                assert step.tag not in held
                held.add(step.tag)
            elif isinstance(step, Release):
                assert step.tag in held
                held.remove(step.tag)
    assert bool(held) != isinstance(state, OffRegister)


def test_the_property_tests_reach_every_end():
    """The generators are wide enough: each ending is reachable by commands they draw."""
    receipt = ask.ReceiveApplication(
        ApplicationId(UUID(int=1)), PERSON, "R-1", "paper", "ordinary", datetime(2026, 3, 2, 9, tzinfo=UTC),
        Authority("E07000999"), FORM, HOME,
    )  # fmt: skip
    history, _ = run(
        applications,
        [receipt, ask.AcceptDocuments((Document.PASSPORT,)), ask.AllowApplication(date(2026, 3, 10))],
    )
    assert isinstance(history[-1], events.ApplicationAllowed)
    assert history[-3] == events.EvidenceAccepted((IdentityDocument("a", "passport"),))
