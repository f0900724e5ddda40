"""How often things happen in a rehearsed year, each with where the number is from.

`assumed` stands where no published figure was at hand: of the right order for a rehearsal, and no claim about any council.
"""

from __future__ import annotations

from typing import Final, NamedTuple

ASSUMED: Final = "assumed"


class Rate(NamedTuple):
    """So many of a hundred thousand of what `of` names, in the year."""

    of_100_000: int
    of: str
    source: str

    @property
    def share(self) -> float:
        return self.of_100_000 / 100_000

    def many(self, whole: int, least: int = 1) -> int:
        """Of so many; never none, so that the smallest rehearsal has one of each."""
        return max(least, round(whole * self.share))


RATES: Final = {
    "applications": Rate(12_000, "electors", ASSUMED),
    "movers": Rate(25_000, "applications", ASSUMED),
    "deaths": Rate(900, "electors", "ONS, deaths registered in England and Wales, about 9 in 1,000 people"),
    "leavers": Rate(4_500, "electors", ASSUMED),
    "postal-voters": Rate(18_000, "electors", "Electoral Commission, 2024: about a fifth of electorates vote by post"),
    "renewing": Rate(75_000, "postal voters asked to apply again", ASSUMED),
    "standing-proxies": Rate(200, "electors", ASSUMED),
    "signing-again": Rate(80_000, "electors asked for a fresh signature", ASSUMED),
    "signature-waived": Rate(2_000, "fresh signatures", ASSUMED),
    "postal-for-the-poll": Rate(1_500, "electors", ASSUMED),
    "proxies-for-the-poll": Rate(250, "electors", ASSUMED),
    "proxies-shared": Rate(10, "electors", "assumed; the limit is RPA 2000 Sch 4 para 6"),
    "emergency-proxies": Rate(10, "electors", ASSUMED),
    "too-late": Rate(6_000, "applications to vote otherwise at the poll", ASSUMED),
    "anonymous": Rate(6, "electors", "assumed; a few thousand in Great Britain"),
    "clerical-errors": Rate(10, "electors", ASSUMED),
    "matched": Rate(85_000, "electors of the national match", ASSUMED),
    "replying": Rate(55_000, "households contacted once", ASSUMED),
    "at-home": Rate(35_000, "doors knocked at", ASSUMED),
}  # fmt: skip
