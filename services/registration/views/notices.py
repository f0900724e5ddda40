"""What has been published: notices of alteration and revised registers, with the positions they froze."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.registration import AlterationNoticePublished, RevisedRegisterPublished


class Published(ViewTable):
    """One publication; it never changes."""

    __tablename__ = "published"
    __table_args__ = {"schema": "notices"}  # noqa: RUF012
    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    published_on: Mapped[date]
    determined_until: Mapped[date]
    additions: Mapped[int] = mapped_column(Integer, default=0)
    removals: Mapped[int] = mapped_column(Integer, default=0)
    amendments: Mapped[int] = mapped_column(Integer, default=0)
    electors: Mapped[int] = mapped_column(Integer, default=0)
    content_sha256: Mapped[str] = mapped_column(Text)
    poll: Mapped[date | None]
    areas: Mapped[list[str]] = mapped_column(JSONB)
    positions: Mapped[list[int]] = mapped_column(JSONB)


@projection("notices", version=1, tables=[Published])
class Notices:
    view: View

    @on(AlterationNoticePublished)
    def notice(self, tx: ViewTransaction, e: Recorded[AlterationNoticePublished]) -> None:
        n = e.data
        tx.put(
            Published, authority=e.authority, notice_id=n.notice_id, kind=n.kind, published_on=n.published_on,
            determined_until=n.determined_until, additions=n.additions, removals=n.removals, amendments=n.amendments,
            content_sha256=n.content_sha256, poll=n.poll, areas=list(n.areas), positions=list(n.positions),
        )  # fmt: skip

    @on(RevisedRegisterPublished)
    def register(self, tx: ViewTransaction, e: Recorded[RevisedRegisterPublished]) -> None:
        n = e.data
        tx.put(
            Published, authority=e.authority, notice_id=n.notice_id, kind="revised-register", published_on=n.published_on,
            determined_until=n.determined_until, electors=n.electors, content_sha256=n.content_sha256,
            poll=n.postponed_for_poll, areas=[], positions=list(n.positions),
        )  # fmt: skip
