"""The counters of the performance standards: each is the sum of the list that it opens."""

from datetime import date
from uuid import UUID

from services.registration.applications import commands as application
from services.registration.electors import commands as ask
from services.registration.tests.conftest import Desk
from services.registration.views.tests.office import MONDAY
from services.registration.voter_cards.decider import Apply, Approve, Cancel, Issue, Refuse, voter_cards
from shared.events.registration import VoterCardId

YEAR = "since=2026-01-01&until=2026-12-31"


async def _a_year(desk: Desk) -> None:
    home = await desk.office.property()
    first, _ = await desk.office.apply(home=home)
    await desk.office.apply(day=date(2026, 3, 12), home=home, form={"ln": "Fern"}, channel="paper")
    desk.office.on(date(2026, 3, 14))
    await desk.office.ask(first, application.RejectApplication(date(2026, 3, 14), ("not-resident",)))
    elector, _ = await desk.office.add(home, 7, effective_on=MONDAY)
    desk.office.on(date(2026, 3, 20))
    await desk.office.change(elector, ask.OpenReview("B", date(2026, 3, 20), "Returned post"))
    await desk.office.change(elector, ask.ConcludeReview(True, date(2026, 3, 27)))
    await desk.follow()


async def test_each_figure_is_the_sum_of_its_list(desk):
    await _a_year(desk)
    answer = (await desk.get(f"/statistics/standards?{YEAR}")).json()
    lines = {(line["figure"], line["detail"], line["also"]): line["amount"] for line in answer["lines"]}
    assert lines["applications-received", "gov.uk", "ordinary"] == 1
    assert lines["applications-received", "paper", "ordinary"] == 1
    assert lines["rejections", "not-resident", ""] == 1
    assert lines["reviews-opened", "B", ""] == 1
    assert lines["reviews-concluded", "entitled", "B"] == 1
    for (figure, detail, also), amount in lines.items():
        path = f"/statistics/standards/{figure}?{YEAR}&detail={detail}&also={also}&limit=500"
        assert sum(item["amount"] for item in (await desk.get(path)).json()["items"]) == amount, figure


async def test_certificates_are_counted_from_application_to_what_became_of_them(desk):
    elector, _ = await desk.office.add(await desk.office.property(), effective_on=MONDAY)
    kept, lost = VoterCardId(UUID(int=1)), VoterCardId(UUID(int=2))
    for card, then in ((kept, Issue("A1B2C3D4E5F6G7H8J9K0", MONDAY)), (lost, Refuse("photograph-unsuitable", MONDAY))):
        for step in (Apply(card, elector, MONDAY, "paper"), *([Approve(MONDAY)] if card == kept else []), then):
            await desk.office.do(voter_cards, card, step)
    await desk.office.do(voter_cards, kept, Cancel("lost", MONDAY))
    await desk.follow()
    lines = (await desk.get(f"/statistics/standards?{YEAR}")).json()["lines"]
    told = {
        (line["figure"], line["detail"]): line["amount"] for line in lines if line["figure"].startswith("voter-cards")
    }
    assert told == {
        ("voter-cards-received", "paper"): 2, ("voter-cards-issued", "certificate"): 1,
        ("voter-cards-refused", "photograph-unsuitable"): 1, ("voter-cards-cancelled", "lost"): 1,
    }  # fmt: skip
    behind = (await desk.get(f"/statistics/standards/voter-cards-issued?{YEAR}")).json()["items"]
    assert [item["stream_id"] for item in behind] == [str(kept)]


async def test_applications_are_counted_by_the_week_and_by_the_days_they_took(desk):
    await _a_year(desk)
    answer = (await desk.get(f"/statistics/standards?{YEAR}&every=week")).json()
    weeks = [line["begins"] for line in answer["lines"] if line["figure"] == "applications-received"]
    assert weeks == ["2026-03-02", "2026-03-09"]
    (rejected,) = answer["days"]
    assert (rejected["outcome"], rejected["applications"], rejected["median"]) == ("rejected", 1, 12)


async def test_the_list_behind_a_figure_comes_in_pages(desk):
    await _a_year(desk)
    path = f"/statistics/standards/applications-received?{YEAR}&limit=1"
    page = (await desk.get(path)).json()
    rest = (await desk.get(f"{path}&cursor={page['next']}")).json()
    assert [item["detail"] for item in page["items"] + rest["items"]] == ["gov.uk", "paper"]


async def test_a_period_that_ends_before_it_begins_is_refused_by_name(desk):
    answer = await desk.get("/statistics/standards?since=2026-05-01&until=2026-04-01")
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "period-ends-before-it-begins")
