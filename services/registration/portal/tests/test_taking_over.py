"""Decisions taken over from the portal: each once, whatever is lost on the way, acknowledged when it stands here."""

from __future__ import annotations

import asyncio
import base64
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import jsonschema
import pytest
import yaml

from services.registration.exchange.ero_portal.client import PortalAway, open_portal
from services.registration.identifiers.decider import identifiers_id
from services.registration.identifiers.images import SignatureImages
from services.registration.main import service
from services.registration.portal.tests.there import There, certificates, served
from services.registration.portal.worker import PortalWorker
from services.registration.views.portal_decisions import PortalDecisions
from services.registration.views.tests.office import FACTS
from shared.eventcore.testing.core import AUTHORITY
from shared.events import registration as r
from shared.events.values import Authority, ElectorId, PersonName, absent_votes_id

DATA = Path(__file__).parents[5] / "shared" / "data" / "erop"
NOVEMBER = date(2026, 11, 20)
SIGNATURE = base64.b64encode(b"\x89PNG\r\n\x1a\n-signature").decode()
HOME = {"street": "10 Gorse Lane", "town": "Gavelford", "postcode": "ZZ1 1AA"}


def item(number: int, elector: object = None, **detail: Any) -> dict[str, Any]:
    """One application as the portal hands it over: approved, by post, for as long as may be."""
    said = {
        "refNum": "V3HQ9LKI0W", "ip": "127.0.0.1", "lang": "en", "applicationStatus": "approved", "fn": "Ada", "ln": "Marsh",
        "dob": "1980-12-01", "registeredAddress": HOME, "regstreet": HOME["street"], "regpostcode": HOME["postcode"],
        "signature": SIGNATURE, "signatureWaived": False,
        "rejectedReasons": {"englishReason": {"reasonList": []}, "welshReason": {"reasonList": []}},
        **({"emsElectorId": str(elector)} if elector else {}),
    }  # fmt: skip
    return {
        "id": f"{number:024x}", "createdAt": "2026-11-16T09:00:00.000Z", "authorisedAt": "2026-11-18T12:00:00.000Z",
        "gssCode": AUTHORITY, "source": "web", "authorisingStaffId": "ero@example.org", "detail": said | detail,
    }  # fmt: skip


def postal(number: int, elector: object = None, **detail: Any) -> dict[str, Any]:
    return item(number, elector, **{"postalVoteUntilFurtherNotice": True, **detail})


def proxied(number: int, elector: object = None, **detail: Any) -> dict[str, Any]:
    return item(number, elector, **{
        "proxyfn": "Bea", "proxyln": "Pond", "proxyAddress": {"street": "3 Amber Road", "postcode": "ZZ1 2AB"},
        "proxyVoteUntilFurtherNotice": True, "proxyreason": "works at sea", **detail,
    })  # fmt: skip


@dataclass
class Side:
    """Both sides: the portal `there`, the office here, and the worker between them."""

    there: There
    office: Any
    worker: PortalWorker
    access: Any

    async def look(self) -> None:
        async with open_portal(self.access) as portal:
            await self.worker.look(portal, frozenset({AUTHORITY}), asyncio.Event())

    async def events(self, stream) -> list[Any]:
        async with self.office.core.pool.acquire() as conn:
            stored = await self.office.core.store.stream(stream, AUTHORITY)
            return [e.data for e in await self.office.core.opener.open(conn, stored)]

    async def votes(self, elector: ElectorId) -> list[Any]:
        return await self.events(absent_votes_id(elector))

    async def decision(self, number: int) -> list[Any]:
        return await self.events(r.portal_decision_id(Authority(AUTHORITY), "postalvotes", f"{number:024x}"))


@asynccontextmanager
async def side_by_side(office, folder):
    core = SimpleNamespace(pool=office.core.pool, execute=office.core.execute, clock=office.core.clock)
    there = There()
    async with served(there, folder) as access:
        yield Side(there, office, PortalWorker(core, (), 300), access)


@pytest.fixture
async def side(office, tmp_path):
    await office.core.pool.execute((service.migrations / "signature_image.sql").read_text("utf-8"))
    office.on(NOVEMBER)
    async with side_by_side(office, tmp_path) as it:
        yield it


