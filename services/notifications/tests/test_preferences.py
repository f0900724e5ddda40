"""How somebody wants to be written to, and that it is done."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from services.notifications.preferences.decider import AssumeLanguage, RecordPreferences, preferences
from services.notifications.tests.office import Desk
from shared.eventcore.testing.specs import spec
from shared.events.definition import Sealed
from shared.events.finance import AllowancePaid
from shared.events.notifications import PreferencesRecorded
from shared.service.tests.provider import OTHER_COUNCIL

ADA = uuid4()
BY_MAIL = PreferencesRecorded(ADA, "email", "en", large_print=False, source="asked")
IN_WELSH = PreferencesRecorded(ADA, "letter", "cy", large_print=False, source="application-form")
AS_BEFORE = RecordPreferences(ADA, "email", "en", large_print=False)


def test_what_somebody_asks_for_is_recorded_once():
    spec(preferences).given().when(AS_BEFORE).then(BY_MAIL)
    spec(preferences).given(BY_MAIL).when(AS_BEFORE).then()


def test_the_language_of_a_form_is_taken_for_theirs():
    spec(preferences).given().when(AssumeLanguage(ADA, "cy")).then(IN_WELSH)
    spec(preferences).given(IN_WELSH).when(AssumeLanguage(ADA, "cy")).then()


def test_what_they_asked_for_stands_against_the_language_of_a_form():
    spec(preferences).given(BY_MAIL).when(AssumeLanguage(ADA, "cy")).then()


def test_asking_for_english_stands_against_a_form_in_welsh():
    spec(preferences).given(IN_WELSH).when(RecordPreferences(ADA, "letter", "en", large_print=False)).then(
        PreferencesRecorded(ADA, "letter", "en", large_print=False, source="asked")
    )


async def test_an_officer_records_what_a_member_wants_and_the_next_message_is_like_that(desk: Desk):
    member = UUID(int=6)
    before = await desk.get(f"/preferences/{member}")
    assert before == {"channel": "letter", "language": "en", "large_print": False, "source": None}
    wanted = {"channel": "email", "language": "cy", "large_print": True}
    await desk.done(f"/preferences/{member}", wanted)
    assert await desk.get(f"/preferences/{member}") == wanted | {"source": "asked"}
    sealed = Sealed("v1.x")
    await desk.news(AllowancePaid(member, uuid4(), 2026, 1, date(2026, 8, 7), 15_200, (), sealed, sealed))  # type: ignore[arg-type]
    (line,) = (await desk.get("/messages"))["items"]
    found = await desk.get(f"/messages/{line['message_id']}")
    assert {key: found[key] for key in wanted} == wanted


async def test_whoever_asks_how_somebody_is_written_to_is_on_record_and_only_correspondence_may(desk: Desk):
    await desk.get(f"/preferences/{ADA}")
    (read,) = await desk.get(f"/reads?record={ADA}", "auditor")
    assert read["kind"] == "preferences"
    refused = await desk.client.get(f"/preferences/{ADA}", headers=desk.headers("dem-services"))
    assert refused.status_code == 404


async def test_another_council_has_other_preferences(desk: Desk):
    await desk.done(f"/preferences/{ADA}", {"channel": "email"})
    there = desk.idp.bearer(roles=["correspondence"], authorities=[OTHER_COUNCIL])
    answer = await desk.client.get(f"/preferences/{ADA}", headers=there)
    assert answer.json()["source"] is None
