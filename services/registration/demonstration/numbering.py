"""Who has which number: as much of the register as has to be in mind while it grows, 20 bytes an elector."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from services.registration.electors.commands import RenumberElector
from services.registration.electors.decider import electors
from shared.eventcore.policy import Do
from shared.events.values import ElectorId, ElectorNumber, PollingDistrict


class Register:
    """The numbers of a register with room for so many electors, by their place in its order (district, street, house).

    A new entry gets one past the last number of its district. Each revised register gives the entries made before it
    their numbers anew in the order of the register; those numbered for it already stand behind them. [RPR 2001 r.40]
    """

    def __init__(self, electors: int) -> None:
        self._ids = bytearray(16 * electors)
        self._years = bytearray(electors)
        """Of the revised register that the number belongs to, since 2000; 0: not on the register."""
        self._districts = array("H", bytes(2 * electors))
        self._codes: dict[PollingDistrict, int] = {}
        self._given: Counter[PollingDistrict] = Counter()

    def add(self, place: int, elector: ElectorId, district: PollingDistrict, numbered_in: date) -> ElectorNumber:
        self._ids[16 * place : 16 * place + 16] = elector.bytes
        self._years[place] = numbered_in.year - 2000
        self._districts[place] = self._codes.setdefault(district, len(self._codes))
        self._given[district] += 1
        return ElectorNumber(district, self._given[district])

    def renumbered(self, revised: date) -> Iterator[Do]:
        """The revised register of this day: every older entry gets its new number."""
        year = revised.year - 2000
        names = list(self._codes)
        given: Counter[PollingDistrict] = Counter()
        for place, numbered in enumerate(self._years):
            if 0 < numbered < year:
                self._years[place] = year
                district = names[self._districts[place]]
                given[district] += 1
                elector = ElectorId(UUID(bytes=bytes(self._ids[16 * place : 16 * place + 16])))
                number = ElectorNumber(district, given[district])
                yield Do(electors, elector, RenumberElector(number, revised, revised))
