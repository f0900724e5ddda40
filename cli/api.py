"""Talking to a service's API as a member of staff of the development issuer (or with `MOOT_TOKEN`)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from deploy.local.process import CannotRun
from deploy.topology import Ports

PAGE = 500
"""Items of a list that are asked for at once: the most that the services give."""


class ApiRefused(CannotRun):
    """The service said no. Reads as one sentence: what is wrong, its source, what to do next."""

    def __init__(self, problem: dict[str, Any], status: int) -> None:
        title, detail = problem.get("title", ""), problem.get("detail", "")
        said = [detail if detail.startswith(title) else f"{title} {detail}", problem.get("next", "")]
        if wrong := problem.get("errors"):  # each field says more than their names together
            said = [f"{error['field']}: {error['message']}" for error in wrong]
        source = [f"[{problem['source']}]"] if problem.get("source") else []
        told = " ".join(part.strip() for part in said + source if part.strip())
        super().__init__(told or f"The service answered {status}.")
        self.problem, self.status = problem, status


class Written:
    """The last position written in each shard. It goes with every GET: read your own writes, and those of whom you share it
    with."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def note(self, token: str) -> None:
        for part in token.split(","):  # one command may have written to several shards
            shard, _, position = part.strip().partition(":")
            if position:
                self._last[shard] = max(int(position), self._last.get(shard, 0))

    def header(self) -> dict[str, str]:
        tokens = ",".join(f"{shard}:{position}" for shard, position in self._last.items())
        return {"X-Position": tokens} if tokens else {}


class ApiClient:
    """One service's API in the name of one role."""

    def __init__(
        self,
        context: str,
        user: str = "registration-officer",
        written: Written | None = None,
        correlation: str = "",
        patience: float = 60,
    ) -> None:
        """`patience`: seconds that an answer may take."""
        ports = Ports.from_environment()
        thread = {"X-Correlation-Id": correlation} if correlation else {}
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{ports.service(context)}", timeout=patience, headers=thread
        )
        self._issuer = os.environ.get("MOOT_OIDC_ISSUER") or f"http://127.0.0.1:{ports.issuer}"
        self._user = user
        self._token = os.environ.get("MOOT_TOKEN", "")
        self._written = written or Written()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def post(self, path: str, body: Any = None, *, key: str = "", because: str = "") -> dict[str, Any]:
        """Carry out a command. `key` repeats safely; a fresh one is made if none is given. `because`: the event acted upon.
        Raises `ApiRefused`."""
        return self._command("POST", path, body, key, because)

    def put(self, path: str, body: Any, *, key: str = "", because: str = "") -> dict[str, Any]:
        return self._command("PUT", path, body, key, because)

    def _command(self, method: str, path: str, body: Any, key: str, because: str) -> dict[str, Any]:
        headers = {"Idempotency-Key": key or str(uuid4()), **({"X-Causation-Id": because} if because else {})}
        answer = self._send(method, path, json=body, headers=headers)
        self._written.note(answer.headers.get("X-Position", ""))
        return dict(answer.json())

    def get(self, path: str, **query: Any) -> Any:
        """Read; waits until what was written is visible."""
        return self._send("GET", path, params=query, headers=self._written.header()).json()

    def items(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The items of a list that comes in pages, page after page; what is `None` in the query is not asked for."""
        asked = {name: value for name, value in query.items() if value is not None}
        page = self.get(path, **asked, limit=PAGE)
        yield from page["items"]
        while page["next"]:
            page = self.get(path, **asked, limit=PAGE, cursor=page["next"])
            yield from page["items"]

    def upload(self, path: str, files: Sequence[Path], **query: Any) -> dict[str, Any]:
        """Send a file as the body, or several as the parts of a form, without reading them whole."""
        with ExitStack() as stack:
            opened = [stack.enter_context(file.open("rb")) for file in files]
            parts: dict[str, Any] = {"files": [("file", (f.name, o)) for f, o in zip(files, opened, strict=True)]}
            if len(files) == 1:
                parts = {"content": opened[0], "headers": {"Content-Type": "application/octet-stream"}}
            return dict(self._send("POST", path, params=query, **parts).json())

    def _send(self, method: str, path: str, *, headers: dict[str, str] | None = None, **parts: Any) -> httpx.Response:
        try:
            signed = {"Authorization": f"Bearer {self._signed_in()}", **(headers or {})}
            answer = self._http.request(method, path, headers=signed, **parts)
        except httpx.TransportError as lost:
            raise CannotRun(f"{self._http.base_url} does not answer: start the system with ./moot up.") from lost
        if answer.is_error:
            json = answer.headers.get("content-type", "").endswith("json")
            raise ApiRefused(answer.json() if json else {}, answer.status_code)
        return answer

    def _signed_in(self) -> str:
        if not self._token:
            answer = httpx.post(f"{self._issuer}/token", params={"user": self._user}, timeout=10)
            answer.raise_for_status()
            self._token = str(answer.json()["access_token"])
        return self._token
