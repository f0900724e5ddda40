"""An entry goes on under another address when the dwelling is the same, and under no other condition."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.registration.electors.commands import AlterAddress, Dwelling, RemoveElector
from services.registration.electors.decider import boundary
from services.registration.tests.test_electors import ADDED, BORN, HOME, ID, ON_REGISTER, PERSON
from shared.eventcore.deciding import Claim, Release
from shared.events.registration import ElectorReaddressed
from shared.events.values import PollingDistrict, PropertyId

FLAT = PropertyId(UUID(int=901))
DISTRICT = ADDED.number.district
ALTER = AlterAddress(
    Dwelling(FLAT, DISTRICT, electoral=True, succeeds=True), "renumbered", date(2026, 5, 11), "street naming order 7"
)
READDRESSED = ElectorReaddressed(
    ID, PERSON, FLAT, HOME, "renumbered", date(2026, 6, 1), date(2026, 5, 11), "monthly", ADDED.name, BORN,
    "street naming order 7",
)  # fmt: skip


def but(**dwelling):
    return replace(ALTER, dwelling=replace(ALTER.dwelling, **dwelling))


def test_a_dwelling_that_was_renumbered_takes_its_entry_along_with_the_next_notice_and_no_application():
    ON_REGISTER.when(ALTER).then(READDRESSED)


def test_an_alteration_said_again_changes_nothing():
    ON_REGISTER.given(READDRESSED).when(ALTER).nothing_happens()


def test_whoever_lives_in_another_dwelling_applies_anew():
    ON_REGISTER.when(replace(ALTER, cause="moved")).refused("another-dwelling")


def test_an_entry_moves_only_to_a_property_that_took_the_place_of_its_own():
    ON_REGISTER.when(but(succeeds=False)).refused("not-a-successor")
    ON_REGISTER.when(but(electoral=False)).refused("successor-not-electoral")
    ON_REGISTER.when(but(district=PollingDistrict(""))).refused("successor-not-allocated")
    ON_REGISTER.when(but(district=PollingDistrict("ZZ"))).refused("successor-in-another-district")
    ON_REGISTER.when(replace(ALTER, because=" ")).refused("reason-needed")


def test_the_place_that_an_entry_holds_moves_with_it_and_is_given_back_from_there():
    before, after = boundary(ADDED), list(boundary(READDRESSED))
    held = [change.tag for change in before if isinstance(change, Claim) and not change.tag.startswith("number:")]
    assert [change.tag for change in after if isinstance(change, Release)] == held
    taken = [change.tag for change in after if isinstance(change, Claim)]
    (removed,) = (
        ON_REGISTER.given(READDRESSED).when(RemoveElector("duplicate-entry", date(2026, 6, 8), reason="twice")).events
    )
    assert [change.tag for change in boundary(removed)] == taken
    assert removed.property_id == FLAT
