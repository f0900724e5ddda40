"""The ERO Portal as its specification and its own code describe it, for tests: a server that knows callers by certificate.

Reading takes nothing away; the first acknowledgement of an item counts and removes it; a question is answered once.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI, HTTPException, Query

from services.registration.exchange.ero_portal.client import Access

MOST_RETURNED = 200
_KEYS = {"postalvotes": "postalVotes", "proxyvotes": "proxyVotes"}


@dataclass
class There:
    """What waits, oldest first, and what was said of it. `lose` answers: how many are lost on their way back."""

    queues: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {"postalvotes": {}, "proxyvotes": {}})
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    lose: int = 0
    refuse: set[str] = field(default_factory=set)

    def add(self, queue: str, *records: dict[str, Any]) -> None:
        self.queues[queue].update({record["id"]: record for record in records})

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/registerchecks")
        async def questions(pageSize: int = Query(100, ge=1, le=500)) -> dict[str, Any]:
            waiting = [asked for key, asked in self.questions.items() if key not in self.answers][:pageSize]
            return {"pageSize": len(waiting), "registerCheckRequests": waiting}

        @app.post("/registerchecks/{check}", status_code=201)
        async def answer(check: str, body: dict[str, Any]) -> None:
            if check in self.answers:
                raise HTTPException(409)
            if check not in self.questions:
                raise HTTPException(404)
            if body["requestid"] != check or len(body.get("registerCheckMatches", ())) not in {
                0 if body["registerCheckMatchCount"] > 10 else body["registerCheckMatchCount"]
            }:
                raise HTTPException(400)
            self.answers[check] = body
            self._perhaps_lose()

        @app.get("/{queue}")
        async def waiting(queue: str, pageSize: int = Query(100, ge=1, le=500)) -> dict[str, Any]:
            found = list(self.queues[queue].values())[: min(pageSize, MOST_RETURNED)]
            self.pages.append(len(found))
            return {"pageSize": len(found), _KEYS[queue]: found}

        @app.put("/{queue}/{item}", status_code=204)
        async def acknowledge(queue: str, item: str, body: dict[str, Any]) -> None:
            if len(item) != 24 or item in self.refuse:
                raise HTTPException(400)
            if item not in self.queues[queue] and item not in self.acknowledged:
                raise HTTPException(404)
            self.queues[queue].pop(item, None)
            self.acknowledged.setdefault(item, body)
            self._perhaps_lose()

        return app

    def _perhaps_lose(self) -> None:
        if self.lose:
            self.lose -= 1
            raise HTTPException(502)


@asynccontextmanager
async def served(there: There, folder: Path) -> AsyncIterator[Access]:
    """The portal on a loopback port over mutual TLS; yields how a council reaches it."""
    files = certificates(folder)
    config = uvicorn.Config(
        there.app(), host="127.0.0.1", port=0, log_config=None, ssl_certfile=files["server.pem"],
        ssl_keyfile=files["server.key"], ssl_ca_certs=str(files["ca.pem"]), ssl_cert_reqs=ssl.CERT_REQUIRED,
    )  # fmt: skip
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    url = f"https://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield Access(url, url, files["council.pem"], files["council.key"], files["ca.pem"])
    finally:
        server.should_exit = True
        await running


def certificates(folder: Path) -> dict[str, Path]:
    """A certificate authority, the portal's certificate, a council's, and one of nobody's, each with its key."""
    ca_key = ec.generate_private_key(ec.SECP256R1())
    made = {"ca": (ca_key, _certificate("portal's authority", ca_key, None, ca_key))}
    for name in ("server", "council"):
        key = ec.generate_private_key(ec.SECP256R1())
        made[name] = (key, _certificate(name, key, made["ca"][1], ca_key))
    stranger = ec.generate_private_key(ec.SECP256R1())
    made["stranger"] = (stranger, _certificate("stranger", stranger, None, stranger))
    files = {}
    for name, (key, certificate) in made.items():
        files[f"{name}.pem"], files[f"{name}.key"] = folder / f"{name}.pem", folder / f"{name}.key"
        files[f"{name}.pem"].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[f"{name}.key"].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return files


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate | None, signer: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)  # noqa: TID251
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(host, critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .sign(signer, hashes.SHA256())
    )
