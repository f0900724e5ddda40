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
}