@pytest.fixture
async def ada(office):
    elector, _ = await office.add(await office.property(1), 1, name=PersonName("Ada", "Marsh"))
    return elector


async def test_an_approved_postal_vote_stands_here_and_is_acknowledged(side, ada):
    side.there.add("postalvotes", postal(1, ada))
    await side.look()
    (granted,) = await side.votes(ada)
    assert (granted.kind, granted.valid_until, granted.reference) == ("maximum", date(2029, 1, 31), f"{1:024x}")
    assert granted.applied_at == datetime(2026, 11, 16, 9, tzinfo=UTC)
    assert side.there.acknowledged == {f"{1:024x}": {"status": "success"}}
    assert side.there.queues["postalvotes"] == {}


async def test_the_signature_is_among_the_identifiers_and_in_no_event(side, ada, office):
    side.there.add("postalvotes", postal(1, ada))
    await side.look()
    received, *_ = await side.decision(1)
    (recorded,) = await side.events(identifiers_id(received.person_id))
    assert (recorded.signed_on, recorded.date_of_birth) == (date(2026, 11, 16), date(1980, 12, 1))
    kept = await SignatureImages(office.core.execute).open(received.person_id, recorded.image_id, AUTHORITY)
    assert kept == base64.b64decode(SIGNATURE)
    assert "signature-" not in received.record
    assert recorded.image_id == received.signature_image


async def test_what_a_vote_will_be_checked_against_is_refused_before_the_vote_stands(side, ada):
    side.there.add("postalvotes", postal(1, ada, dob=None))
    await side.look()
    assert side.there.acknowledged[f"{1:024x}"]["details"] == "date-of-birth-needed"
    assert await side.votes(ada) == []


async def test_an_item_that_the_portal_will_not_let_go_keeps_no_other_waiting(side, ada):
    side.there.refuse.add(f"{1:024x}")
    side.there.add("postalvotes", postal(1, ada), postal(2, applicationStatus="rejected"))
    await side.look()
    assert list(side.there.acknowledged) == [f"{2:024x}"]


async def test_a_waived_signature_says_why(side, ada):
    side.there.add("postalvotes", postal(1, ada, signature=None, signatureWaived=True, signatureWaivedReason="tremor"))
    await side.look()
    received, *_ = await side.decision(1)
    (waived,) = await side.events(identifiers_id(received.person_id))
    assert (type(waived).__name__, waived.reason) == ("SignatureWaived", "tremor")


async def test_an_acknowledgement_lost_on_its_way_leaves_one_vote_and_is_said_again(side, ada):
    side.there.add("postalvotes", postal(1, ada))
    side.there.lose = 1
    with pytest.raises(PortalAway):
        await side.look()
    side.there.add("postalvotes", postal(1, ada))
    await side.look()
    assert [type(e).__name__ for e in await side.votes(ada)] == ["PostalVoteGranted"]
    names = [type(e).__name__ for e in await side.decision(1)]
    assert names == ["PortalDecisionReceived", "PortalDecisionApplied", "PortalDecisionAcknowledged"]


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
async def test_edge_case_35_a_crash_after_any_step_changes_nothing_twice(side, ada, office, steps, monkeypatch):
    side.there.add("postalvotes", postal(1, ada))
    done, do = [], PortalWorker._do

    async def dies(worker, *args):
        if len(done) == steps:
            raise ConnectionResetError("the machine went away")
        done.append(await do(worker, *args))

    monkeypatch.setattr(PortalWorker, "_do", dies)
    if steps < 5:
        with pytest.raises(ConnectionResetError):
            await side.look()
    else:
        await side.look()
    monkeypatch.undo()
    await office.core.catch_up(PortalDecisions.view)
    await side.look()
    assert [type(e).__name__ for e in await side.votes(ada)] == ["PostalVoteGranted"]
    assert side.there.acknowledged == {f"{1:024x}": {"status": "success"}}
    assert len(await side.decision(1)) == 3


