"""Polls."""

from __future__ import annotations

from typing import Final

from desk.help.sources import LEPAR_2006, Help

HELP: Final = {
    "election_home/contest": Help(
        "The poll card names the council and the ward or division in which the elector votes, so each contest has a card of its own. At "
        "other polls the rules of that poll say the same.",
        "Local Elections (Principal Areas) Rules 2006 Sch 2 r.25",
        f"{LEPAR_2006}/schedule/2",
    ),
    "election_home/station": Help(
        "The poll card says where the elector’s polling station is, and the day and hours of the poll.",
        "Local Elections (Principal Areas) Rules 2006 Sch 2 r.25",
        f"{LEPAR_2006}/schedule/2",
    ),
}
