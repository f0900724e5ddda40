"""The register as a whole: its addresses and districts, its publication, and whom it is supplied to."""

from __future__ import annotations

from typing import Final

from desk.help.sources import RPA_1983, RPR_2001, Help

HELP: Final = {
    "publication/kind": Help(
        "A notice of alteration is published on the first working day of a month, and before a poll on the days of its timetable; the "
        "revised register by 1 December. What one officer prepared, another publishes.",
        "RPA 1983 s.13, s.13A, s.13B",
        f"{RPA_1983}/section/13A",
    ),
    "publication/poll_type": Help(
        "A notice before a poll belongs to that poll, and changes only the register that is used at it.",
        "RPA 1983 s.13AB, s.13B",
        f"{RPA_1983}/section/13AB",
    ),
    "publication/polling_day": Help(
        "The first notice before a poll comes on the last day for nominations, the final one on the fifth working day before the poll; "
        "another may come between them.",
        "RPA 1983 s.13AB, s.13B(3)",
        f"{RPA_1983}/section/13B",
    ),
    "publication/areas": Help(
        "A notice before a poll takes in only addresses where the poll is held. What is allowed elsewhere waits for the next monthly "
        "notice.",
        "RPA 1983 s.13AB(3), s.13B(3)",
        f"{RPA_1983}/section/13AB",
    ),
    "gazetteer/file": Help(
        "The register is kept by address: an elector is entered in respect of a qualifying address in the area, in the polling "
        "district where it lies. The gazetteer says which addresses there are.",
        "RPA 1983 s.4, s.9(2)",
        f"{RPA_1983}/section/9",
    ),
    "gazetteer/encoding": Help(
        "An address is printed in the register as the file spells it, so look at names with accents before it is taken in.",
        "Practice of this office; no law speaks of it",
    ),
    "gazetteer/extract": Help(
        "A whole file says how many rows it has, and they are counted so that none is lost unseen. Tick this only of a file that you know "
        "to be a part of another.",
        "Practice of this office; no law speaks of it",
    ),
    "gazetteer/because": Help(
        "What an officer decides of an address is kept with its reason, so that everybody later sees why the register changed.",
        "RPA 1983 s.9A; EC guidance on audit trails",
        f"{RPA_1983}/section/9A",
    ),
    "districts/district": Help(
        "The council divides its area into polling districts, each in one ward, parish and constituency, so that all electors have such "
        "reasonable facilities for voting as are practicable. The register is made up by polling district.",
        "RPA 1983 s.18A, s.9(2)",
        f"{RPA_1983}/section/18A",
    ),
    "districts/placing-reason": Help(
        "Where no boundary decides, an officer does. The reason stands in the history of the property, for whoever asks why people vote "
        "where they do.",
        "RPA 1983 s.9A, s.18A; EC guidance on audit trails",
        f"{RPA_1983}/section/9A",
    ),
    "districts/where": Help(
        "Properties are moved whole, so that all electors of an address vote at the same place and stand in the same part of the register.",
        "RPA 1983 s.9(2), s.18A",
        f"{RPA_1983}/section/9",
    ),
    "districts/from": Help(
        "A street or postcode may lie in several districts: name one, and the rest of it stays where it is.",
        "Practice of this office; no law speaks of it",
    ),
    "districts/to": Help(
        "Each polling district has letters of its own, which begin the numbers of its electors. It lies in one ward, one parish and one "
        "constituency.",
        "RPA 1983 s.18A; RPR 2001 r.38-40",
        f"{RPR_2001}/regulation/38",
    ),
    "districts/station_district": Help(
        "Every polling district has a polling place, and it lies in the district unless that is not practicable.",
        "RPA 1983 s.18B",
        f"{RPA_1983}/section/18B",
    ),
    "districts/station_name": Help(
        "Choose a place that is as accessible to electors who are disabled as is reasonable and practicable. Voters read its name on "
        "their poll cards.",
        "RPA 1983 s.18B",
        f"{RPA_1983}/section/18B",
    ),
    "districts/easting": Help(
        "The way from each property to the place is counted from here, to see whether all electors have such reasonable facilities for "
        "voting as are practicable.",
        "RPA 1983 s.18A, s.18B",
        f"{RPA_1983}/section/18B",
    ),
    "districts/northing": Help(
        "Easting and northing are taken together: the door where voters go in, rather than the middle of a park or a car park.",
        "Practice of this office; no law speaks of it",
    ),
    "districts/file": Help(
        "The council draws the districts and may alter them at any time; this file is its proposal or its decision. It changes nothing "
        "until it is applied from a day.",
        "RPA 1983 s.18A, s.18C",
        f"{RPA_1983}/section/18C",
    ),
    "districts/effective_on": Help(
        "An altered district counts from a notice of alteration that says so. Until that day electors keep their numbers and their "
        "polling places.",
        "RPA 1983 s.18A, s.13A",
        f"{RPA_1983}/section/13A",
    ),
    "districts/redrawing-reason": Help(
        "The council reviews its polling districts and places in each five years, and may alter them between. It gives the reasons for "
        "what it decides.",
        "RPA 1983 s.18A, s.18C",
        f"{RPA_1983}/section/18C",
    ),
    "supply/recipient": Help(
        "The register is supplied to those whom the regulations name, for their purposes and at their fees, and to nobody else. Passing on "
        "the full register, or using it for something else, is an offence.",
        "RPR 2001 r.94-115, Part 6",
        f"{RPR_2001}/part/VI",
    ),
    "supply/applicant": Help(
        "Each supply is recorded with who had it. The copy goes to this person, with what it may be used for and the penalty for anything "
        "else.",
        "RPR 2001 r.96, r.115",
        f"{RPR_2001}/regulation/96",
    ),
    "supply/organisation": Help(
        "Where the regulations entitle a body, the request is that body’s: somebody who works there has no entitlement of their own.",
        "RPR 2001 r.97-114",
        f"{RPR_2001}/part/VI",
    ),
    "supply/document": Help(
        "Each kind of recipient is entitled to documents of its own. Somebody who has no entitlement may have the open register and "
        "nothing else.",
        "RPR 2001 r.97-114, r.117",
        f"{RPR_2001}/regulation/110",
    ),
    "supply/form": Help(
        "A copy is given as data unless print was asked for. Where there is a fee, that for print is the higher one.",
        "RPR 2001 Part 6, r.110-111",
        f"{RPR_2001}/part/VI",
    ),
    "supply/layout": Help(
        "The law asks for no particular layout. Take the one that the recipient’s own system reads; the content is the same.",
        "Practice of this office; no law speaks of it",
    ),
    "supply/purpose": Help(
        "Each entitlement names its purposes, and the copy may be used for nothing else. The recipient is told so in writing.",
        "RPR 2001 r.96, r.103-114",
        f"{RPR_2001}/regulation/96",
    ),
    "supply/areas": Help(
        "Representatives, constituency parties, councils and candidates may have only the part of the register for their own area.",
        "RPR 2001 r.103, r.105, r.107-108",
        f"{RPR_2001}/regulation/103",
    ),
    "supply/power": Help(
        "A body outside the regulations is supplied only under an enactment of its own. Read that section before you enter it.",
        "RPR 2001 r.94; the Act of that body",
        f"{RPR_2001}/regulation/94",
    ),
    "supply/also": Help(
        "Most entitlements need a request in writing. Later notices follow only for those who may have them and ask; a candidate is "
        "supplied once.",
        "RPR 2001 r.103-109, r.113-114",
        f"{RPR_2001}/regulation/103",
    ),
    "supply/poll": Help(
        "A marked register or a list of absent voters belongs to one poll. Marked copies are open to supply for twelve months after it.",
        "RPR 2001 r.61, r.117-118",
        f"{RPR_2001}/regulation/117",
    ),
    "supply/poll_kind": Help(
        "Each poll has lists of absent voters of its own, so where two polls are held on one day the request says of which they are.",
        "RPR 2001 r.61",
        f"{RPR_2001}/regulation/61",
    ),
    "supply/why_marked": Help(
        "It shows who voted. It is supplied when the request says why the unmarked one is not enough for the purpose.",
        "RPR 2001 r.117",
        f"{RPR_2001}/regulation/117",
    ),
    "supply/reason": Help(
        "A request is not deleted: that it was withdrawn, and why, stays in the ledger with the others.",
        "Practice of this office; no law speaks of it",
    ),
    "supply/release": Help(
        "Supplying the full register to somebody who is not entitled to it is an offence, so what leaves the office is looked at by two: "
        "one makes it, another releases it.",
        "RPR 2001 r.94(3), r.115; separation of duties",
        f"{RPR_2001}/regulation/115",
    ),
}
