"""Applicants and electors that a test may take for itself, whatever others do at the same time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from tests.browser.system import System


def apply_like(system: System, elector: str, last_name: str = "") -> str:
    """Enter an application on paper of somebody of this elector's name, birth and home; or of another surname there.
    Returns its id, once the service shows it."""
    entry = system.ask("registration", f"/electors/{elector}")
    form = system.ask("registration", f"/applications/{entry['application_id']}/form")["application"]
    home = system.ask("registration", f"/properties/{entry['property_id']}")
    body = {
        "channel": "paper", "reference": f"P-{uuid4().hex[:12]}", "date_of_birth": form["dob"], "nationalities": "GB",
        "name": {"first": form["fn"], "middle": form.get("mn", ""), "last": last_name or form["ln"]},
        "address": {**home["address"], "uprn": home["uprn"]}, "no_nino": "Never had one",
    }  # fmt: skip
    application = str(system.tell("registration", "/applications/entered", body)["stream_id"])
    until = time.monotonic() + 60
    while not system.there("registration", f"/applications/{application}", "registration-officer"):
        assert time.monotonic() < until, "the application does not come into view"
        time.sleep(0.2)
    return application


def settled(system: System) -> Iterator[dict[str, Any]]:
    """Entries of the register that came of an application; what one test takes, another finds changed."""
    cursor = ""
    while cursor is not None:
        page = system.ask("registration", "/register", limit=100, **({"cursor": cursor} if cursor else {}))
        yield from (line for line in page["items"] if line["section"] == "streets" and line["name"])
        cursor = page["next"]