async def test_what_names_no_elector_of_ours_fails_with_words_for_the_officer_and_is_kept(side, ada):
    side.there.add("postalvotes", postal(1, "00000000-0000-4000-8000-00000000dead"), postal(2, "not ours"), postal(3))
    await side.look()
    said = [side.there.acknowledged[f"{n:024x}"] for n in (1, 2, 3)]
    assert {s["status"] for s in said} == {"failure"}
    assert said[0]["details"] == "unknown-elector"
    assert "Marsh" not in str(said)
    received, *_ = await side.decision(1)
    assert '"Marsh"' in received.record
    assert await side.votes(ada) == []


async def test_what_the_law_forbids_here_fails_with_the_rule(side, ada):
    side.there.add(
        "postalvotes", postal(1, ada, postalVoteUntilFurtherNotice=None, postalVoteForSingleDate="2027-05-06")
    )
    await side.look()
    assert side.there.acknowledged[f"{1:024x}"]["details"] == "no-such-poll"


async def test_edge_case_35_a_suspicion_of_fraud_is_never_told_to_the_elector(side, ada):
    reasons = [
        {"type": "fraudulent-application", "electorReason": "We suspect fraud", "includeInComms": False},
        {"type": "signature-is-not-acceptable", "electorReason": "The signature was unclear", "includeInComms": True},
    ]
    side.there.add("postalvotes", postal(
        1, ada, applicationStatus="rejected", rejectedReasons={"englishReason": {"notes": "Ring us.", "reasonList": reasons}},
    ))  # fmt: skip
    await side.look()
    (refused,) = await side.votes(ada)
    assert refused.reasons == ("signature-is-not-acceptable",)
    assert refused.explanation == "The signature was unclear\nRing us."


async def test_reasons_none_of_which_may_be_told_become_other(side, ada):
    told = {"englishReason": {"reasonList": [{"type": "fraudulent-application", "includeInComms": False}]}}
    side.there.add("proxyvotes", proxied(1, ada, applicationStatus="rejected", rejectedReasons=told))
    await side.look()
    (refused,) = await side.votes(ada)
    assert (type(refused).__name__, refused.reasons, refused.explanation) == ("ProxyRefused", ("other",), "")


async def test_a_rejection_of_somebody_not_on_the_register_is_taken_note_of(side):
    side.there.add("postalvotes", postal(1, applicationStatus="rejected"))
    await side.look()
    assert side.there.acknowledged[f"{1:024x}"]["status"] == "success"


async def test_a_proxy_is_appointed_and_then_votes_by_post(side, ada):
    side.there.add("proxyvotes", proxied(1, ada))
    await side.look()
    postal_proxy = {"fn": "Bea", "ln": "Pond", "dob": "1975-02-03"}
    away = {"street": "1 Quay", "town": "Gavelford", "postcode": "ZZ1 3CC"}
    side.there.add("postalvotes", postal(2, ada, postalProxy=postal_proxy, ballotAddress=away, dob=None))
    await side.look()
    appointed, named, granted = await side.votes(ada)
    (signed,) = await side.events(identifiers_id(granted.proxy_id))
    assert (signed.elector_id, signed.date_of_birth) == (ada, date(1975, 2, 3))
    assert (appointed.kind, appointed.reason, str(named.name)) == ("indefinite", "works at sea", "Bea Pond")
    assert (granted.proxy_id, granted.ballot_address.street) == (appointed.proxy_id, "1 Quay")
    assert [side.there.acknowledged[f"{n:024x}"]["status"] for n in (1, 2)] == ["success", "success"]


async def test_the_limits_of_a_proxy_hold_against_the_portal_too(side, office):
    for number in range(1, 4):
        home = await office.property(number, house=str(number))
        elector, _ = await office.add(home, number, franchise=replace(FACTS), name=PersonName("E", f"Lector{number}"))
        side.there.add("proxyvotes", proxied(number, elector))
    await side.look()
    third = side.there.acknowledged[f"{3:024x}"]
    assert (third["status"], third["details"]) == ("failure", "proxy-acts-for-enough-domestic")


async def test_two_hundred_and_fifty_waiting_are_three_pages(side):
    side.there.add("postalvotes", *(postal(n, applicationStatus="rejected") for n in range(1, 251)))
    await side.look()
    assert side.there.pages[:3] == [100, 100, 50]
    assert len(side.there.acknowledged) == 250


