"""Applications in the IER format, in and out."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.registration.applications.decider import applications
from services.registration.exchange import ier
from shared.eventcore.testing.specs import spec
from shared.events.registration import ApplicationFoundIncomplete, ApplicationListed, ApplicationReceived
from shared.events.values import AddressLines, ContactDetails, PersonId, PersonName, Uprn

DATA = Path(__file__).parents[5] / "shared" / "data" / "ier"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PERSON = PersonId(UUID(int=7))
FORM = {
    "applicationType": "ordinary",
    "refNum": "12345",
    "gssCode": "E07000999",
    "fn": "Ada",
    "ln": "Marsh",
    "dob": "1980-12-01",
    "nino": "AB 12 34 56 D",
    "nat": "GB, IE",
    "regproperty": "1",
    "regstreet": "High Street",
    "regpostcode": "mt1 1aa",
    "reguprn": "010001234567",
    "opnreg": "false",
}


def cases():
    if not DATA.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the reference data is not beside the project"))]
    return [
        pytest.param(case["application"], id=f"{kind}: {case['case']}")
        for file in sorted(DATA.glob("*.json"))
        for kind, examples in json.loads(file.read_text("utf-8")).items()
        for case in examples
    ]


def received(form) -> ApplicationReceived:
    command = ier.to_command(form, received_at=NOW, person_id=PERSON)
    outcome = spec(applications).when(command)
    assert outcome.refusal is None
    return outcome.events[0]


def document(**changes) -> bytes:
    return json.dumps({"application": {**FORM, **changes}}).encode()


@pytest.mark.parametrize("form", cases())
def test_every_example_becomes_one_application_and_reads_back_as_it_came(form):
    original = json.dumps({"application": form}).encode()
    event = received(ier.read(original))
    assert json.dumps(ier.write(event)).encode() == original
    assert event.kind == form["applicationType"]
    assert event.name == PersonName("John", "Smith", "James")
    assert event.unknown_keys == ()


@pytest.mark.parametrize("form", cases())
def test_every_example_is_complete_and_listed(form):
    _, then = spec(applications).when(ier.to_command(form, received_at=NOW, person_id=PERSON)).events
    assert isinstance(then, ApplicationListed)


def test_a_regiment_is_not_mistaken_for_an_address():
    event = received({**FORM, "applicationType": "forces", "reg": "Royal Moot Fusiliers"})
    assert event.address == AddressLines("1", "High Street", postcode="MT1 1AA", uprn=Uprn(10001234567))
    assert "Fusiliers" not in str(event.address)
    assert event.unknown_keys == ()


def test_a_key_we_do_not_know_is_kept_and_reported():
    event = received(ier.read(document(regplanet="Earth")))
    assert event.unknown_keys == ("regplanet",)
    assert ier.write(event)["application"]["regplanet"] == "Earth"


def test_what_people_type_is_cleaned_for_the_register_and_kept_as_typed_in_the_form():
    event = received({**FORM, "fn": "\tA<d>a| ", "ln": "M" * 40})
    assert event.name == PersonName("Ada", "M" * 35)
    assert event.form["fn"] == "\tA<d>a| "


def test_the_same_reference_is_the_same_application():
    first, second = (ier.to_command(FORM, received_at=NOW, person_id=PERSON) for _ in range(2))
    assert first.application_id == second.application_id


def test_a_missing_nino_without_reason_makes_the_application_incomplete():
    form = {key: value for key, value in FORM.items() if key != "nino"}
    _, then = spec(applications).when(ier.to_command(form, received_at=NOW, person_id=PERSON)).events
    assert then == ApplicationFoundIncomplete(("nino",), PERSON)


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ({"nino": "ZZ 12 34 56 D"}, "nino-impossible"),
        ({"nino": "AB 12 34 56"}, None),
        ({"dob": "2026-03-03"}, "birthday-in-the-future"),
        ({"dob": "1880-01-01"}, "birthday-too-long-ago"),
        ({"dob": "1 December 1980"}, "unreadable-answer"),
        ({"dob": "2001-02-29"}, "unreadable-answer"),
        ({"reguprn": "1234567890123"}, "unreadable-answer"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_its_rule_without_repeating_it(answer, rule):
    outcome = spec(applications).when(ier.to_command({**FORM, **answer}, received_at=NOW, person_id=PERSON))
    if rule is None:
        assert outcome.refusal is None
        return
    outcome.refused(rule)
    assert not any(value in outcome.refusal.detail for value in answer.values())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not json",
        b"[]",
        b'{"application": []}',
        b'{"form": {}}',
        '{"application": {"fn": "Zo\xeb"}}'.encode("latin-1"),
        b'{"application": {"fn": "Ada"',
        b'{"application": {"fn": "Ada", "fn": "Eve"}}',
        b'{"application": ' * 60_000,
        b'{"application": {"fn": "' + b"A" * ier.MOST_BYTES + b'"}}',
    ],
    ids=["empty", "text", "list", "no map", "other", "latin-1", "truncated", "key twice", "too deep", "too large"],
)
def test_a_document_that_is_no_application_is_refused_whole(raw):
    with pytest.raises(ier.FormRefused) as refusal:
        ier.read(raw)
    assert refusal.value.rule.name == "unreadable-ier-document"


def test_answers_that_are_no_text_are_refused_all_at_once_by_key():
    raw = json.dumps({"application": {**FORM, "opnreg": True, "fn": None, "mn": "m" * 5000, "ln": "a\x00b"}}).encode()
    with pytest.raises(ier.FormRefused) as refusal:
        ier.read(raw)
    assert {fault.key for fault in refusal.value.faults} == {"opnreg", "fn", "mn", "ln"}


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("applicationType", "tourist", "ier-application-type-unknown"),
        ("refNum", "  ", "ier-reference-missing"),
        ("gssCode", "", "ier-authority-missing"),
        ("gssCode", "EXETER", "gss-code-impossible"),
        ("pgssCode", "1", "gss-code-impossible"),
    ],
)
def test_a_form_nobody_could_file_is_refused_by_key(key, value, rule):
    with pytest.raises(ier.FormRefused) as refusal:
        ier.to_command({**FORM, key: value}, received_at=NOW, person_id=PERSON)
    assert [(fault.key, fault.rule.name) for fault in refusal.value.faults] == [(key, rule)]


def test_a_paper_form_gives_the_same_map_as_the_website():
    entered = ier.enter(
        reference="12345",
        gss_code="E07000999",
        name=PersonName("Ada", "Marsh"),
        address=AddressLines("1", "High Street", postcode="MT1 1AA", uprn=Uprn(10001234567)),
        date_of_birth="1980-12-01",
        nino="AB 12 34 56 D",
        nationalities="GB, IE",
        contact=ContactDetails(post=False),
    )
    online, on_paper = received(FORM), received(entered)
    assert (on_paper.name, on_paper.address, on_paper.franchise) == (online.name, online.address, online.franchise)
    assert not on_paper.contact.post
    assert on_paper.opted_out


def test_a_telephone_call_may_leave_a_nino_unknown_with_a_reason():
    entered = ier.enter(
        reference="P-1",
        gss_code="E07000999",
        name=PersonName("Ada", "Marsh"),
        address=AddressLines(street="Town Quay"),
        no_date_of_birth="does not know",
        age_band="18-75",
        no_nino="never had one",
        no_nationality="stateless",
    )
    command = ier.to_command(entered, received_at=NOW, person_id=PERSON, channel="phone")
    _, then = spec(applications).when(command).events
    assert isinstance(then, ApplicationListed)


def test_a_name_that_would_be_cut_is_sent_back_at_entry():
    with pytest.raises(ier.FormRefused) as refusal:
        ier.enter(reference="1", gss_code="E07000999", name=PersonName("A" * 36, "Marsh"), address=AddressLines("1"))
    assert [fault.key for fault in refusal.value.faults] == ["fn"]
