"""What a help is, and where the laws stand that it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LEGISLATION: Final = "https://www.legislation.gov.uk"
RPA_1983: Final = f"{LEGISLATION}/ukpga/1983/2"
RPA_2000: Final = f"{LEGISLATION}/ukpga/2000/2"
RPR_2001: Final = f"{LEGISLATION}/uksi/2001/341"
LGA_1972: Final = f"{LEGISLATION}/ukpga/1972/70"
LEPAR_2006: Final = f"{LEGISLATION}/uksi/2006/3304"
FOIA_2000: Final = f"{LEGISLATION}/ukpga/2000/36"
EIR_2004: Final = f"{LEGISLATION}/uksi/2004/3391"
PAYE_2003: Final = f"{LEGISLATION}/uksi/2003/2682"
FIRE_SAFETY_2005: Final = f"{LEGISLATION}/uksi/2005/1541"


@dataclass(frozen=True, slots=True)
class Help:
    """What is asked at a field, in one or two sentences. `source` says who asks it; `url` where it stands in the law, and is
    empty where no law speaks and the council's own practice is named."""

    text: str
    source: str
    url: str = ""
