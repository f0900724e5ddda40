"""The post room, and what every office has."""

from __future__ import annotations

from typing import Final

from desk.help.sources import EIR_2004, FOIA_2000, RPA_1983, Help

HELP: Final = {
    "authority/authority": Help(
        "A registration officer acts for one area. You see and do what your role allows at the council that you choose, and nothing of "
        "the others.",
        "RPA 1983 s.8",
        f"{RPA_1983}/section/8",
    ),
    "post_room/channel": Help(
        "It tells where the original is, and how an answer is likely to be expected.",
        "The council’s procedure for incoming correspondence",
    ),
    "post_room/kind": Help(
        "A request for recorded information has twenty working days, whether or not it names the Act; one about the environment falls "
        "under regulations of its own. For other enquiries the council has set ten.",
        "FOIA 2000 s.1(1), s.10(1); SI 2004/3391 reg.5",
        f"{FOIA_2000}/section/10",
    ),
    "post_room/received_on": Help(
        "The days for an answer are counted from the day after the council received it, by whatever officer, not from when it was logged.",
        "FOIA 2000 s.10(1), (6)",
        f"{FOIA_2000}/section/10",
    ),
    "post_room/enquirer": Help(
        "A request for information under the Act states the name of the applicant. Other enquirers need not give one.",
        "FOIA 2000 s.8(1)(b)",
        f"{FOIA_2000}/section/8",
    ),
    "post_room/contact": Help(
        "A request under the Act states an address for correspondence, which may be electronic. It is used for the answer and nothing "
        "else.",
        "FOIA 2000 s.8(1)(b)",
        f"{FOIA_2000}/section/8",
    ),
    "post_room/summary": Help(
        "A request describes the information that is wanted. Note what is asked rather than who is spoken of: whoever answers reads this.",
        "FOIA 2000 s.8(1)(c)",
        f"{FOIA_2000}/section/8",
    ),
    "post_room/answer": Help(
        "Under the Act an answer says whether the council holds the information, and gives it, or refuses with the exemption that it "
        "relies on.",
        "FOIA 2000 s.1(1), s.17(1)",
        f"{FOIA_2000}/section/17",
    ),
    "post_room/outcome": Help(
        "An enquiry is closed when nothing more is to be sent. A request about the environment that another authority can answer is passed "
        "on, or the enquirer is told who it is.",
        "SI 2004/3391 reg.10; the council’s procedure for incoming correspondence",
        f"{EIR_2004}/regulation/10",
    ),
    "post_room/report": Help(
        "Every letter that was handed over is accounted for as posted, spoiled or returned, so that none that the law wants sent is "
        "lost unseen.",
        "The council’s procedure for outgoing correspondence",
    ),
}
