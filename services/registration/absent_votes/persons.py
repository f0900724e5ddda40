"""Who a proxy is, whichever way they are known: the same person must not act for more electors under two ids."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid5

from shared.eventcore.deciding import Claim, Release
from shared.events.definition import known
from shared.events.registration import ProxyEnded, ProxyNamed
from shared.events.values import AddressLines, ElectorId, PersonId, PersonName
from shared.law.proxies import LIMITS, PROXY_ACTS_FOR_ENOUGH, PROXY_ACTS_FOR_ENOUGH_AT_HOME


def proxy_person(elector: ElectorId, reference: str) -> PersonId:
    """The person named as proxy in an application, where no entry tells who it is: the same for the same application."""
    return PersonId(uuid5(elector, f"proxy:{reference}"))


def letters_of(name: PersonName) -> str:
    """A name without case, spaces, hyphens and apostrophes."""
    return "".join(letter for letter in str(name).casefold() if letter.isalpha())


def home_of(name: PersonName | None, address: AddressLines | None) -> str | None:
    """A person by name and first line of the address with its postcode; None once erased."""
    if name is None or address is None:
        return None
    first, *_ = address.lines() or ("",)
    where = "".join(c for c in f"{first}{address.postcode}".casefold() if c.isalnum())
    return f"{letters_of(name)}:{where}"


def claims(named: ProxyNamed) -> Iterator[Claim]:
    """The places of this appointment among those that the law leaves the proxy. One stream is one elector."""
    for scope in named.limits:
        limits = LIMITS[scope].on(named.limits_on)
        if named.close_relative and not limits.relatives_count:
            continue
        for tag in _tags(scope, named.proxy_id, home_of(known(named.name), known(named.address))):
            yield Claim(tag, PROXY_ACTS_FOR_ENOUGH, limits.electors)
            if named.domestic:
                yield Claim(f"{tag}:domestic", PROXY_ACTS_FOR_ENOUGH_AT_HOME, limits.domestic)


def releases(ended: ProxyEnded) -> Iterator[Release]:
    if ended.still_acts:
        return
    for scope in LIMITS:
        for tag in _tags(scope, ended.proxy_id, home_of(known(ended.name), known(ended.address))):
            yield Release(tag)
            yield Release(f"{tag}:domestic")


def _tags(scope: str, proxy: PersonId, home: str | None) -> Iterator[str]:
    yield f"proxy:{scope}:{proxy}"
    if home is not None:
        yield f"proxy:{scope}:{home}"
