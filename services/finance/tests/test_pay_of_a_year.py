"""From news of an office to money and books: what officers see on the way."""

from __future__ import annotations

from datetime import date

import pytest

from services.finance.tests.office import PLANNING

SCHEME = {
    "effective_from": "2026-04-01", "adopted_on": "2026-02-25", "panel_reported_on": "2026-01-12",
    "index": "NJC pay award", "index_until": "2030-03-31",
    "rates": [
        {"office": "basic", "annual": 800_000}, {"office": "cabinet-member", "annual": 900_000},
        {"office": "leader", "annual": 2_400_000}, {"office": f"chair:{PLANNING}", "annual": 600_000},
        {"office": "co-optee", "annual": 60_000},
    ],
}  # fmt: skip
BANK = {
    "service_user": "123456", "sort_code": "107999", "account": "88837491", "name": "MOOTSHIRE COUNCIL",
    "process_on": "2026-05-28",
}  # fmt: skip


@pytest.fixture
async def council(desk):
    """A scheme, and one councillor in the cabinet."""
    desk.office.on(date(2026, 4, 20))
    await desk.done("/allowance-scheme/adoptions", SCHEME)
    desk.member, desk.person = await desk.office.councillor(date(2024, 5, 7))
    await desk.office.takes_seat(desk.member, "cabinet-member", date(2025, 5, 20))
    await desk.office.follow()
    return desk


def amounts(page):
    return [(line["office"], line["pence"], line["reason"]) for line in page["lines"]]


async def test_a_cabinet_member_who_becomes_leader_is_paid_to_the_penny_and_the_books_agree(council):
    member = council.member
    assert amounts(await council.pay_run(2026, 1)) == [("basic", 66667, "NEW"), ("cabinet-member", 75000, "NEW")]
    council.office.on(date(2026, 5, 20))
    await council.office.leaves_seat(member, "cabinet-member", date(2026, 5, 18))
    await council.office.takes_seat(member, "leader", date(2026, 5, 19))
    may = await council.pay_run(2026, 2)
    assert amounts(may) == [("basic", 66666, ""), ("cabinet-member", 43356, "CHG"), ("leader", 84384, "NEW")]
    assert (may["payable"], may["state"]) == (194_406, "approved")

    run = "/pay-years/2026/runs/2"
    answer = [{"member_id": str(member), "deductions": 44_406, "employer_nic": 20_000}]
    assert await council.refused(f"{run}/bank-file", BANK) == "deductions-missing"
    assert (await council.get(run))["answered"] is False
    await council.done(f"{run}/deductions", answer)
    page = await council.get(run)
    assert (page["answered"], page["what_next"]) == (
        True,
        "The bank file is made, and an approver confirms the payment.",
    )
    assert await council.refused(f"{run}/bank-file", BANK) == "payee-missing"
    await council.payee(member, "Zoë O'Brien")

    payroll = (await council.get(f"{run}/payroll.csv")).splitlines()
    assert payroll[1].startswith("ALLOWANCES-2026-05,M-Z,AB123456C,BASIC,2026-05,1,666.66,666.66,Y,Y,N,,5100,basic,")
    assert payroll[-1].startswith("ALLOWANCES-2026-05,,,TOTAL,2026-05,3,,1944.06")

    council.office.on(date(2026, 5, 27))
    assert await council.refused(f"{run}/bank-file", BANK | {"process_on": "2026-05-25"}) == "not-a-banking-day"
    file = (await council.done(f"{run}/bank-file", BANK)).split("\r\n")
    texts = f"{'MOOTSHIRE COUNCIL':18}{'ALLOWANCE MAY 2026':18}{'ZOE O BRIEN':18}"
    assert file[4] == f"0899996637495809910799988837491{'':4}00000150000{texts}"
    assert (await council.done(f"{run}/bank-file", BANK)).split("\r\n") == file
    assert await council.refused(f"{run}/bank-file", BANK | {"process_on": "2026-05-29"}) == "payment-file-made"

    await council.done(f"{run}/payment", {"paid_on": "2026-05-29"})
    statement = await council.get(f"/members/{member}/statements/2026")
    assert statement["name"] == "Zoë O'Brien"
    (month,) = statement["months"]
    assert (month["gross"], month["deductions"], month["net"]) == (194_406, 44_406, 150_000)

    paper = await council.client.get(f"/members/{member}/statements/2026/paper.pdf", headers=council._headers("reader"))
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")

    books = await council.get("/ledger/2026/trial-balance", "auditor")
    balances = {account["account"]: account["balance"] for account in books["accounts"]}
    assert books["debit"] == books["credit"]
    assert balances == {
        "1000": -150_000, "2100": -141_667, "2110": -64_406, "5100": 133_333, "5110": 75_000 + 127_740, "5130": 20_000,
    }  # fmt: skip
    lines = await council.get("/ledger/2026/accounts/2100", "auditor")
    assert sum(line["pence"] for line in lines["items"]) == -141_667

    assert await council.get("/pay-years/2026/publication", "auditor") == [
        {"member_id": str(member), "name": "Zoë O'Brien", "basic": 66_666, "special": 127_740, "co_optee": 0,
         "total": 194_406}
    ]  # fmt: skip
    assert "Zoë O'Brien,666.66,1277.40,0.00,1944.06" in await council.get("/pay-years/2026/publication.csv")
    await council.office.rebuilt_views_are_equal()


