"""Which citizens have which franchise: lists of countries by ISO 3166-1 alpha-2 code, each with its source."""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.polls import Country

_START: Final = date(2012, 1, 1)


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


BRITISH: Final = frozenset({"GB", "GG", "JE", "IM"})
"""British citizens, the Crown dependencies included. [British Nationality Act 1981 s.1, s.50]"""

IRISH: Final = frozenset({"IE"})

_OVERSEAS_TERRITORIES: Final = _codes("AI BM FK GI GS IO KY MS PN SH TC VG")
_COMMONWEALTH: Final = _OVERSEAS_TERRITORIES | _codes(
    """AG AU BB BD BN BS BW BZ CA CM CY DM FJ GD GH GM GY IN JM KE KI KN LC LK LS MT MU MV MW MY MZ NA NG NR NZ PG PK RW
    SB SC SG SL SZ TO TT TV TZ UG VC VU WS ZA ZM ZW"""
)
_SCHEDULE_3: Final = "British Nationality Act 1981 s.37, Sch 3; Electoral Commission list"
COMMONWEALTH: Final = Dated(
    "Commonwealth citizens",
    Provision(_COMMONWEALTH, _START, _SCHEDULE_3, until=date(2022, 6, 24)),
    Provision(_COMMONWEALTH | {"GA", "TG"}, date(2022, 6, 25), _SCHEDULE_3),
)
"""Cyprus and Malta belong here although they are EU states. Zimbabwe and suspended members stay in Schedule 3; the
Maldives' absence from 2017 to 2020 is not recorded."""

EU: Final = _codes("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")

TREATY_STATES: Final = Dated(
    "EU states whose citizens have the local franchise in England",
    Provision(EU, _START, "RPA 1983 s.2, s.202 (relevant citizens of the Union)", until=date(2024, 5, 6)),
    Provision(
        frozenset({"DK", "ES", "LU", "PL", "PT"}),
        date(2024, 5, 7),
        "RPA 1983 s.203A, Sch 6A; Elections Act 2022 Sch 8; SI 2023/1150",
    ),
)
RETAINED_RIGHTS: Final = Dated(
    "EU citizens resident since this day keep the local franchise",
    Provision(date(2020, 12, 31), date(2024, 5, 7), "RPA 1983 s.203B; Elections Act 2022 Sch 8; SI 2023/1150"),
)
EU_MARKER: Final = Dated(
    "marker of a local elector from the EU in England",
    Provision("G", _START, "RPR 2001 r.42", until=date(2024, 5, 6)),
    Provision("B", date(2024, 5, 7), "RPR 2001 r.42 as amended by SI 2023/1150"),
)
ANY_NATIONALITY: Final = {
    Country.SCOTLAND: Dated(
        "any nationality with leave has the Scottish local franchise: marker",
        Provision("M", date(2020, 8, 3), "Scottish Elections (Franchise and Representation) Act 2020"),
    ),
    Country.WALES: Dated(
        "any nationality with leave has the Welsh local franchise: marker",
        Provision("G", date(2022, 5, 5), "Local Government and Elections (Wales) Act 2021 s.2"),
    ),
}
