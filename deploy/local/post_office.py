"""The post office of development: `python -m deploy.local.post_office`. Takes what the council sends, and sends nothing on.

An SMTP server that keeps each mail as a file, and GOV.UK Notify as `notify_server` plays it. It reads other people's mail by
design, so that it refuses to run when `MOOT_ENV=production`.
"""

from __future__ import annotations

import asyncio
import email
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.policy import default as POLICY
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope
from starlette.applications import Starlette

from deploy.local.notify_server import NotifyServer
from shared.eventcore.clock import system_clock

LARGEST = 10 * 1024 * 1024
ANSWERS = {
    "perm-fail@simulator.notify": "550 5.1.1 No such mailbox",
    "temp-fail@simulator.notify": "451 4.3.0 Try again later",
}
"""The same test recipients as GOV.UK Notify has."""


class WrongEnvironment(Exception):
    """One sentence about a variable."""


@dataclass(frozen=True)
class Place:
    """Where it listens and what it keeps. `mail`: the directory of mails."""

    host: str
    smtp_port: int
    notify_port: int
    mail: Path
    notify_key: str
    callback: tuple[str, str] | None = None

    @classmethod
    def from_environment(cls, given: dict[str, str]) -> Self:
        """Raises `WrongEnvironment`."""
        if given.get("MOOT_ENV") == "production":
            raise WrongEnvironment("The post office of development does not run when MOOT_ENV=production.")
        try:
            callback, token = given.get("MOOT_NOTIFY_CALLBACK"), given.get("MOOT_NOTIFY_CALLBACK_TOKEN")
            return cls(
                given.get("MOOT_HOST", "127.0.0.1"), int(given["MOOT_SMTP_PORT"]), int(given["MOOT_PORT"]),
                Path(given["MOOT_MAIL"]), given["MOOT_NOTIFY_KEY"], (callback, token) if callback and token else None,
            )  # fmt: skip
        except KeyError as missing:
            raise WrongEnvironment(f"{missing.args[0]} is not set.") from None
        except ValueError:
            raise WrongEnvironment("MOOT_SMTP_PORT and MOOT_PORT must be numbers.") from None


class Mailbox:
    """Keeps mails in a directory, each once: one that comes again under its Message-ID replaces itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_RCPT(  # aiosmtpd finds it by this name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in ANSWERS:
            return ANSWERS[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        identity = str(email.message_from_bytes(content, policy=POLICY)["Message-ID"] or sha256(content).hexdigest())
        name = re.sub(r"[^A-Za-z0-9.@-]", "", identity)[:120]
        (self._folder / f"{name}.eml").write_bytes(content)
        return "250 OK"


async def listen_for_mail(mailbox: Any, host: str, port: int, **options: Any) -> asyncio.Server:
    """An SMTP server at work; `options` are aiosmtpd's."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(mailbox, hostname="post-office", data_size_limit=LARGEST, loop=loop, **options), host, port
    )


class HttpServer(uvicorn.Server):
    """Leaves signals to `run`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def http_server(app: Starlette) -> HttpServer:
    return HttpServer(uvicorn.Config(app, log_config=None, access_log=False, loop="none", timeout_graceful_shutdown=2))


async def run(place: Place, stop: asyncio.Event) -> None:
    """Serve until `stop`."""
    notify = NotifyServer(place.notify_key, system_clock, callback=place.callback)
    http = http_server(notify.app())
    mail = await listen_for_mail(Mailbox(place.mail), place.host, place.smtp_port)
    async with mail:
        with socket.create_server((place.host, place.notify_port)) as listening:
            serving = asyncio.create_task(http.serve(sockets=[listening]))
            await stop.wait()
            http.should_exit = True
            await serving


async def _until_signalled(place: Place) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(place, stop)


def main() -> None:
    """End with a sentence when the environment is wrong."""
    try:
        asyncio.run(_until_signalled(Place.from_environment(dict(os.environ))))
    except WrongEnvironment as wrong:
        sys.exit(f"{wrong}")
    except OSError as busy:
        sys.exit(f"The post office cannot listen ({busy.strerror}): free its ports or set MOOT_PORT_BASE.")


if __name__ == "__main__":
    main()
