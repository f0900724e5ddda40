"""What a copy held, as keyed sums: enough to tell a copy that lost an erased person from one that was tampered with.

The bytes of a copy differ for ever once somebody in it is erased, and nothing that could be matched with a person may be kept in
their stead. So each line is hashed under a key of the service, and the hashes are summed in buckets by the elector number, which
stays. Made again, every bucket must be what it was, but for those that an erased person's line fell into.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from hashlib import blake2b, sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select

from services.registration.exchange.supply.entry import Entry
from services.registration.supply.contents import Edition
from services.registration.views.absent_voters import Arrangement
from services.registration.views.register import Entry as Row
from services.registration.views.register_as_at import Moment, in_force, moments_of
from shared.eventcore.execute import subject_stream
from shared.eventcore.keys import BlindIndex
from shared.events.core import SubjectErased
from shared.events.definition import REGISTRY
from shared.events.values import ElectorNumber, PollingDistrict
from shared.service.audit_trail import Audited
from shared.service.database import Connection, fetch

BUCKETS: Final = 1024
BYTES: Final = 6
_MODULUS: Final = 1 << (8 * BYTES)


@dataclass
class Fingerprint:
    """Sums of a copy's lines as they pass. `key`: of `fingerprint_key`."""

    key: bytes
    sums: list[int] = field(default_factory=lambda: [0] * BUCKETS)

    def add_all(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            line = blake2b(_said(entry).encode(), key=self.key, digest_size=BYTES).digest()
            place = bucket_of(entry.number)
            self.sums[place] = (self.sums[place] + int.from_bytes(line)) % _MODULUS

    def text(self) -> str:
        """As the ledger keeps it."""
        return base64.b64encode(b"".join(each.to_bytes(BYTES) for each in self.sums)).decode()


def fingerprint_key(blind: BlindIndex, authority: str) -> bytes:
    """Without it nobody can try names and addresses against a fingerprint."""
    return blind.of("supply-fingerprint", "", authority)


def bucket_of(number: ElectorNumber) -> int:
    return int.from_bytes(sha256(str(number).encode()).digest()[:4]) % BUCKETS


def _said(entry: Entry) -> str:
    """All that a layout may print of an entry."""
    mark, name, home = entry.marking, entry.name, entry.home
    parts = (
        str(entry.number), mark.before_name, mark.after_number, str(mark.attains_on or ""), entry.change, str(entry.ends_on or ""),
        *((name.last, name.first, name.middle) if name else ()), *entry.address,
        *((home.prefix, home.number, home.street, str(home.address.uprn or "")) if home else ()),
        *(map(str, astuple(entry.absent)) if entry.absent else ()),
    )  # fmt: skip
    return "\x1f".join(parts)


def differing(recorded: str, made_again: Fingerprint) -> set[int]:
    """The buckets that are not what they were."""
    kept = base64.b64decode(recorded)
    sums = (int.from_bytes(kept[at : at + BYTES]) for at in range(0, len(kept), BYTES))
    return {place for place, (was, is_) in enumerate(zip(sums, made_again.sums, strict=True)) if was != is_}


@dataclass(frozen=True, slots=True)
class ErasedEntry:
    """An entry of a copy whose person was erased. `erasure`: the id of the event that says so."""

    number: ElectorNumber
    erasure: str


async def erased_in(conn: Connection, authority: str, edition: Edition) -> list[ErasedEntry]:
    """The entries of an edition whose person has been erased, each with the event of the erasure."""
    both = moments_of(edition.on, edition.positions)
    moments = both if edition.document in ("notices", "open-notices") else (Moment(edition.on, edition.positions),)
    query = select(Row.district, Row.number, Row.suffix, Row.person_id).distinct()
    query = query.where(
        Row.franchise.is_(None), ~Row.anonymous, or_(*(in_force(authority, moment) for moment in moments))
    )
    rows = await fetch(conn, query)
    if edition.document == "absent-voter-lists":
        # With a proxy who votes by post an elector stands in two of the lists.
        rows += rows + await fetch(conn, _proxies(in_force(authority, moments[0])))
    streams = [subject_stream(row["person_id"]) for row in rows if row["person_id"]]
    said = select(Audited.stream_id, Audited.version).where(
        Audited.authority == authority,
        Audited.type == REGISTRY.by_class[SubjectErased].wire,
        Audited.stream_id.in_(streams),
    )
    erasures = {row["stream_id"]: f"{row['stream_id']}@{row['version']}" for row in await fetch(conn, said)}
    return [
        ErasedEntry(ElectorNumber(PollingDistrict(row["district"]), row["number"], row["suffix"]), erasures[stream])
        for row in rows
        if row["person_id"] and (stream := subject_stream(row["person_id"])) in erasures
    ]


def _proxies(standing: ColumnElement[bool]) -> Any:
    """The electors of an edition who have a proxy, with the person that the proxy is."""
    named: Any = select(Row.district, Row.number, Row.suffix, Arrangement.proxy_id.label("person_id")).distinct()
    theirs = named.join(Arrangement, Arrangement.elector_id == Row.elector_id)
    return theirs.where(standing, Arrangement.proxy_id.is_not(None))


def explained(places: set[int], erased: Iterable[ErasedEntry], lines_lost: int) -> list[str]:
    """The events of the erasures that account for all that differs; none where something else differs too. A notice
    loses the line of somebody whose alteration was that of a name."""
    of_them = [each for each in erased if bucket_of(each.number) in places]
    if not places or not places <= {bucket_of(each.number) for each in of_them} or not 0 <= lines_lost <= len(of_them):
        return []
    return sorted({each.erasure for each in of_them})
