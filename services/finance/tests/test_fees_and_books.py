"""Fees from quote to receipt to ledger, and what officers may do to the books."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.events.values import PersonId
from shared.service.tests.provider import OTHER_COUNCIL

REGISTER = {"customer": "Example Credit Reference Ltd", "copy_of": "register", "form": "data", "entries": [87_412]}
JOURNAL = {
    "on": "2026-05-20", "narrative": "Petty correction", "document": "memo 4",
    "postings": [{"debit": {"account": "2900"}, "credit": {"account": "1000"}, "pence": 500}],
}  # fmt: skip
SCHEME = {
    "effective_from": "2026-04-01", "adopted_on": "2026-02-25", "panel_reported_on": "2026-01-12",
    "rates": [{"office": "basic", "annual": 800_000}],
}  # fmt: skip


async def sold(desk, customer="Example Credit Reference Ltd"):
    quote = await desk.done("/quotes", REGISTER | {"customer": customer})
    paid = {"pence": quote["pence"], "method": "bank-transfer", "cleared_on": "2026-08-07"}
    await desk.done(f"/sales/{quote['sale_id']}/payment", paid)
    return quote


async def test_a_copy_of_the_register_is_quoted_paid_receipted_posted_and_released(desk):
    desk.office.on(date(2026, 8, 10))
    quote = await sold(desk)
    sale = f"/sales/{quote['sale_id']}"
    assert quote["pence"] == 15_200
    page = await desk.get(sale)
    assert (page["receipt_year"], page["receipt_number"], page["released_on"]) == (2026, 1, None)
    await desk.done(f"{sale}/release")
    assert (await desk.get(sale))["released_on"] == "2026-08-10"
    invoice = await desk.get(f"{sale}/invoice")
    assert (invoice["gross"], invoice["vat"], invoice["tax_point"]) == (15_200, 0, "2026-08-07")
    assert (invoice["receipt"], invoice["vat_treatment"]) == ("2026/000001", "outside the scope")
    paper = await desk.client.get(f"{sale}/invoice.pdf", headers=desk._headers("reader"))
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    books = await desk.get("/ledger/2026/trial-balance")
    assert [(a["account"], a["balance"]) for a in books["accounts"]] == [("1000", 15_200), ("4100", -15_200)]


async def test_receipts_of_a_year_are_numbered_without_a_gap(desk):
    desk.office.on(date(2026, 8, 10))
    for n in range(3):
        await sold(desk, f"Customer {n}")
    found = await desk.get("/receipts/2026", "auditor")
    assert [item["reference"] for item in found["items"]] == ["2026/000001", "2026/000002", "2026/000003"]


async def test_a_copy_is_not_handed_over_before_it_is_paid(desk):
    desk.office.on(date(2026, 8, 10))
    quote = await desk.done("/quotes", REGISTER)
    assert await desk.refused(f"/sales/{quote['sale_id']}/release") == "payment-not-cleared"
    short = {"pence": 15_000, "method": "card", "cleared_on": "2026-08-07"}
    assert await desk.refused(f"/sales/{quote['sale_id']}/payment", short) == "fee-not-met"


async def test_a_receipt_of_a_closed_month_counts_in_the_next_open_one(desk):
    desk.office.on(date(2026, 9, 10))
    for month in range(4, 9):
        await desk.done(f"/ledger/2026/periods/2026-{month:02}/closing")
    await sold(desk)
    (line,) = (await desk.get("/ledger/2026/accounts/4100"))["items"]
    assert (line["on_day"], line["period"]) == ("2026-08-07", "2026-09")
    august = await desk.get("/ledger/2026/trial-balance?until=2026-08")
    assert (august["accounts"], august["closed"][-1]) == ([], "2026-08")


async def test_a_journal_by_hand_is_posted_and_reversed_and_both_stay(desk):
    desk.office.on(date(2026, 5, 21))
    await desk.done("/ledger/2026/journals", JOURNAL)
    (line,) = (await desk.get("/ledger/2026/accounts/2900"))["items"]
    reversal = f"/ledger/2026/journals/{line['journal_id']}/reversal"
    await desk.done(reversal, {"reason": "Wrong account"}, "checker")
    assert await desk.refused(reversal, {"reason": "Again"}) == "already-reversed"
    lines = (await desk.get("/ledger/2026/accounts/2900"))["items"]
    assert [entry["pence"] for entry in lines] == [500, -500]
    assert lines[1]["reverses"] == line["journal_id"]
    await desk.office.rebuilt_views_are_equal()


async def test_a_journal_belongs_to_the_year_of_its_day(desk):
    assert (await desk.post("/ledger/2025/journals", JOURNAL)).status_code == 422


async def test_an_auditor_reads_the_books_and_nothing_else(desk):
    await desk.get("/ledger/2026/trial-balance", "auditor")
    for path in ("/members", "/sales"):
        answer = await desk.client.get(path, headers=desk._headers("reader", "auditor"))
        assert answer.status_code == 404


async def test_what_no_council_says_is_refused_and_never_a_fault(desk):
    hostile = [
        ("/ledger/2026/periods/0000-01/closing", None),
        ("/ledger/2026/periods/0001-01/closing", None),
        ("/ledger/2026/periods/٢٠٢٦-05/closing", None),
        ("/ledger/2026/periods/2025-05/closing", None),
        ("/ledger/99999999999/journals", JOURNAL),
        ("/ledger/2026/journals", JOURNAL | {"narrative": "with \0"}),
        ("/quotes", REGISTER | {"entries": [10**30]}),
        ("/allowance-scheme/adoptions", SCHEME | {"effective_from": "9999-04-01"}),
        ("/allowance-scheme/adoptions", SCHEME | {"rates": [{"office": "basic", "annual": 10**10}]}),
        ("/pay-years/2026/runs/13/calculation", None),
        ("/pay-years/2026/runs/1/approval", {"payable": 10**40, "recoverable": 0}),
    ]
    for path, body in hostile:
        assert (await desk.post(path, body)).status_code == 422, path
    for path in ("/pay-years/99999/runs", "/pay-years/2026/runs/99999999999", "/ledger/0/trial-balance", "/receipts/0"):
        assert (await desk.client.get(path, headers=desk._headers("reader"))).status_code == 422, path


async def test_another_council_sees_none_of_it(desk):
    desk.office.on(date(2026, 8, 10))
    quote = await sold(desk)
    elsewhere = desk.idp.bearer(roles=["finance-approver"], authorities=[OTHER_COUNCIL])
    books = (await desk.client.get("/ledger/2026/trial-balance", headers=elsewhere)).json()
    assert (books["accounts"], books["debit"]) == ([], 0)
    assert (await desk.client.get(f"/sales/{quote['sale_id']}", headers=elsewhere)).status_code == 404
    assert (await desk.client.get("/receipts/2026", headers=elsewhere)).json()["items"] == []


async def test_a_customer_who_was_erased_has_no_name_on_the_sale(desk):
    desk.office.on(date(2026, 8, 10))
    quote = await sold(desk)
    page = await desk.get(f"/sales/{quote['sale_id']}")
    await desk.office.erase(PersonId(UUID(page["customer_id"])))
    await desk.office.follow()
    assert (await desk.get(f"/sales/{quote['sale_id']}"))["customer"] is None
