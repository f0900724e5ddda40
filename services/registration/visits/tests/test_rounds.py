"""One round of a visiting officer, sentence by sentence."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.registration.visits.decider import AllocateRound, DownloadRound, EndRound, UploadRound, rounds
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    CanvassId,
    RoundAllocated,
    RoundDownloaded,
    RoundEnded,
    RoundId,
    RoundUploaded,
    RoundVisit,
)
from shared.events.values import PropertyId

ROUND, CANVASS, DAY = RoundId(UUID(int=1)), CanvassId(UUID(int=2)), date(2026, 8, 17)
VISITS = (RoundVisit(UUID(int=3), PropertyId(UUID(int=4))),)
ALLOCATED = RoundAllocated(ROUND, CANVASS, "AB", "vo", VISITS, DAY)
UNTIL = datetime(2026, 8, 19, 9, tzinfo=UTC)
ON = spec(rounds).given(ALLOCATED)


def test_a_round_has_visits_and_is_allocated_once():
    ask = AllocateRound(ROUND, CANVASS, "AB", "vo", VISITS, DAY)
    spec(rounds).when(ask).then(ALLOCATED)
    ON.when(ask).nothing_happens()
    spec(rounds).when(AllocateRound(ROUND, CANVASS, "AB", "vo", (), DAY)).refused("nothing-to-visit")


def test_a_round_that_has_ended_is_not_downloaded_but_what_was_recorded_is_taken():
    ON.when(DownloadRound("tablet", UNTIL)).then(RoundDownloaded(ROUND, "tablet", UNTIL, 1))
    ended = ON.given(RoundEnded(ROUND, DAY))
    ended.when(DownloadRound("tablet", UNTIL)).refused("round-ended")
    ended.when(UploadRound("tablet", 2, 1, 0)).then(RoundUploaded(ROUND, "tablet", 2, 1, 0))
    ended.when(EndRound(DAY)).nothing_happens()


def test_an_upload_that_says_nothing_new_is_not_recorded():
    ON.when(UploadRound("tablet", 2, 0, 0)).nothing_happens()
    spec(rounds).when(EndRound(DAY)).refused("no-round")
