"""Home movers between councils."""

from datetime import date
from uuid import UUID

from services.registration.movers.decider import (
    ConfirmMover,
    MatchMover,
    ReceiveMoverNotice,
    RecordConfirmationSent,
    RecordOutcomeElsewhere,
    movers,
)
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    MoverAllowedElsewhere,
    MoverConfirmationSent,
    MoverConfirmedToOtherCouncil,
    MoverMatched,
    MoverNoticeReceived,
    MoverRejectedElsewhere,
)
from shared.events.values import (
    AddressLines,
    ApplicationId,
    Authority,
    ElectorId,
    MoverNoticeId,
    PersonId,
    PersonName,
)

ID, PERSON, ADA = MoverNoticeId(UUID(int=1)), PersonId(UUID(int=2)), ElectorId(UUID(int=3))
LEEDS, FORM = Authority("E08000035"), ApplicationId(UUID(int=4))
LEFT, NAME = AddressLines("10", "Gorse Lane"), PersonName("Ada", "Marsh")
NOTICE = MoverNoticeReceived(ID, PERSON, LEEDS, date(2026, 6, 1), NAME, LEFT, reference="L-1")
MATCHED = MoverMatched(ID, ADA)
ALLOWED = MoverAllowedElsewhere(ID, date(2026, 6, 15), date(2026, 6, 12), ADA)
CONFIRMED = MoverConfirmedToOtherCouncil(ID, FORM, LEEDS, date(2026, 6, 12))


def test_a_notice_of_another_council_counts_once_and_is_matched_to_an_entry():
    receive = ReceiveMoverNotice(ID, PERSON, LEEDS, date(2026, 6, 1), NAME, LEFT, reference="L-1")
    spec(movers).when(receive).then(NOTICE)
    spec(movers).given(NOTICE).when(receive).nothing_happens()
    spec(movers).given(NOTICE).when(MatchMover(ADA)).then(MATCHED)
    spec(movers).given(NOTICE, MATCHED).when(MatchMover(ADA)).nothing_happens()


def test_edge_case_18_what_was_allowed_there_is_not_taken_back_and_a_rejection_may_be():
    matched = spec(movers).given(NOTICE, MATCHED)
    matched.when(RecordOutcomeElsewhere(True, date(2026, 6, 15), date(2026, 6, 12))).then(ALLOWED)
    rejected = MoverRejectedElsewhere(ID, date(2026, 6, 15), ADA)
    matched.when(RecordOutcomeElsewhere(False, date(2026, 6, 15), date(2026, 6, 12))).then(rejected)
    allowed = matched.given(ALLOWED)
    allowed.when(RecordOutcomeElsewhere(False, date(2026, 6, 16), date(2026, 6, 12))).refused("mover-allowed-already")
    assert matched.given(rejected).when(RecordOutcomeElsewhere(True, date(2026, 7, 1), date(2026, 6, 30))).events


def test_the_council_that_somebody_left_is_told_once():
    spec(movers).when(ConfirmMover(ID, FORM, LEEDS, date(2026, 6, 12))).then(CONFIRMED)
    confirmed = spec(movers).given(CONFIRMED)
    confirmed.when(ConfirmMover(ID, FORM, LEEDS, date(2026, 6, 12))).nothing_happens()
    confirmed.when(RecordConfirmationSent(date(2026, 6, 13))).then(MoverConfirmationSent(ID, date(2026, 6, 13)))
    confirmed.when(MatchMover(ADA)).refused("no-such-mover")
    spec(movers).when(RecordConfirmationSent(date(2026, 6, 13))).refused("no-such-mover")
