"""How one elector votes otherwise than at the polling station: by post, by proxy, by a proxy who votes by post."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from services.registration.absent_votes import postal, proxies, renewals, restoring
from services.registration.absent_votes.arrangements import Arrangements, Event, evolve
from services.registration.absent_votes.commands import (
    AppointProxy,
    AskToRenew,
    CancelPostalProxy,
    CancelPostalVote,
    CancelProxy,
    Command,
    EndAbsentVotes,
    EndPostalProxy,
    EndPostalVote,
    EndProxy,
    GrantPostalProxy,
    GrantPostalVote,
    LapseUnanswered,
    NoteSignature,
    RefusePostalProxy,
    RefusePostalVote,
    RefuseProxy,
    RemindToRenew,
    RestoreAbsentVotes,
)
from services.registration.absent_votes.persons import claims, releases
from shared.eventcore.deciding import Claim, Decider, Refused, Release
from shared.events.registration import (
    PostalProxyRefused,
    PostalVoteEnded,
    PostalVoteRefused,
    ProxyEnded,
    ProxyNamed,
    ProxyRefused,
)
from shared.law.absent_voting import REASONS_NEEDED

Application = GrantPostalVote | RefusePostalVote | AppointProxy | RefuseProxy | GrantPostalProxy | RefusePostalProxy
"""Carries the reference under which it is answered once."""


def decide(command: Command, now: Arrangements) -> Sequence[Event]:
    if isinstance(command, Application) and command.reference in now.answered:
        return []  # the queue delivered the same application again
    match command:
        case GrantPostalVote():
            return [*postal.grant(command, now), *renewals.answered_by(command, now)]
        case CancelPostalVote():
            return postal.cancel(command, now)
        case EndPostalVote():
            return postal.end(command, now)
        case AppointProxy():
            return [*proxies.appoint(command, now), *renewals.answered_by(command, now)]
        case CancelProxy():
            return proxies.cancel(command, now)
        case EndProxy():
            return proxies.end(command, now)
        case GrantPostalProxy():
            return [*postal.grant_to_proxy(command, now), *renewals.answered_by(command, now)]
        case CancelPostalProxy():
            return postal.cancel_of_proxy(command, now)
        case EndPostalProxy():
            return postal.end_of_proxy(command, now)
        case RefusePostalVote() | RefuseProxy() | RefusePostalProxy():
            return [refuse(command, now)]
        case EndAbsentVotes():
            return end_all(command, now)
        case RestoreAbsentVotes():
            return restoring.restore(command, now)
        case AskToRenew():
            return renewals.ask(command, now)
        case RemindToRenew():
            return renewals.remind(command, now)
        case NoteSignature():
            return renewals.note_signature(command, now)
        case LapseUnanswered():
            return renewals.lapse(command, now)
        case _:
            assert_never(command)


def refuse(command: RefusePostalVote | RefuseProxy | RefusePostalProxy, now: Arrangements) -> Event:
    if not command.reasons:
        raise Refused(REASONS_NEEDED)
    said = (
        command.elector_id, command.person_id, command.determined_on, command.reasons, command.explanation, command.reference,
    )  # fmt: skip
    match command:
        case RefusePostalVote():
            return PostalVoteRefused(*said)
        case RefuseProxy():
            return ProxyRefused(*said)
        case RefusePostalProxy():
            proxy = now.proxy_for(None) or next(iter(now.proxies), None)
            return PostalProxyRefused(*said, proxy.appointed.proxy_id if proxy else None)
        case _:
            assert_never(command)


def end_all(command: EndAbsentVotes, now: Arrangements) -> Sequence[Event]:
    """With the registration, all of it. Somebody who acts at two polls for this elector gives back one place."""
    events: list[Event] = []
    if now.grants:
        person = now.grants[-1].person_id if command.told else None
        events.append(PostalVoteEnded(command.elector_id, command.ended_on, "registration-ended", person))
    for proxy in now.proxies:
        ended = proxies.ending(proxy, now, command.ended_on, "registration-ended", told=command.told)
        events += ended
        now = _fold(now, ended)
    return events


def _fold(now: Arrangements, events: Sequence[Event]) -> Arrangements:
    for event in events:
        now = evolve(now, event)
    return now


def boundary(event: Event) -> Iterable[Claim | Release]:
    """One person acts for so many electors and no more, whoever's applications they are named in."""
    match event:
        case ProxyNamed():
            yield from claims(event)
        case ProxyEnded():
            yield from releases(event)
        case _:
            return


absent_votes: Decider[Command, Arrangements, Event] = Decider(
    "postal-vote", Arrangements(), decide, evolve, boundary
)  # the kind of these streams from when a postal vote was all there was; a kind never changes
