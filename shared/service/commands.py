"""A command of a request: carried out once per `Idempotency-Key`, against the version in `If-Match`, in the officer's name."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from shared.eventcore.deciding import Decider
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata, Receipt
from shared.service import telemetry
from shared.service.auth import Authority, Identity
from shared.service.correlation import correlation_id
from shared.service.http import Cause, ExpectedVersion, IdempotencyKey, Reason, stamp

ORIGIN = "api"


class RequestCommands:
    """Carries out the commands of one request; each gets an id of its own from the request's key."""

    def __init__(
        self,
        executor: Executor,
        response: Response,
        authority: str,
        key: str,
        expected: int | None,
        reason: str,
        cause: str,
        asked: str,
    ) -> None:
        self._executor = executor
        self.response = response
        self._authority = authority
        self._key = key
        self._expected = expected
        self._reason = reason
        self._cause = cause
        self._asked = asked
        self._ordinal = 0

    async def __call__(
        self, decider: Decider[Any, Any, Any], stream_id: UUID, command: Any, *, by: Identity
    ) -> Receipt:
        """The receipt of `command`; its version and position are also in the answer's headers.

        Raises `Refused`, `VersionConflict`, `CommandReused`, `StoreUnavailable`, which the chassis answers.
        """
        receipt = await self._executor(
            decider, stream_id, command, by=self.metadata(by), expected=self._expected, asked=self._asked
        )
        return stamp(self.response, receipt)

    def through(self, executor: Executor) -> RequestCommands:
        """This request's commands, carried out in another store that the service keeps."""
        return RequestCommands(
            executor, self.response, self._authority, self._key, self._expected, self._reason, self._cause, self._asked
        )

    def metadata(self, by: Identity) -> Metadata:
        """Who asks, for which council, why: for the next command of this request."""
        # Hashed with the officer: one officer's key never answers another's command, and no key travels to Kafka.
        command = hashlib.sha256(f"{by.id}|{self._key}|{self._ordinal}".encode()).hexdigest()[:40]
        self._ordinal += 1
        return Metadata(
            actor=by.id,
            authority=self._authority,
            correlation_id=correlation_id(),
            causation_id=self._cause,
            command_id=f"{ORIGIN}:{command}",
            reason=self._reason,
            origin=ORIGIN,
            traceparent=telemetry.traceparent(),
        )


async def commands_of(
    request: Request,
    response: Response,
    authority: Authority,
    key: IdempotencyKey,
    expected: ExpectedVersion,
    reason: Reason,
    cause: Cause,
) -> RequestCommands:
    asked = (
        f"{request.method} {request.url.path}?{request.url.query} {hashlib.sha256(await request.body()).hexdigest()}"
    )
    return RequestCommands(request.app.state.execute, response, authority, key, expected, reason, cause, asked)


Execute = Annotated[RequestCommands, Depends(commands_of)]
"""Parameter of a command route: `await execute(decider, stream_id, command, by=officer)`."""
