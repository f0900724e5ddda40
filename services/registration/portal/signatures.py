"""What came with an application for the identifiers: kept as a picture at once, recorded when the arrangement stands."""

from __future__ import annotations

from base64 import b64decode
from uuid import UUID

from services.registration.absent_votes.arrangements import Arrangements
from services.registration.exchange.ero_portal.absent_votes import Decided, PostalDetail
from services.registration.identifiers.decider import Command, RecordIdentifiers, WaiveSignature
from services.registration.identifiers.images import SignatureImages
from shared.eventcore.clock import london_date
from shared.eventcore.execute import Executor
from shared.events.registration import Signer
from shared.events.values import ElectorId, PersonId


async def keep(execute: Executor, read: Decided, person: PersonId, authority: str) -> UUID | None:
    """The picture under that person's key; None where none came. The portal has cropped and judged it."""
    if read.detail.signature is None:
        return None
    return await SignatureImages(execute).keep(person, b64decode(read.detail.signature), authority)


async def identifiers_of(
    execute: Executor, read: Decided, elector: ElectorId, person: PersonId, arrangements: Arrangements, authority: str
) -> tuple[PersonId, Command] | None:
    """Whose identifiers came, and the command that records them. Of a postal proxy's they are the proxy's, and so is the key
    that their picture is sealed under."""
    detail, on = read.detail, london_date(read.authorised_at)
    signer, born = person, detail.date_of_birth
    if isinstance(detail, PostalDetail) and detail.postal_proxy is not None:
        proxy = arrangements.proxy_at(detail.single_date or on)
        if proxy is None:
            return None
        signer, born = proxy.appointed.proxy_id, detail.postal_proxy.date_of_birth
    if detail.signature_waived:
        reason = str(detail.signature_waived_reason or "")
        whose: Signer = "elector" if signer == person else "proxy"
        waive = WaiveSignature(elector, signer, on, born, reason, source="portal", reference=read.id, whose=whose)
        return signer, waive
    image = await keep(execute, read, signer, authority)
    if image is None:
        return None
    signed_on = london_date(read.created_at)
    return signer, RecordIdentifiers(elector, signer, image, signed_on, on, born, "portal", read.id)
