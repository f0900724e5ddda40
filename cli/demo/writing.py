"""Notifications: what each fact had to say to somebody has been written and has left."""

from __future__ import annotations

from functools import partial
from typing import Any

from cli.demo.council import Council

SERVICE = "notifications"
QUEUED = "moothall.notifications.message-queued.v1"
GONE = frozenset({"sent", "delivered"})


def letters(c: Council) -> None:
    c.tell.chapter("Letters have been written by facts alone, and have left")
    queued = [event for event in c.everything() if event.type == QUEUED]
    for event in queued:
        page = c.wait_for("A letter", partial(_gone, c, event.stream))
        c.follow(SERVICE, event.stream)
        c.story.letters.append({key: page[key] for key in ("message_id", "template", "channel", "status")})
        attempt = page["attempts"][-1]
        c.tell.line(
            f"{page['template']}, by {page['channel']}: {page['status']} [dim]{attempt['provider_reference']}[/dim]"
        )


def _gone(c: Council, message: str) -> dict[str, Any] | None:
    page: dict[str, Any] | None = c.found(SERVICE, "correspondence", f"/messages/{message}")
    return page if page and page["status"] in GONE else None