async def test_the_officer_who_calculated_a_run_cannot_approve_it(council):
    await council.done("/pay-years/2026/runs/1/calculation")
    page = await council.get("/pay-years/2026/runs/1")
    totals = {key: page[key] for key in ("payable", "recoverable")}
    assert await council.refused("/pay-years/2026/runs/1/approval", totals) == "maker-is-checker"
    assert (
        await council.post("/pay-years/2026/runs/1/approval", totals, "checker", "finance-clerk")
    ).status_code == 404
    assert page["what_next"] == "Another officer approves it."


async def test_a_member_who_resigned_after_being_paid_in_full_owes_the_difference(council):
    for month, day in ((1, date(2026, 4, 20)), (6, date(2026, 9, 21))):
        council.office.on(day)
        await council.pay_run(2026, month)
    await council.office.leaves(council.member, council.person, date(2026, 9, 10))
    council.office.on(date(2026, 10, 20))
    october = await council.pay_run(2026, 7)
    assert ("basic", -42740, "REC") in amounts(october)
    statement = await council.get(f"/members/{council.member}/statements/2026")
    assert statement["debts"] == [{"month": 7, "pence": october["recoverable"]}]
    books = await council.get("/ledger/2026/trial-balance")
    balances = {account["account"]: account["balance"] for account in books["accounts"]}
    assert balances["1210"] == october["recoverable"] > 42740


async def test_an_uplift_comes_with_its_arrears_in_the_next_run(council):
    council.office.on(date(2026, 10, 20))
    await council.pay_run(2026, 7)
    council.office.on(date(2026, 11, 20))
    index = {"effective_from": "2026-04-01", "index": "NJC pay award", "basis_points": 320}
    await council.done("/allowance-scheme/indexations", index)
    november = amounts(await council.pay_run(2026, 8))
    assert [line for line in november if line[0] == "basic"] == [("basic", 14933, "ARR"), ("basic", 68800, "CHG")]


async def test_a_chair_is_paid_by_the_rate_of_the_body_and_a_co_optee_by_the_co_optees_allowance(council):
    await council.office.takes_seat(council.member, "chair", date(2026, 4, 1), PLANNING)
    co_optee, _ = await council.office.councillor(date(2026, 4, 1), ward=False)
    await council.office.follow()
    page = await council.pay_run(2026, 1)
    assert {line["office"]: line["pence"] for line in page["lines"] if line["member_id"] == str(co_optee)} == {
        "co-optee": 5_000
    }
    # The chair's allowance is the lower of two special responsibility allowances: one is drawn.
    assert f"chair:{PLANNING}" not in {line["office"] for line in page["lines"]}


async def test_what_a_member_forgoes_is_not_paid(council):
    notice = {"percent": 100, "first_day": "2026-04-20", "notice_on": "2026-04-20", "offices": ["cabinet-member"]}
    await council.done(f"/members/{council.member}/forgoing", notice)
    page = await council.pay_run(2026, 1)
    assert amounts(page) == [("basic", 66667, "NEW"), ("cabinet-member", 75000 - 27500, "NEW")]
    held = await council.get(f"/members/{council.member}/entitlements")
    assert held["forgoings"][0]["percent"] == 100


async def test_an_account_number_that_cannot_exist_is_refused_with_its_rule(council):
    details = {
        "name": "A Sample", "pay_reference": "M1", "ni_number": "AB123456C", "sort_code": "089999",
        "account_number": "66374959",
    }  # fmt: skip
    assert await council.refused(f"/members/{council.member}/payee", details) == "account-fails-modulus-check"


async def test_an_erased_member_keeps_only_what_the_law_publishes(council):
    member, person = council.member, council.person
    await council.payee(member, "Ada Marsh")
    await council.pay_run(2026, 1)
    answer = [{"member_id": str(member), "deductions": 40_000}]
    await council.done("/pay-years/2026/runs/1/deductions", answer)
    await council.done("/pay-years/2026/runs/1/payment", {"paid_on": "2026-04-28"})
    await council.office.erase(person)
    await council.office.follow()
    (month,) = (await council.get(f"/members/{member}/statements/2026"))["months"]
    assert (month["gross"], month["deductions"], month["net"]) == (141_667, None, None)
    assert (await council.get("/members"))["items"][0]["name"] is None
    await council.office.rebuilt_views_are_equal()
