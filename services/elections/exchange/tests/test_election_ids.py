"""Election ids as Democracy Club's library and reference definition have them, and ours beside."""

from datetime import date

import pytest
from uk_election_ids.election_ids import validate

from services.elections.exchange.election_ids import election_ids
from shared.events.elections import ElectoralArea, Organisation
from shared.law.rules import Refused
from shared.law.voting_systems import PollKind

STROUD = Organisation("Stroud District Council", "stroud")
DAY = date(2026, 5, 7)
WARD = ElectoralArea("ward", "Cam & Dursley East", "E05000001")
WHOLE = ElectoralArea("authority", "Stroud", "E07000082")


def test_the_published_example_of_a_by_election():
    ids = election_ids(PollKind.LOCAL, DAY, STROUD, WARD, by_election=True)
    assert ids.ballot == "local.stroud.cam-dursley-east.by.2026-05-07"
    assert ids.groups == ("local.2026-05-07", "local.stroud.2026-05-07")
    assert ids.scheme == "democracy-club"


@pytest.mark.parametrize(
    ("kind", "area", "ballot"),
    [
        (PollKind.PARLIAMENTARY, ElectoralArea("constituency", "Stroud"), "parl.stroud.2026-05-07"),
        (PollKind.LOCAL, WARD, "local.stroud.cam-dursley-east.2026-05-07"),
        (PollKind.PCC, WHOLE, "pcc.stroud.2026-05-07"),
        (PollKind.LA_MAYOR, WHOLE, "mayor.stroud.2026-05-07"),
        (PollKind.CA_MAYOR, WHOLE, "mayor.stroud.2026-05-07"),
        (PollKind.LONDON_MAYOR, WHOLE, "mayor.london.2026-05-07"),
        (PollKind.LONDON_CONSTITUENCY, ElectoralArea("constituency", "Barnet and Camden"), "gla.c.barnet-and-camden.2026-05-07"),
        (PollKind.LONDON_LIST, WHOLE, "gla.a.2026-05-07"),
        (PollKind.GOVERNANCE_REFERENDUM, WHOLE, "ref.stroud.2026-05-07"),
        (PollKind.COUNCIL_TAX_REFERENDUM, WHOLE, "ref.stroud.2026-05-07"),
    ],
)  # fmt: skip
def test_every_kind_in_their_scheme_has_an_id_that_their_library_accepts(kind, area, ballot):
    ids = election_ids(kind, DAY, STROUD, area)
    assert ids.ballot == ballot
    assert validate(ids.ballot)


@pytest.mark.parametrize(
    ("kind", "area", "ballot"),
    [
        (PollKind.PARISH, ElectoralArea("parish-ward", "Rodborough Central"), "x-parish.stroud.rodborough-central.2026-05-07"),
        (PollKind.PARISH_POLL, ElectoralArea("parish", "Slad"), "x-parishpoll.stroud.slad.2026-05-07"),
        (PollKind.RECALL, ElectoralArea("constituency", "Stroud"), "x-recall.stroud.stroud.2026-05-07"),
        (PollKind.NEIGHBOURHOOD_REFERENDUM, ElectoralArea("polling-districts", "Slad Valley"), "x-refnp.stroud.slad-valley.2026-05-07"),
        (PollKind.NATIONAL_REFERENDUM, WHOLE, "x-refnat.stroud.2026-05-07"),
        (PollKind.BID, ElectoralArea("polling-districts", "Town Centre"), "x-bid.stroud.town-centre.2026-05-07"),
    ],
)  # fmt: skip
def test_kinds_without_a_type_have_ids_in_our_own_namespace_which_theirs_can_never_meet(kind, area, ballot):
    ids = election_ids(kind, DAY, STROUD, area)
    assert (ids.scheme, ids.ballot) == ("moothall", ballot)
    assert not validate(ids.ballot)


def test_every_kind_has_ids():
    for kind in PollKind:
        assert election_ids(kind, DAY, STROUD, WARD).ballot.endswith(".2026-05-07")


def test_names_without_a_letter_or_digit_are_refused():
    with pytest.raises(Refused, match="election-id-impossible"):
        election_ids(PollKind.LOCAL, DAY, STROUD, ElectoralArea("ward", "&"))
    with pytest.raises(Refused, match="election-id-impossible"):
        election_ids(PollKind.PARISH, DAY, Organisation("?", "?"), ElectoralArea("parish", "Slad"))
