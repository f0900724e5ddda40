"""Whatever happens to one elector's arrangements, the places held are exactly those of the proxies who stand appointed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.registration.absent_votes.commands import (
    AppointProxy,
    CancelProxy,
    EndAbsentVotes,
    EndProxy,
    GrantPostalProxy,
    GrantPostalVote,
    Proxy,
)
from services.registration.absent_votes.decider import absent_votes, boundary
from services.registration.absent_votes.persons import home_of
from shared.eventcore.deciding import Claim, Refused
from shared.events.definition import known
from shared.events.values import AddressLines, ElectorId, PersonId, PersonName
from shared.law.effect import PollAhead
from shared.law.polls import PollType

ADA, HERSELF = ElectorId(UUID(int=1)), PersonId(UUID(int=2))
ON, AT = date(2026, 4, 1), datetime(2026, 4, 1, 12, tzinfo=UTC)
POLLS = (PollAhead(PollType.LOCAL, date(2026, 5, 7)), PollAhead(PollType.LOCAL, date(2026, 6, 11)))
HOME = AddressLines("2", "Sea Road", postcode="MT9 9ZZ")

# Three people under two ids each: the second id is that of a paper form, which does not know the first.
people = st.builds(
    lambda who, form: Proxy(
        PersonId(UUID(int=10 + 3 * form + who)), PersonName("Ben", ["Ash", "Elm", "Fir"][who]), HOME
    ),
    st.integers(0, 2),
    st.integers(0, 1),
)
polls = st.sampled_from(POLLS)
commands = st.one_of(
    st.builds(lambda who: AppointProxy(ADA, HERSELF, "indefinite", who, AT, ON, ground="registered-blind"), people),
    st.builds(
        lambda who, at: AppointProxy(ADA, HERSELF, "particular-poll", who, AT, ON, at, reason="away"), people, polls
    ),
    st.builds(lambda at: CancelProxy(ADA, AT, at), st.none() | polls),
    st.builds(lambda at: EndProxy(ADA, date(2026, 7, 1), "expired", at.polling_day), polls),
    st.just(GrantPostalVote(ADA, HERSELF, "maximum", AT, ON)),
    st.just(GrantPostalProxy(ADA, "maximum", AT, ON)),
    st.just(EndAbsentVotes(ADA, ON)),
)


@given(st.lists(commands, max_size=12))
def test_places_held_are_those_of_the_proxies_who_stand(asked):
    now, held = absent_votes.initial, set()
    for command in asked:
        try:
            events = absent_votes.decide(command, now)
        except Refused:
            continue
        now = absent_votes.fold(events, now)
        changes = [change for event in events for change in boundary(event)]
        # As the store does: what a command gives back is free before it takes anything.
        held -= {change.tag for change in changes if not isinstance(change, Claim)}
        held |= {change.tag for change in changes if isinstance(change, Claim)}
        standing = set()
        for proxy in now.proxies:
            assert proxy.named is not None
            who = (proxy.named.proxy_id, home_of(known(proxy.named.name), known(proxy.named.address)))
            standing |= {f"proxy:uk-and-england:{tag}" for tag in who}
        assert held == standing | {f"{tag}:domestic" for tag in standing}
        assert len({proxy.poll for proxy in now.proxies}) == len(now.proxies), "one proxy for each poll"
        appointed = {proxy.appointed.proxy_id for proxy in now.proxies}
        assert {grant.proxy_id for grant in now.postal_proxies} <= appointed, "no vote by post without an appointment"
