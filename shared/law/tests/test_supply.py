"""Who may have a copy of the register: the table, its refusals, and what recipients are told."""

from datetime import date

import pytest

from shared.law import supply
from shared.law.rules import Refused
from shared.law.supply import Asked, Basis, Document, Later, Recipient, establish

ON = date(2026, 6, 1)
COUNCILLOR = Asked(
    Recipient.REPRESENTATIVE, Document.FULL, "electoral purposes", in_writing=True, own_area=True, later=True
)
CANDIDATE = Asked(Recipient.CANDIDATE, Document.FULL, "electoral purposes", in_writing=True, own_area=True)
PARTY = Asked(Recipient.PARTY, Document.MARKED, "electoral purposes", in_writing=True, poll=date(2026, 5, 7))


def changed(asked: Asked, **to: object) -> Asked:
    return Asked(**{name: getattr(asked, name) for name in Asked.__slots__} | to)


def test_every_kind_of_recipient_has_a_row_with_its_regulation_and_a_purpose_or_any_use():
    assert set(supply.ENTITLEMENTS) == set(Recipient)
    for recipient, dated in supply.ENTITLEMENTS.items():
        row = dated.on(ON)
        assert row.regulation
        assert bool(row.purposes) == (recipient is not Recipient.ANYONE)


def test_the_regulations_seen_in_their_text_are_the_ones_marked_verified():
    seen = {dated.on(ON).regulation for dated in supply.ENTITLEMENTS.values() if dated.on(ON).verified}
    assert seen == {f"RPR 2001 r.{n}" for n in (100, 103, 105, 106, 107, 108, 109, 113)}


def test_edge_case_37_a_candidate_who_asks_for_later_notices_is_refused_and_a_councillor_is_supplied():
    with pytest.raises(Refused, match="no-later-notices") as refused:
        establish(changed(CANDIDATE, later=True), ON)
    assert "r.108" in refused.value.detail
    assert establish(CANDIDATE, ON).regulation == "RPR 2001 r.108"
    assert establish(COUNCILLOR, ON).later is Later.IF_ASKED


def test_edge_case_37_a_business_that_asks_for_the_full_register_is_offered_the_open_one():
    with pytest.raises(Refused, match="open-register-only") as refused:
        establish(Asked(Recipient.ANYONE, Document.FULL), ON)
    assert refused.value.rule.then.startswith("Offer the open register")
    assert establish(Asked(Recipient.ANYONE, Document.OPEN), ON).basis is Basis.SALE


def test_edge_case_38_a_marked_register_without_why_the_unmarked_one_is_insufficient_is_refused():
    with pytest.raises(Refused, match="why-unmarked-insufficient"):
        establish(PARTY, ON)
    reason = "We call on members who have not voted for years."
    assert establish(changed(PARTY, why_marked=reason), ON).regulation == "RPR 2001 r.106"


def test_marked_copies_go_to_those_of_regulation_117_only():
    entitled = {r for r, dated in supply.ENTITLEMENTS.items() if Document.MARKED in dated.on(ON).documents}
    numbers = {supply.ENTITLEMENTS[r].on(ON).regulation.removeprefix("RPR 2001 r.") for r in entitled}
    assert numbers == {"100", "103", "105", "106", "108", "109", "113"}


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (changed(COUNCILLOR, in_writing=False), "request-not-in-writing"),
        (changed(COUNCILLOR, purpose="marketing"), "purpose-not-allowed"),
        (changed(COUNCILLOR, own_area=False), "own-area-not-named"),
        (changed(COUNCILLOR, document=Document.OPEN), "not-entitled-to-that"),
        (changed(PARTY, poll=None), "poll-not-named"),
        (
            Asked(Recipient.OWN_ACT, Document.FULL, "what that enactment allows", in_writing=True),
            "power-not-cited",
        ),
        (
            Asked(Recipient.CREDIT_REFERENCE, Document.MARKED, "vetting applications for credit", in_writing=True),
            "not-entitled-to-that",
        ),
    ],
)
def test_a_request_outside_its_entitlement_is_refused(asked, rule):
    with pytest.raises(Refused, match=rule):
        establish(asked, ON)


def test_a_sale_costs_and_so_does_a_marked_copy_for_those_who_have_the_register_free():
    party, agency = (supply.ENTITLEMENTS[r].on(ON) for r in (Recipient.PARTY, Recipient.CREDIT_REFERENCE))
    assert supply.fee_due(agency, Document.FULL)
    assert supply.fee_due(party, Document.MARKED)
    assert not supply.fee_due(party, Document.FULL)


def test_a_recipient_is_told_purpose_penalty_and_destruction():
    purpose, penalty, destruction, no_notices = supply.statement(
        establish(CANDIDATE, ON), Document.FULL, CANDIDATE.purpose
    )
    assert "r.108" in purpose
    assert "electoral purposes" in purpose
    assert "offence" in penalty
    assert "Destroy it securely" in destruction
    assert "No later notices" in no_notices


def test_of_the_open_register_there_is_nothing_to_forbid():
    (told,) = supply.statement(supply.ENTITLEMENTS[Recipient.ANYONE].on(ON), Document.OPEN)
    assert "any purpose" in told
