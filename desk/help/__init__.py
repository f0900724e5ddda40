"""What the law asks at a field, in a sentence, with a link to its source. A room adds what its fields need."""

from __future__ import annotations

from dataclasses import dataclass

LEGISLATION = "https://www.legislation.gov.uk"
RPR_2001 = f"{LEGISLATION}/uksi/2001/341"
RPA_1983 = f"{LEGISLATION}/ukpga/1983/2"


@dataclass(frozen=True, slots=True)
class Help:
    """`text` says what the law asks; `source` is its name, `url` where it stands."""

    text: str
    source: str
    url: str


HELP: dict[str, Help] = {
    "allow": Help(
        "Allow an application when the objection window has closed, identity is confirmed, the address is a property in a "
        "polling district, and no objection stands.",
        "RPA 1983 s.10ZC; RPR 2001 r.29",
        f"{RPR_2001}/regulation/29",
    ),
    "reject": Help(
        "The applicant is told the reasons in writing and may appeal to the county court.",
        "RPR 2001 r.29; RPA 1983 s.56",
        f"{RPA_1983}/section/56",
    ),
    "as-at": Help(
        "The state of the entry on that day: what the register said, or will say by the notices published so far.",
        "RPA 1983 s.13-13B",
        f"{RPA_1983}/section/13A",
    ),
    "known-at": Help(
        "Leaves out everything that was recorded later, such as corrections: what an officer could have known then.",
        "RPA 1983 s.13B(3B)",
        f"{RPA_1983}/section/13B",
    ),
    "publish": Help(
        "A notice of alteration is published on the first working day of a month, and before a poll on the days of its timetable. "
        "What one officer prepared, another publishes.",
        "RPA 1983 s.13A, s.13B",
        f"{RPA_1983}/section/13A",
    ),
    "postal-vote": Help(
        "A postal vote lasts for the polls or the period applied for, and at most until the third 31 January after it was granted. "
        "For a poll, the application must have come by 5pm on the eleventh working day before it.",
        "RPA 2000 Sch 4 para 3; RPR 2001 r.56",
        f"{RPR_2001}/regulation/56",
    ),
    "proxy": Help(
        "A proxy may act for four electors, of whom two at most are neither overseas nor service electors. For longer than one "
        "poll the elector needs one of the grounds, which for some somebody else has to confirm.",
        "RPA 2000 Sch 4 para 6; RPR 2001 r.53-55",
        f"{RPR_2001}/regulation/53",
    ),
    "refuse-absent-vote": Help(
        "The applicant is told the decision and the reasons for it.",
        "RPR 2001 r.57",
        f"{RPR_2001}/regulation/57",
    ),
}
