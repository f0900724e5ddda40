from datetime import date

import pytest

from shared.law.evidence import Attestor, Document, Relationship, check_attestation, check_documents
from shared.law.rules import Refused

LIST_C = [
    Document.BANK_STATEMENT,
    Document.UTILITY_BILL,
    Document.COUNCIL_TAX_DEMAND,
    Document.PENSION_STATEMENT,
]


@pytest.mark.parametrize(
    "documents",
    [
        [Document.PASSPORT],
        [Document.BIRTH_CERTIFICATE, *LIST_C[:2]],
        [Document.BIRTH_CERTIFICATE, Document.MARRIAGE_CERTIFICATE, LIST_C[0]],
        LIST_C,
    ],
)
def test_one_of_a_or_one_of_b_with_two_or_four_of_c_show_identity(documents):
    check_documents(documents)


@pytest.mark.parametrize(
    "documents",
    [
        [],
        [Document.BIRTH_CERTIFICATE],
        [Document.BIRTH_CERTIFICATE, LIST_C[0]],
        LIST_C[:3],
        [LIST_C[0]] * 4,
    ],
)
def test_fewer_documents_and_the_same_one_twice_do_not(documents):
    with pytest.raises(Refused, match="not-enough-documents"):
        check_documents(documents)


def test_every_document_is_on_one_list():
    assert [sum(d.list_letter == letter for d in Document) for letter in "abc"] == [5, 7, 8]


def attestor(*attested_on: date, added_on: date | None = None, good: bool = True) -> Attestor:
    return Attestor(
        registered_in_england_or_wales=True,
        added_on=added_on,
        relationship=Relationship.NONE,
        of_good_standing=good,
        attested_on=attested_on,
    )


def test_attestations_before_the_attestors_own_entry_do_not_count():
    moved = attestor(date(2026, 1, 5), date(2026, 1, 6), added_on=date(2026, 3, 2))
    check_attestation(moved, date(2026, 4, 1), date(2025, 12, 1))


def test_an_attestor_of_bad_standing_is_refused():
    with pytest.raises(Refused, match="attestor-not-of-good-standing"):
        check_attestation(attestor(good=False), date(2026, 4, 1), date(2025, 12, 1))
