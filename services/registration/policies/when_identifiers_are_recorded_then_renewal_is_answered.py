"""Who was asked to sign again and did so, or was found unable to, has answered. [RPR 2001 r.60A]"""

from __future__ import annotations

from collections.abc import Iterable

from services.registration.absent_votes.commands import NoteSignature
from services.registration.absent_votes.decider import absent_votes
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import IdentifiersRecorded, SignatureWaived
from shared.events.values import absent_votes_id


@policy("when_identifiers_are_recorded_then_renewal_is_answered", on=[IdentifiersRecorded, SignatureWaived])
def note_signature(event: Recorded[IdentifiersRecorded] | Recorded[SignatureWaived]) -> Iterable[Do]:
    elector, person = event.data.elector_id, event.data.person_id
    on = event.data.signed_on if isinstance(event.data, IdentifiersRecorded) else event.data.waived_on
    yield Do(absent_votes, absent_votes_id(elector), NoteSignature(elector, person, on))
