"""Papers as PDF: tagged, in the words of the field, and never reading anybody's words as markup."""

from __future__ import annotations

from datetime import date

from services.finance.papers.money import InvoicePaper, PaidMonth, StatementPaper, line_of, pdf, pounds, sums_of

MAY = line_of("leader", 84_384, date(2026, 5, 19), date(2026, 5, 31), "NEW")


def statement(name: str = "Zoë O'Brien") -> StatementPaper:
    month = PaidMonth("May 2026", (MAY,), sums_of(84_384, 10_000, 74_384))
    return StatementPaper("Allowances 2026-27", name, "1 April 2026 to 31 March 2027", (month,), (), "£843.84")


def test_a_pay_line_reads_as_a_sentence_part():
    assert MAY.what == "Special responsibility allowance, leader, 19 May 2026 to 31 May 2026"
    arrears = line_of("chair:0b9f", 34_700, date(2026, 4, 1), date(2026, 10, 31), "ARR")
    assert arrears.what.endswith("allowance, chair, 1 April 2026 to 31 October 2026, arrears")


def test_pounds_are_written_as_people_write_them():
    assert [pounds(194_406), pounds(-42_740), pounds(5)] == ["£1,944.06", "-£427.40", "£0.05"]


def test_what_was_erased_is_left_out_of_the_sums():
    assert [amount.what for amount in sums_of(66_667, None, None)] == ["Gross"]


def test_a_statement_is_a_tagged_pdf_with_a_title():
    written = pdf(statement())
    assert written.startswith(b"%PDF-")
    assert b"/MarkInfo" in written
    assert b"pdfuaid:part" in written


def test_a_name_is_never_read_as_markup():
    assert pdf(statement('#panic("x") *bold* $x$ [')).startswith(b"%PDF-")


def test_an_invoice_is_a_tagged_pdf():
    facts = (("Reference", "2026/000001"), ("Issued", "3 August 2026"))
    paper = InvoicePaper("Invoice", "Example Ltd", facts, (MAY,), "£152.00", "Outside the scope of VAT.")
    assert b"/MarkInfo" in pdf(paper)
