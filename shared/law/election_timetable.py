"""The whole statutory timetable of one poll, from dissolution to the return of expenses: each step with its time of day,
who has to act, the rule and source of its date, and the days that did not count.

The steps that registration shares (`shared.law.timetable`, `shared.law.registration`) are taken from there; the numbers
of all the others stand in `shared.law.election_provisions`. Windows that nobody verified (objections at PCC elections)
are left out rather than guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Final

from shared.law import election_provisions as numbers
from shared.law import provisions
from shared.law.dated import Dated
from shared.law.election_entries import Entry, Owner, Poll, at, by, calendar_days_before, published
from shared.law.election_provisions import Hours
from shared.law.polling_days import recall_opened
from shared.law.polls import Country, PollType
from shared.law.reckoning import (
    MIDNIGHT,
    Deadline,
    Limit,
    Reckoning,
    calendar_days_after,
    working_days_after,
    working_days_before,
)
from shared.law.registration import ElectionNotices, election_notices
from shared.law.rules import Refused, Rule
from shared.law.timetable import NoTimetable, Step, Timetable, before_poll, calendars, timetable
from shared.law.voting_systems import PollKind
from shared.law.working_days import Calendar, calendar

BY_ELECTION_OUTSIDE: Final = Rule(
    "close-of-nominations-outside-its-limits",
    "At a UK Parliamentary by-election polling day is 17 to 19 working days after the last day for nominations.",
    "RPA 1983 Sch 1 r.1",
    "Choose a close of nominations or a polling day that fits the other.",
    invalid=True,
)
CAUSE_NEEDED: Final = Rule(
    "cause-needed",
    "The timetable of this poll is counted from the day of what brought it about.",
    "Recall of MPs Act 2015 s.5-9",
    "Give the day of the Speaker's notice.",
    invalid=True,
)


def statutory_timetable(poll: Poll) -> tuple[Entry, ...]:
    """Every step of a poll in order of time.

    Raises `NoTimetable` for a poll whose own Act sets it, `HolidaysUnknown`, and `Refused` where a day that an officer
    chose is outside its limits.
    """
    match poll.kind:
        case PollKind.NATIONAL_REFERENDUM:
            raise NoTimetable("The referendum's own Act and PPERA 2000 set its timetable.")
        case PollKind.BID:
            entries = _bid(poll)
        case PollKind.PARISH_POLL:
            entries = _parish_poll(poll)
        case PollKind.RECALL:
            entries = _recall(poll)
        case _:
            entries = _Register(poll).entries()
    return tuple(sorted(entries, key=lambda entry: (entry.deadline.at, entry.key)))


class _Register:
    """The steps of a poll that is taken from the register of electors, on the calendars that its law counts by."""

    def __init__(self, poll: Poll) -> None:
        assert poll.kind.poll_type is not None, "a BID or a national referendum has steps of its own"
        self.poll, self.kind, self.day = poll, poll.kind, poll.polling_day
        self.poll_type: PollType = poll.kind.poll_type
        chosen = {"by_election": poll.by_election, "proclaimed": poll.proclaimed}
        self.counted = calendars(self.poll_type, self.day, poll.country, **chosen)  # type: ignore[arg-type]
        self.steps: Timetable = timetable(self.poll_type, self.day, poll.country, **chosen)  # type: ignore[arg-type]
        self.notices: ElectionNotices = election_notices(self.poll_type, self.day, poll.country, **chosen)  # type: ignore[arg-type]

    @property
    def parliamentary(self) -> bool:
        return self.kind is PollKind.PARLIAMENTARY

    def before(self, table: Dated[Limit], what: str, working: Calendar | None = None) -> Deadline:
        law = table.provision(self.day)
        return before_poll(what, self.day, law.value, law.source, working or self.counted.proceedings)

    def days_before(self, days: int, what: str, source: str) -> Deadline:
        return calendar_days_before(what, self.day, days, "the poll", source)

    def entries(self) -> Iterator[Entry]:
        if self.parliamentary and not self.poll.by_election:
            yield Entry(
                "dissolution", "Dissolution of Parliament", Owner.CROWN, self.before(numbers.DISSOLUTION, "Dissolution")
            )
            yield Entry("writ", "Writ issued and received", Owner.CROWN, self.before(numbers.WRIT, "Writ"))
        if self.kind.elects:
            yield from self.nominations()
        else:
            yield from self.referendum()
        yield from self.register()
        yield from self.absent_votes()
        yield from self.polling_day()
        if self.kind.elects:
            yield from self.afterwards()

    def nominations(self) -> Iterator[Entry]:
        officer = Owner.RETURNING_OFFICER
        notice, close = self.steps[Step.NOTICE_OF_ELECTION], self.close()
        yield Entry("notice-of-election", "Notice of election published", officer, notice)
        opens = working_days_after(
            "Nominations open", notice.day, 1, "the last day for the notice", notice.reckoning.source,
            self.counted.proceedings,
        )  # fmt: skip
        hours = self.nomination_hours()
        yield Entry(
            "nominations", "Delivery of nomination papers", Owner.CANDIDATES, close,
            opens=at(opens.date, hours.opens if hours else time()),
            note=f"From the day after the notice, on working days from {hours.opens:%H:%M} to {hours.closes:%H:%M}." if hours
            else "From the day after the notice, in the hours that it states.",
        )  # fmt: skip
        for key, title, source in (
            ("withdrawals", "Withdrawal of candidates", close.reckoning.source),
            ("election-agents", "Appointment of election agents", "RPA 1983 s.67"),
        ):
            same = replace(close.reckoning, what=title, source=source)
            yield Entry(key, title, Owner.CANDIDATES, replace(close, reckoning=same))
        if self.kind is PollKind.PARISH:
            asks = replace(close.reckoning, what="Poll cards at a parish election", source="SI 2006/3305 Sch 2 r.1")
            yield Entry(
                "parish-poll-cards", "Parish council asks for poll cards", Owner.PARISH, replace(close, reckoning=asks)
            )
        statement = self.steps[Step.STATEMENT_OF_PERSONS_NOMINATED]
        title = "Statement of persons nominated published"
        if self.parliamentary:
            law = numbers.OBJECTIONS.provision(self.day)
            objections = replace(close.reckoning, what="Objections to nomination papers", source=law.source)
            yield Entry(
                "objections", "Objections to nomination papers", Owner.CANDIDATES,
                Deadline(close.day, law.value.closes, objections), opens=at(close.day, law.value.opens),
                note="After noon only to papers that came after 16:00 on the day before.",
            )  # fmt: skip
            if not self.poll.by_election:
                unopposed = self.before(numbers.STATEMENT_UNOPPOSED, "Statement, no paper objected to")
                yield Entry("statement-without-objections", f"{title}, if no paper is objected to", officer, unopposed)
        note = "If a paper was objected to. It says when and where the poll is." if self.parliamentary else ""
        yield Entry("statement-of-persons-nominated", title, officer, statement, note=note)

    def nomination_hours(self) -> Hours | None:
        if self.kind in numbers.FIXED_HOURS:
            return numbers.NOMINATION_HOURS.on(self.day)
        return self.poll.nomination_hours

    def close(self) -> Deadline:
        usual = self.steps[Step.CLOSE_OF_NOMINATIONS]
        chosen = self.poll.close
        if chosen is None or not (self.parliamentary and self.poll.by_election):
            return usual
        least, most = numbers.BY_ELECTION_POLL.on(self.day)
        working = self.counted.proceedings
        if not working.forward(chosen, least) <= self.day <= working.forward(chosen, most):
            raise Refused(BY_ELECTION_OUTSIDE)
        source = numbers.BY_ELECTION_POLL.provision(self.day).source
        return Deadline(
            chosen,
            usual.closes,
            Reckoning("Close of nominations", chosen, "the day that the returning officer chose", source),
        )

    def referendum(self) -> Iterator[Entry]:
        officer = Owner.RETURNING_OFFICER
        match self.kind:
            case PollKind.NEIGHBOURHOOD_REFERENDUM:
                table = numbers.INFORMATION_STATEMENT_BUSINESS if self.poll.business else numbers.INFORMATION_STATEMENT
                statement = self.before(table, "Information statement")
                yield Entry("information-statement", "Information statement published", Owner.COUNCIL, statement)
                notice = self.steps[Step.NOTICE_OF_ELECTION]
                yield Entry("notice-of-referendum", "Notice of referendum published", officer, notice)
            case PollKind.GOVERNANCE_REFERENDUM:
                law = numbers.SECOND_NOTICE.provision(self.day)
                earliest, latest = law.value
                second = self.days_before(latest, "Second notice", law.source)
                yield Entry(
                    "notice-of-referendum", "Second notice of referendum published", officer, second,
                    opens=at(self.day - timedelta(days=earliest), time()),
                    note="The first notice follows the council's resolution as soon as practicable.",
                )  # fmt: skip
            case _:
                tax = numbers.COUNCIL_TAX_NOTICE.provision(self.day)
                notice = self.days_before(tax.value, "Notice of referendum", tax.source)
                yield Entry("notice-of-referendum", "Notice of referendum published", officer, notice)

    def register(self) -> Iterator[Entry]:
        electors, officer = Owner.ELECTORS, Owner.REGISTRATION_OFFICER
        notices = self.notices
        yield Entry("registration", "Applications to register", electors, notices.registration)
        if self.poll_type is not PollType.CITY_OF_LONDON:
            yield Entry(
                "anonymous-registration",
                "Applications for anonymous registration",
                electors,
                notices.anonymous_registration,
            )
        if notices.first_interim is not None:
            first = notices.first_interim
            yield published(
                "interim-1",
                "First interim notice of alteration",
                first.publish,
                first.because[0],
                "RPA 1983 s.13AB, s.13B",
            )
        if self.poll.second_interim is not None:
            second = notices.second_interim(self.poll.second_interim, self.counted.register)
            yield published(
                "interim-2",
                "Second interim notice of alteration",
                second.publish,
                second.because[0],
                "RPA 1983 s.13AB, s.13B",
            )
        final = notices.final
        yield published(
            "final-notice",
            "Final election notice of alteration",
            final.publish,
            final.because[0],
            "RPA 1983 s.13AB, s.13B",
        )
        yield Entry(
            "clerical-errors", "Correction of clerical errors and by courts", officer, notices.clerical_errors,
            note="The presiding officer is told.",
        )  # fmt: skip

    def absent_votes(self) -> Iterator[Entry]:
        electors = Owner.ELECTORS
        postal, proxy = self.steps[Step.POSTAL_VOTE], self.steps[Step.PROXY_VOTE]
        yield Entry("postal-votes", "New postal votes; changes and cancellations of absent votes", electors, postal)
        yield Entry("proxy-votes", "New proxy votes", electors, proxy)
        since = numbers.PHOTO_ID.get(self.kind)
        if since is not None and self.day >= since and self.poll.country is Country.ENGLAND:
            certificate = self.steps[Step.VOTER_AUTHORITY_CERTIFICATE]
            yield Entry("voter-authority-certificates", "Voter Authority Certificates", electors, certificate)
            document = replace(certificate.reckoning, what="Application for an Anonymous Elector's Document")
            yield Entry(
                "anonymous-documents",
                "Anonymous Elector's Documents",
                electors,
                replace(certificate, reckoning=document),
            )
        emergency = provisions.EMERGENCY_PROXY_UNTIL.provision(self.day)
        yield Entry(
            "emergency-proxies", "Emergency proxies: illness, occupation, lost or damaged photo ID", electors,
            self.on_the_day("Application for an emergency proxy", emergency.value, emergency.source), opens=proxy.at,
        )  # fmt: skip
        packs = numbers.PACKS_UNTIL.provision(self.day)
        by_hand = self.counted.absent_votes.back(self.day, 1)
        note = f"After {packs.value:%H:%M} on {by_hand:%A %-d %B} in person and by hand only."
        lost_from = self.before(numbers.LOST_PACK_FROM, "Replacement of lost packs", self.counted.absent_votes)
        yield Entry(
            "lost-packs", "Replacement of postal packs lost or not received", electors,
            self.on_the_day("Replacement of a lost pack", packs.value, packs.source),
            opens=at(lost_from.day, time()), note=f"From {lost_from.reckoning.rule}. {note}",
        )  # fmt: skip
        yield Entry(
            "spoilt-packs", "Replacement of spoilt postal packs", electors,
            self.on_the_day("Replacement of a spoilt pack", packs.value, packs.source), note=f"From their issue. {note}",
        )  # fmt: skip

    def polling_day(self) -> Iterator[Entry]:
        officer = Owner.RETURNING_OFFICER
        if not self.parliamentary:
            notice = self.before(numbers.NOTICE_OF_POLL, "Notice of poll")
            yield Entry("notice-of-poll", "Notice of poll and situation of polling stations published", officer, notice)
        if self.kind.elects:
            agents = self.before(numbers.POLL_AGENTS, "Polling and counting agents")
            yield Entry("polling-agents", "Appointment of polling and counting agents", Owner.CANDIDATES, agents)
            if self.parliamentary:
                subs = self.before(numbers.SUB_AGENTS, "Sub-agents")
                yield Entry("sub-agents", "Appointment of sub-agents", Owner.CANDIDATES, subs)
        hours = numbers.POLLING_HOURS.provision(self.day)
        poll = self.on_the_day("Poll", hours.value.closes, hours.source)
        yield Entry(
            "poll", "Poll", Owner.ELECTORS, poll, opens=at(self.day, hours.value.opens),
            note="Who is in the station or its queue at the close may vote.",
        )  # fmt: skip
        if self.parliamentary:
            law = numbers.COUNT_WITHIN_HOURS.provision(self.day)
            start = poll.at + timedelta(hours=law.value)
            rule = f"within {law.value} hours of the close of poll, if practicable"
            reckoning = Reckoning("Start of the count", start.date(), rule, law.source)
            yield Entry("count", "Count of the votes begins", officer, Deadline(start.date(), start.time(), reckoning))

    def afterwards(self) -> Iterator[Entry]:
        agents, working = Owner.CANDIDATES, self.counted.proceedings
        declared = self.poll.result_on or self.day + timedelta(days=1)
        anchor = "the result" if self.poll.result_on else "the result, if it is declared"
        for key, title, table in (
            ("claims", "Claims for payment reach the agent", numbers.CLAIMS_IN),
            ("payments", "Claims are paid", numbers.CLAIMS_PAID),
        ):
            claims = table.provision(self.day)
            yield by(
                key, title, agents, calendar_days_after(title, declared, claims.value, anchor, claims.source, working)
            )
        law = numbers.RETURNS[self.kind].provision(self.day)
        parish = self.kind is PollKind.PARISH
        returned = calendar_days_after(
            "Return of election expenses", self.day if parish else declared, law.value,
            "the poll" if parish else anchor, law.source, working,
        )  # fmt: skip
        yield by("expenses-return", "Agents' returns and declarations of election expenses", agents, returned)
        candidate = numbers.DECLARATION_BY_CANDIDATE.provision(self.day)
        declares = working_days_after(
            "Candidates' declarations",
            returned.date,
            candidate.value,
            "the last day for the return",
            candidate.source,
            working,
        )
        yield by("candidates-declarations", "Candidates' declarations of expenses", agents, declares)
        petition = numbers.PETITION.provision(self.day)
        since, words = (declared, "the return of the writ, if that is on the day of the result,") if self.parliamentary else (
            self.day, "the poll"
        )  # fmt: skip
        limit = calendar_days_after("Election petition", since, petition.value, words, petition.source, working)
        yield by("petition", "Election petition", Owner.ANYONE, limit)

    def on_the_day(self, what: str, closes: time, source: str) -> Deadline:
        return Deadline(self.day, closes, Reckoning(what, self.day, "on polling day", source))


def _parish_poll(poll: Poll) -> Iterator[Entry]:
    """In person only: no poll cards, no postal or proxy votes, and the register as it stands. [SI 1987/1]"""
    working = calendar(poll.country.nation, proclaimed=poll.proclaimed)
    law = numbers.PARISH_POLL_NOTICE.provision(poll.polling_day)
    notice = before_poll("Notice of poll", poll.polling_day, law.value, law.source, working)
    yield Entry("notice-of-poll", "Notice of poll published", Owner.RETURNING_OFFICER, notice)
    hours = numbers.PARISH_POLL_HOURS.provision(poll.polling_day)
    closes = Deadline(
        poll.polling_day, hours.value.closes, Reckoning("Poll", poll.polling_day, "on polling day", hours.source)
    )
    yield Entry("poll", "Poll", Owner.ELECTORS, closes, opens=at(poll.polling_day, hours.value.opens))


def _recall(poll: Poll) -> Iterator[Entry]:
    """Counted from the Speaker's notice and the first day of signing; the polling day is the last one."""
    if poll.cause_on is None:
        raise Refused(CAUSE_NEEDED)
    working = calendar(poll.country.nation, proclaimed=poll.proclaimed)
    opens = recall_opened(poll.polling_day)
    applied = Reckoning(
        "Application to register",
        poll.cause_on,
        "received by the day of the Speaker's notice",
        "Recall of MPs Act 2015 s.10",
    )
    yield Entry(
        "registration",
        "Applications to register that count",
        Owner.ELECTORS,
        Deadline(poll.cause_on, MIDNIGHT, applied),
    )
    law = numbers.RECALL_REGISTER.provision(opens)
    cutoff = working_days_before(
        "Register of the petition", opens, law.value.working_days, "the signing period", law.source, working
    )
    yield by("register-of-petition", "Register of the petition is taken", Owner.REGISTRATION_OFFICER, cutoff)
    hours = numbers.SIGNING_HOURS.provision(opens)
    period = Reckoning(
        "Signing", poll.polling_day, f"six weeks that begin with {opens:%A %-d %B %Y}", "Recall of MPs Act 2015 s.9"
    )
    yield Entry(
        "signing", "Signing of the petition", Owner.ELECTORS, Deadline(poll.polling_day, hours.value.closes, period),
        opens=at(opens, hours.value.opens), note="Usually on working days, in person, by post or by proxy; no running totals.",
    )  # fmt: skip


def _bid(poll: Poll) -> Iterator[Entry]:
    """All-postal, from the rating list."""
    day = poll.polling_day
    for key, title, table in (
        ("notice-of-ballot", "Notice of ballot published", numbers.BID_NOTICE),
        ("ballot-papers", "Ballot papers sent out", numbers.BID_PAPERS),
    ):
        law = table.provision(day)
        yield Entry(
            key,
            title,
            Owner.RETURNING_OFFICER,
            calendar_days_before(title, day, law.value, "the ballot closes", law.source),
        )
    closes = numbers.BID_CLOSES.provision(day)
    reckoning = Reckoning("Ballot", day, "on the day of the ballot", closes.source)
    yield Entry("poll", "Ballot closes", Owner.ELECTORS, Deadline(day, closes.value, reckoning))
