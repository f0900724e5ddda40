"""Home movers between councils: what another registration officer tells us, and what we tell them."""

from __future__ import annotations

from datetime import date

from shared.events.definition import Personal, event
from shared.events.values import (
    AddressLines,
    ApplicationId,
    Authority,
    ElectorId,
    MoverNoticeId,
    PersonId,
    PersonName,
)


@event("registration.mover-notice-received.v1", subject="person_id", effective="received_on")
class MoverNoticeReceived:
    """Another council, or the IER Digital Service, told us that somebody who left an address here applied to them."""

    notice_id: MoverNoticeId
    person_id: PersonId
    of: Authority
    """The council applied to."""
    received_on: date
    name: Personal[PersonName]
    left: Personal[AddressLines]
    date_of_birth: Personal[date | None] = None
    reference: str = ""
    """Theirs, so that the same notice twice counts once."""
    elector_id: ElectorId | None = None
    """The entry here that it is about, once an officer has found it."""


@event("registration.mover-matched.v1")
class MoverMatched:
    """The notice is about this entry."""

    notice_id: MoverNoticeId
    elector_id: ElectorId


@event("registration.mover-allowed-elsewhere.v1", effective="told_on")
class MoverAllowedElsewhere:
    """The other council allowed the application: the entry here may be removed without a review."""

    notice_id: MoverNoticeId
    told_on: date
    allowed_on: date
    elector_id: ElectorId | None = None


@event("registration.mover-rejected-elsewhere.v1", effective="told_on")
class MoverRejectedElsewhere:
    """The other council rejected the application: the entry here stays."""

    notice_id: MoverNoticeId
    told_on: date
    elector_id: ElectorId | None = None


@event("registration.mover-confirmed-to-other-council.v1", effective="allowed_on")
class MoverConfirmedToOtherCouncil:
    """We allowed an application of somebody who left that council's area, and have to tell its registration officer."""

    notice_id: MoverNoticeId
    application_id: ApplicationId
    to: Authority
    allowed_on: date


@event("registration.mover-confirmation-sent.v1", effective="sent_on")
class MoverConfirmationSent:
    """The other registration officer has been told."""

    notice_id: MoverNoticeId
    sent_on: date
