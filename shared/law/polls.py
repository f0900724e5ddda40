"""What is polled and where: the kinds of poll, the register each is taken from, the countries of the United Kingdom."""

from __future__ import annotations

from enum import Enum

from shared.law.working_days import Nation


class Country(Enum):
    """A country of the United Kingdom."""

    ENGLAND = "England"
    WALES = "Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"

    @property
    def nation(self) -> Nation:
        """Whose bank holidays it keeps."""
        match self:
            case Country.ENGLAND | Country.WALES:
                return Nation.ENGLAND_AND_WALES
            case Country.SCOTLAND:
                return Nation.SCOTLAND
            case Country.NORTHERN_IRELAND:
                return Nation.NORTHERN_IRELAND


class Register(Enum):
    """The two registers, kept as one combined list. [RPA 1983 s.9]"""

    PARLIAMENTARY = "parliamentary"
    LOCAL = "local"


class PollType(Enum):
    """A kind of poll; the value is its code in election ids and files."""

    PARLIAMENTARY = "parl"
    LOCAL = "local"
    CITY_OF_LONDON = "local.city-of-london"
    PARISH = "parish"
    PARISH_POLL = "parishpoll"
    PCC = "pcc"
    CA_MAYOR = "camayor"
    LA_MAYOR = "lamayor"
    GLA = "gla"
    RECALL = "recall"
    GOVERNANCE_REFERENDUM = "refgov"
    COUNCIL_TAX_REFERENDUM = "refct"
    NEIGHBOURHOOD_REFERENDUM = "refnp"
    SENEDD = "senedd"
    SCOTTISH_PARLIAMENT = "sp"
    NI_ASSEMBLY = "nia"

    @property
    def register(self) -> Register:
        """Whose electors vote. [RPA 1983 s.1-2; Recall of MPs Act 2015 s.10]"""
        return Register.PARLIAMENTARY if self in (PollType.PARLIAMENTARY, PollType.RECALL) else Register.LOCAL

    @property
    def is_reserved(self) -> bool:
        """Run by the law of the UK Parliament in Wales and Scotland too, with England's franchise."""
        return self in (PollType.PARLIAMENTARY, PollType.RECALL, PollType.PCC)