async def test_a_record_that_is_not_as_specified_fails_by_its_field_and_says_no_value(side, ada):
    side.there.add("postalvotes", postal(1, ada, dob="the first of December"))
    await side.look()
    said = side.there.acknowledged[f"{1:024x}"]
    assert said["details"] == "unreadable-portal-application"
    assert "dob" in said["message"]
    assert "December" not in said["message"]


async def test_another_councils_item_under_the_same_certificate_is_left_alone(side, ada):
    side.there.add("postalvotes", {**postal(1, ada), "gssCode": "E07000041"})
    await side.look()
    assert side.there.acknowledged == {}


def of_others(numbers):
    return [{**postal(n), "gssCode": "E07000041"} for n in numbers]


async def test_ours_are_found_behind_a_page_of_the_items_of_others(side, ada):
    side.there.add("postalvotes", *of_others(range(1, 121)), postal(500, ada))
    await side.look()
    assert list(side.there.acknowledged) == [f"{500:024x}"]
    assert side.there.pages[:2] == [100, 121]
    assert side.worker.hidden == 0


async def test_what_is_ours_is_taken_from_between_the_items_of_others_until_none_is_left(side):
    mine = [postal(n, applicationStatus="rejected") for n in range(1000, 1250)]
    side.there.add("postalvotes", *of_others(range(1, 51)), *mine)
    await side.look()
    assert len(side.there.acknowledged) == 250
    assert side.there.pages[:3] == [100, 200, 100]


async def test_a_largest_page_full_of_the_items_of_others_is_told_of_until_they_are_gone(side, ada):
    side.there.add("postalvotes", *of_others(range(1, 201)), postal(500, ada))
    await side.look()
    assert side.there.acknowledged == {}
    assert (side.worker.hidden, side.worker.progress()["hidden"]) == (1, 1)
    side.there.queues["postalvotes"].pop(f"{1:024x}")  # the other council's system takes one
    await side.look()
    assert list(side.there.acknowledged) == [f"{500:024x}"]
    await side.look()
    assert side.worker.hidden == 0


async def test_a_question_is_answered_and_written_down_without_a_name(side, ada, office):
    await office.catch_up()
    check = "9477c3c2-303f-11ed-a261-0242ac120002"
    side.there.questions[check] = {
        "requestid": check, "source": "EROP", "gssCode": AUTHORITY, "actingStaffId": "EROP",
        "createdAt": "2026-11-19T09:00:00", "fn": "Ada", "ln": "Marsh", "dob": "1980-12-01",
        "regstreet": "10 Gorse Lane", "regpostcode": "ZZ1 1AA", "historicalSearch": True,
    }  # fmt: skip
    side.there.lose = 1
    with pytest.raises(PortalAway):
        await side.look()
    await side.look()
    body = side.there.answers[check]
    assert body["registerCheckMatches"][0]["emsElectorId"] == str(ada)
    assert body["historicalSearchEarliestDate"] == "2026-04-01T00:00:00+01:00"
    (noted,) = await side.events(r.RegisterCheckId(UUID(check)))
    assert (noted.matches, noted.electors, noted.historical) == (1, (ada,), True)


async def test_without_the_councils_certificate_nobody_is_let_in(side, tmp_path):
    files = certificates(tmp_path / "others") if (tmp_path / "others").mkdir() is None else {}
    stranger = replace(side.access, certificate=files["stranger.pem"], key=files["stranger.key"])
    async with open_portal(stranger) as portal:
        with pytest.raises(PortalAway):
            await portal.waiting("postalvotes")


@pytest.mark.skipif(not DATA.is_dir(), reason="the reference data is not beside the project")
@pytest.mark.parametrize(("model", "record"), [("PostalVote", postal(1, 7)), ("ProxyVote", proxied(1, 7))])
def test_what_these_tests_hand_over_is_valid_by_the_specification(model, record):
    specification = yaml.safe_load((DATA / "EMSIntegrationAPIs.yaml").read_text())
    models = specification["components"]["schemas"]
    for each in ("PostalVote", "ProxyVote"):  # what the specification gets wrong
        detail = models[each]["properties"]["detail"]
        detail["required"] = [name for name in detail["required"] if name != "status"]
        detail["properties"]["signatureWaivedReason"].pop("default", None)
    schema = {"$ref": f"#/components/schemas/{model}", "components": {"schemas": models}}
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(record)
