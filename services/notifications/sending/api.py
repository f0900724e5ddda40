"""What GOV.UK Notify tells us by itself: that a message arrived or did not, and letters that came back.

It calls with a bearer token that was agreed with it, up to six times, in any order. What the words were and whom they went to
stands in these calls too; it is not read. [GOV.UK Notify, callbacks]
"""

from __future__ import annotations

import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.notifications.exchange.govuk_notify import FINAL
from services.notifications.messages.decider import FinalWord, RecordReceipt, messages
from shared.eventcore.recording import Metadata
from shared.service.auth import public
from shared.service.correlation import correlation_id
from shared.service.now import Now
from shared.service.problems import Problem, not_found, refusals

ORIGIN: Final = "govuk-notify"
REFERENCE: Final = re.compile(r"([ENSW]\d{8})/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class Callbacks(BaseSettings):
    """The token that GOV.UK Notify shows. Without one nobody is listened to."""

    model_config = SettingsConfigDict(
        env_prefix="MOOT_", env_ignore_empty=True, hide_input_in_errors=True, extra="ignore"
    )

    notify_callback_token: SecretStr | None = None


@asynccontextmanager
async def callbacks(app: FastAPI) -> AsyncIterator[None]:
    """Leave on `app.state` what the routes here need."""
    app.state.notify_callback_token = Callbacks().notify_callback_token
    yield


def from_notify(request: Request, authorization: Annotated[str, Header()] = "") -> None:
    expected: SecretStr | None = request.app.state.notify_callback_token
    if expected is None:
        raise not_found()
    shown = authorization.removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), expected.get_secret_value().encode()):
        raise Problem(401, "not-signed-in", "This caller is not known here.", headers={"WWW-Authenticate": "Bearer"})


router = APIRouter(prefix="/notify", tags=["GOV.UK Notify"], dependencies=[Depends(from_notify)])


class DeliveryReceipt(BaseModel):
    """Of the call only what we need; the recipient stands in it too, and is not read."""

    id: UUID
    reference: str | None = Field(None, max_length=200)
    status: str = Field(max_length=50)


class ReturnedLetter(BaseModel):
    notification_id: UUID
    reference: str | None = Field(None, max_length=200)


@router.post("/receipts", status_code=204, responses=refusals("unknown-message"))
@public
async def delivery_receipt(body: DeliveryReceipt, request: Request, now: Now) -> None:
    """What became of a message. A status that ends nothing, or a message that is not ours, is heard and left."""
    outcome = FINAL.get(body.status)
    if outcome is not None:
        await _record(request, body.id, body.reference, RecordReceipt(str(body.id), outcome, now))


@router.post("/returned-letters", status_code=204, responses=refusals("unknown-message"))
@public
async def returned_letter(body: ReturnedLetter, request: Request, now: Now) -> None:
    """The post brought a letter back."""
    returned: FinalWord = "returned"
    await _record(
        request, body.notification_id, body.reference, RecordReceipt(str(body.notification_id), returned, now)
    )


async def _record(request: Request, notification: UUID, reference: str | None, receipt: RecordReceipt) -> None:
    named = REFERENCE.fullmatch(reference or "")
    if named is None:
        return
    command = f"receipt:{notification}:{receipt.outcome}"
    by = Metadata(ORIGIN, named[1], correlation_id(), command_id=command, origin=ORIGIN)
    await request.app.state.execute(messages, UUID(named[2]), receipt, by=by, asked=command)
