"""What is counted as it happens: the electorate as it moves, and what is done for polls."""

from __future__ import annotations

from shared.events.elections import NoticePublished, StepCompleted, TimetableRecomputed
from shared.events.registration import ElectorAdded, ElectorRemoved, PostalVoteCancelled, PostalVoteGranted
from shared.service.live import counting

live = counting(
    "elections",
    ElectorAdded, ElectorRemoved, PostalVoteGranted, PostalVoteCancelled, NoticePublished, StepCompleted,
    TimetableRecomputed,
)  # fmt: skip
