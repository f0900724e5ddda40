"""Applications, entries, absent votes and signatures."""

from __future__ import annotations

from typing import Final

from desk.help.sources import RPA_1983, RPA_2000, RPR_2001, Help

HELP: Final = {
    "application/allow": Help(
        "Allow an application when the objection window has closed, identity is confirmed, the address is a property in a "
        "polling district, and no objection stands.",
        "RPA 1983 s.10ZC; RPR 2001 r.29",
        f"{RPR_2001}/regulation/29",
    ),
    "application/found": Help(
        "One person has one entry for one address, but may truly live at two. The entry at an address that was left goes without a "
        "review only once the application for the new one is allowed.",
        "RPA 1983 s.5, s.9; RPR 2001 r.31C(2)(a)",
        f"{RPR_2001}/regulation/31C",
    ),
    "application/reasons": Help(
        "A rejection gives its reasons in writing. The applicant may appeal to the county court.",
        "RPR 2001 r.29; RPA 1983 s.56",
        f"{RPA_1983}/section/56",
    ),
    "application/explanation": Help(
        "It stands in the notice of the decision beside the reasons: say what was looked at and what was missing, and no more about "
        "anybody else than the applicant has to know.",
        "RPR 2001 r.29",
        f"{RPR_2001}/regulation/29",
    ),
    "renewals/campaign": Help(
        "A postal vote lasts three years at most and ends on 31 January, an overseas elector’s on 1 November: its elector is told six "
        "weeks before and reminded at three. A proxy’s elector whose signature is five years old has notice by 31 January, six weeks to "
        "answer, and a copy of the notice after three.",
        "RPR 2001 r.60A; RPA 2000 Sch 4; Electoral Commission guidance for EROs",
        f"{RPR_2001}/regulation/60A",
    ),
    "elector/as-at": Help(
        "The state of the entry on that day: what the register said, or will say by the notices published so far.",
        "RPA 1983 s.13-13B",
        f"{RPA_1983}/section/13A",
    ),
    "elector/known-at": Help(
        "Leaves out everything that was recorded later, such as corrections: what an officer could have known then.",
        "RPA 1983 s.13B(3B)",
        f"{RPA_1983}/section/13B",
    ),
    "absent_votes/postal-kind": Help(
        "A postal vote is for one poll, for a period, or for as long as the law allows: at most until the third 31 January after it was "
        "granted, and for an overseas elector as long as the registration.",
        "RPA 2000 Sch 4 para 3",
        f"{RPA_2000}/schedule/4",
    ),
    "absent_votes/proxy-kind": Help(
        "A proxy votes at one poll for any good reason, and for a period or until further notice only on one of the grounds of the Act.",
        "RPA 2000 Sch 4 para 3; RPR 2001 r.53-55",
        f"{RPA_2000}/schedule/4",
    ),
    "absent_votes/asked_until": Help(
        "A vote for a period says until which day. A postal vote that is asked for longer than the law allows is granted to its last "
        "lawful day, and the applicant is told.",
        "RPR 2001 r.51; RPA 2000 Sch 4 para 3",
        f"{RPR_2001}/regulation/51",
    ),
    "absent_votes/poll_type": Help(
        "An absent vote for one poll names that poll. Who may vote, and by when they apply, follows from its kind.",
        "RPR 2001 r.51, r.56",
        f"{RPR_2001}/regulation/51",
    ),
    "absent_votes/polling_day": Help(
        "For a poll an application must have come by 5pm: for a postal vote on the eleventh working day before it, for a proxy on the "
        "sixth. On some grounds an emergency proxy may be named until 5pm on the day itself.",
        "RPR 2001 r.56",
        f"{RPR_2001}/regulation/56",
    ),
    "absent_votes/ballot-address": Help(
        "Ballot papers go to the registered address, unless the application gives another and says why.",
        "RPR 2001 r.51(4)",
        f"{RPR_2001}/regulation/51",
    ),
    "absent_votes/ballot_address_reason": Help(
        "Another address than the registered one needs the elector’s reason, in the elector’s words.",
        "RPR 2001 r.51(4)",
        f"{RPR_2001}/regulation/51",
    ),
    "absent_votes/ballot": Help(
        "Nothing about the absent vote at a poll changes once its ballot paper has come back; the cancellation counts from the next.",
        "RPR 2001 r.56(5)",
        f"{RPR_2001}/regulation/56",
    ),
    "absent_votes/reasons": Help(
        "A refusal gives its reasons in writing.",
        "RPR 2001 r.57",
        f"{RPR_2001}/regulation/57",
    ),
    "absent_votes/explanation": Help(
        "It stands in the notice of the decision: say what was looked at and what was missing, so that the applicant can put it right.",
        "RPR 2001 r.57",
        f"{RPR_2001}/regulation/57",
    ),
    "absent_votes/ground": Help(
        "For longer than one poll the elector needs one of these grounds. After the ordinary deadline others open, such as a disability "
        "that has arisen since, or photographic identification that was lost.",
        "RPA 2000 Sch 4 para 3(3); RPR 2001 r.53-56",
        f"{RPA_2000}/schedule/4",
    ),
    "absent_votes/proxy-reason": Help(
        "For one poll the elector says why they cannot reasonably be expected to vote in person. It may tell of their health: write down "
        "no more than they gave.",
        "RPR 2001 r.52, r.55",
        f"{RPR_2001}/regulation/55",
    ),
    "absent_votes/attested_by": Help(
        "A disability, work and a course are confirmed by somebody whom the regulations name, such as a doctor or an employer. The other "
        "grounds need nobody.",
        "RPR 2001 r.53-54",
        f"{RPR_2001}/regulation/53",
    ),
    "absent_votes/first": Help(
        "The application states the full name of whom the elector wishes to appoint.",
        "RPR 2001 r.52(1)",
        f"{RPR_2001}/regulation/52",
    ),
    "absent_votes/last": Help(
        "One person acts for four electors at most, of whom two may be neither overseas nor service electors. They are counted by name "
        "and address.",
        "RPA 2000 Sch 4 para 6",
        f"{RPA_2000}/schedule/4",
    ),
    "absent_votes/proxy-address": Help(
        "The application states the full address of whom the elector wishes to appoint. The proxy is written to there.",
        "RPR 2001 r.52(1)",
        f"{RPR_2001}/regulation/52",
    ),
    "absent_votes/relationship": Help(
        "At local elections in Wales the application states the family relationship, if any. Elsewhere the elector need not say.",
        "RPR 2001 r.52(1ZA)",
        f"{RPR_2001}/regulation/52",
    ),
    "absent_votes/agreed": Help(
        "The elector states that the proxy can and will act; a proxy is of voting age, is or will be registered, and is of a "
        "nationality that may vote at the poll. At devolved polls close relatives do not count towards the limit.",
        "RPA 2000 Sch 4 para 6; RPR 2001 r.52(1)",
        f"{RPA_2000}/schedule/4",
    ),
    "image_check/fault": Help(
        "Whoever votes by post gives a signature and a date of birth with the application. Each returned postal vote is compared with "
        "them, so the signature must be whole, clear and the applicant’s own; who cannot sign in one way may ask to be let off.",
        "RPR 2001 r.51(3), r.51B, r.84-85",
        f"{RPR_2001}/regulation/51",
    ),
}
