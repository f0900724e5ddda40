"""Which entries are officers' own, as they said last."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.registration import OwnEntriesDeclared


class OwnEntry(ViewTable):
    """What one officer said."""

    __tablename__ = "own_entry"
    __table_args__ = {"schema": "own_entries"}  # noqa: RUF012
    declaration_id: Mapped[UUID] = mapped_column(primary_key=True)
    officer: Mapped[str] = mapped_column(Text)
    elector_ids: Mapped[list[str]] = mapped_column(JSONB)


@projection("own_entries", version=1, tables=[OwnEntry])
class OwnEntries:
    view: View

    @on(OwnEntriesDeclared)
    def declared(self, tx: ViewTransaction, e: Recorded[OwnEntriesDeclared]) -> None:
        tx.put(
            OwnEntry, authority=e.authority, declaration_id=e.stream_id, officer=e.data.officer,
            elector_ids=[str(elector) for elector in e.data.elector_ids],
        )  # fmt: skip
