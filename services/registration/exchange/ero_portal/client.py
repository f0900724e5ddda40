"""The ERO Portal over HTTP: what waits there, acknowledged once it is ours. Mutual TLS; no token.

Reading takes nothing away: an item leaves the queue when it is acknowledged, and its first acknowledgement counts.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import httpx
from pydantic import ValidationError

from services.registration.exchange.ero_portal.absent_votes import Queue, Waiting
from services.registration.exchange.ero_portal.register_checks import Answer, RegisterCheck

TIMEOUT: Final = httpx.Timeout(60, connect=10)
"""Seconds: a full page of signatures is 6 MB."""
PAGE: Final = 100
LARGEST_PAGE: Final = 200
"""More than this the portal gives nobody, and it knows no second page."""
MESSAGE_LENGTH: Final = 500
_KEYS: Final = {"postalvotes": "postalVotes", "proxyvotes": "proxyVotes"}

Status = Literal["success", "failure"]


class PortalAway(Exception):
    """The portal gave no usable answer now. Names no person."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the portal is, and the certificate by which it knows a council. `authorities`: the file of those we trust."""

    applications_url: str
    checks_url: str
    certificate: Path
    key: Path
    authorities: Path | None = None

    def tls(self) -> ssl.SSLContext:
        """Raises `OSError` or `ssl.SSLError` for files that cannot be used."""
        context = ssl.create_default_context(cafile=self.authorities)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        return context


@dataclass(frozen=True, slots=True)
class Questions:
    """A page of register checks: those that could be read, and how many the page held."""

    read: list[RegisterCheck]
    held: int


class Portal:
    """One council's, or one joint board's, connection. Every method raises `PortalAway`."""

    def __init__(self, http: httpx.AsyncClient, applications_url: str, checks_url: str) -> None:
        self._http = http
        self._applications, self._checks = applications_url.rstrip("/"), checks_url.rstrip("/")

    async def waiting(self, queue: Queue, page: int = PAGE) -> list[Waiting]:
        """The oldest applications in a queue. The next page comes once these are acknowledged."""
        found = await self._get(f"{self._applications}/{queue}", page, _KEYS[queue])
        return [Waiting.of(queue, record) for record in found]

    async def acknowledge(self, queue: Queue, item: str, status: Status, message: str = "", details: str = "") -> bool:
        """Take an item out of the queue. One that is not there any more was acknowledged before. False: the portal refuses this
        acknowledgement, and would do so again."""
        said: dict[str, str] = {"status": status}
        if message:
            said |= {"message": message[:MESSAGE_LENGTH], "details": details[:MESSAGE_LENGTH]}
        answer = await self._send("PUT", f"{self._applications}/{queue}/{item}", json=said)
        if answer.is_success or answer.status_code == HTTPStatus.NOT_FOUND:
            return True
        if answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}:
            return False
        raise PortalAway(f"The portal answered {answer.status_code} to an acknowledgement.")

    async def checks(self, page: int = PAGE) -> Questions:
        """The oldest questions. One that cannot be read is left out, and waits where the portal's own alarm sees it."""
        read = []
        found = await self._get(f"{self._checks}/registerchecks", page, "registerCheckRequests")
        for record in found:
            try:
                read.append(RegisterCheck.model_validate(record))
            except ValidationError:
                continue
        return Questions(read, len(found))

    async def answer(self, check: UUID, answer: Answer) -> bool:
        """Whether the answer was taken. A question that is answered, or gone, is so for good."""
        headers = {"content-type": "application/json"}
        url = f"{self._checks}/registerchecks/{check}"
        got = await self._send("POST", url, content=answer.body(), headers=headers)
        if not got.is_success and got.status_code not in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
            raise PortalAway(f"The portal answered {got.status_code} to an answer.")
        return got.is_success

    async def _get(self, url: str, page: int, key: str) -> list[dict[str, Any]]:
        answer = await self._send("GET", url, params={"pageSize": page})
        if not answer.is_success:
            raise PortalAway(f"The portal answered {answer.status_code}.")
        try:
            found = answer.json()[key]
        except (KeyError, TypeError, ValueError):
            raise PortalAway("The portal's answer is not as its specification says.") from None
        return [record for record in found if isinstance(record, dict)]

    async def _send(self, method: str, url: str, **how: Any) -> httpx.Response:
        try:
            return await self._http.request(method, url, **how)
        except httpx.HTTPError as broken:
            raise PortalAway(f"The portal cannot be reached ({type(broken).__name__}).") from None


@asynccontextmanager
async def open_portal(access: Access) -> AsyncIterator[Portal]:
    """A connection by certificate."""
    async with httpx.AsyncClient(verify=access.tls(), timeout=TIMEOUT, follow_redirects=False) as http:
        yield Portal(http, access.applications_url, access.checks_url)
