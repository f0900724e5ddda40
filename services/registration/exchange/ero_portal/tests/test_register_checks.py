"""What the portal makes of an answer, by the 41 vectors restated from its own tests; every body as its specification has it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
import yaml

from services.registration.exchange.ero_portal.register_checks import (
    Match,
    PostalVoteHeld,
    RegisterCheck,
    answer,
    outcome,
)
from shared.events.values import AddressLines, PersonName

DATA = Path(__file__).parents[6] / "shared" / "data" / "erop"
TODAY = date(2026, 11, 22)
SAME = {"fn": "Ada", "ln": "Marsh", "regstreet": "10 Gorse Lane", "regpostcode": "ZZ1 1AA"}


def asked(**said) -> RegisterCheck:
    return RegisterCheck.model_validate(
        {
            "requestid": "9477c3c2-303f-11ed-a261-0242ac120002", "source": "EROP", "gssCode": "E07000999",
            "actingStaffId": "EROP", "createdAt": "2026-11-22T09:00:00.123Z", **SAME, **said,
        }
    )  # fmt: skip


def held(**said) -> Match:
    return Match.model_validate({"emsElectorId": "7", "attestationCount": 0, "franchiseCode": "", **SAME, **said})


def day(offset: int | None) -> date | None:
    return None if offset is None else TODAY + timedelta(days=offset)


def vectors() -> list[Any]:
    if not DATA.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the reference data is not beside the project"))]
    read: list[Any] = json.loads((DATA / "register-check-match-vectors.json").read_text())
    return read


@pytest.mark.parametrize("vector", vectors())
def test_the_portal_concludes_what_its_own_tests_conclude(vector):
    check, match, count = asked(), held(), 1
    match vector["kind"]:
        case "count":
            count = vector["match_count"]
        case "dates":
            check = asked(historicalSearch=vector["historicalSearch"])
            match = held(
                franchiseCode=vector["franchiseCode"],
                registeredStartDate=day(vector["start_days_from_today"]),
                registeredEndDate=day(vector["end_days_from_today"]),
            )
        case "person":
            check, match = asked(**vector["application"]), held(**vector["match"])
        case "address":
            # Unchecked: the vectors hold what no valid message does.
            check, match = check.model_copy(update=vector["application"]), match.model_copy(update=vector["match"])
    assert outcome(check, count, match, TODAY) == vector["expected"]


def test_a_time_without_an_offset_is_london_time():
    assert asked(createdAt="2026-07-01T09:00:00").created_at == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_a_name_too_long_for_the_portal_is_cut_and_a_single_name_has_a_dash_for_the_other():
    match = held(**Match.names(PersonName("", "X" * 40)))
    assert (match.first, match.last) == ("-", "X" * 35)


def test_a_mooring_without_street_or_postcode_can_be_answered():
    match = held(**Match.place(AddressLines(property="Narrowboat Heron", town="Gavelford")))
    assert (match.street, match.postcode, match.property) == ("-", "-", "Narrowboat Heron")


def test_more_than_ten_are_only_counted_and_none_is_an_empty_answer():
    many = answer(asked(), [held()] * 11, datetime(2026, 11, 22, tzinfo=UTC))
    assert json.loads(many.body())["registerCheckMatchCount"] == 11
    assert "registerCheckMatches" not in json.loads(many.body())
    assert json.loads(answer(asked(), [], datetime(2026, 11, 22, tzinfo=UTC)).body())["registerCheckMatchCount"] == 0


def test_a_history_older_than_the_portal_can_take_begins_when_it_can():
    told = answer(asked(), [], datetime(2026, 11, 22, tzinfo=UTC), datetime(1918, 12, 14, tzinfo=UTC))
    assert told.history_begins == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


@pytest.mark.skipif(not DATA.is_dir(), reason="the reference data is not beside the project")
def test_a_full_answer_is_valid_by_the_specification():
    specification = yaml.safe_load((DATA / "RegisterCheckerAPIs.yaml").read_text())
    schema = {"$ref": "#/components/schemas/RegisterCheckResultRequest", "components": specification["components"]}
    match = held(
        **Match.names(PersonName("Ada", "Marsh", "Iris")),
        dob=date(1980, 12, 1),
        registeredStartDate=date(2024, 5, 1),
        reguprn="10001234567",
        postalVote=PostalVoteHeld(
            postal_vote_start_date=date(2024, 5, 1), postal_vote_end_date=date(2027, 1, 31), ballotstreet="1 Quay",
            ballotpostcode="ZZ1 1AB", ballot_address_reason="away",
        ),
    )  # fmt: skip
    told = answer(asked(), [match], datetime(2026, 11, 22, 9, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))
    body = json.loads(told.body())
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(body)
    assert UUID(body["requestid"]) == told.request_id
    assert body["registerCheckMatches"][0]["postalVote"]["postalVoteEndDate"] == "2027-01-31"
