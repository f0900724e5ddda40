"""A caller of a served API: it lives through a diary, and then asks what a fuzzer invents, near to what makes sense."""

from __future__ import annotations

import time
from collections.abc import Mapping
from random import Random
from typing import Any
from uuid import uuid4

import requests

from shared.service.tests.provider import COUNCIL
from tests.contract.diaries import Ask
from tests.contract.serving import Served

PATIENCE_SECONDS = 5.0


class Caller:
    """`known`: ids by the name that paths give them; `sensible`: a body that was accepted, by method and path."""

    def __init__(self, running: Served) -> None:
        self.running = running
        self.session = requests.Session()
        self.known: dict[str, str] = {}
        self.sensible: dict[tuple[str, str], Any] = {}
        self._officers = {name: running.officer(name) for name in ("first", "second")}

    def headers(self, officer: str = "first") -> dict[str, str]:
        return {**self._officers[officer], "X-Authority": COUNCIL, "Idempotency-Key": str(uuid4())}

    def lives_through(self, diary: tuple[Ask, ...]) -> None:
        for ask in diary:
            body = self._filled(ask.body)
            path = ask.path.format(**self.known)
            found = self._until_it_is_there(ask, path, body)
            if ask.gives:
                self.known[ask.gives] = found
            if body is not None:
                self.sensible[ask.method, named(ask.path)] = body

    def _until_it_is_there(self, ask: Ask, path: str, body: Any) -> Any:
        """What the answer gives. Views follow a moment later, and the clock of a rehearsal likewise."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.session.request(
                ask.method, self.running.url + path, json=body, headers=self.headers(ask.officer), timeout=10
            )
            try:
                answer.raise_for_status()
                return dug(answer.json(), ask.where) if ask.gives else None
            except (requests.HTTPError, LookupError):
                if time.monotonic() > until:
                    raise AssertionError(f"{ask.method} {path}: {answer.status_code} {answer.text}") from None
                time.sleep(0.1)

    def _filled(self, body: Any) -> Any:
        match body:
            case str() if body.startswith("$"):
                return self.known[body[1:]]
            case dict():
                return {name: self._filled(part) for name, part in body.items()}
            case list():
                return [self._filled(part) for part in body]
            case _:
                return body


def named(path: str) -> str:
    """A path as diaries write it: the document's `{member_id}` is `{member}`."""
    return path.replace("_id}", "}")


def dug(answer: Any, where: str) -> Any:
    """The value at a dotted path. Raises LookupError."""
    for step in where.split("."):
        answer = answer[int(step) if step.isdigit() else step]
    return answer


def near(sensible: Mapping[str, Any], invented: Mapping[str, Any], chance: Random) -> dict[str, Any]:
    """A body that made sense, with one field of an invented one."""
    name = chance.choice(sorted(invented)) if invented else None
    return {**sensible, **({name: invented[name]} if name is not None else {})}
