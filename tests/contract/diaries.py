"""A few days of each office as requests to its API, so that what follows meets elections, members and letters that exist.

A path's `{member}` and a body's `"$member"` stand for what an earlier answer gave under that name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ask:
    """One request that succeeds. `gives`: the name of the id that the answer holds at `where` (a dotted path)."""

    method: str
    path: str
    body: Any = None
    gives: str = ""
    where: str = "stream_id"
    officer: str = "first"


def now(moment: str) -> Ask:
    """From here on it is that moment."""
    return Ask("PUT", "/rehearsal/clock", {"now": moment})


NAME = {"first": "Ada", "last": "Marsh"}
HOME = {"property": "10", "street": "Gorse Lane", "town": "Mootham", "postcode": "ZZ1 1AA", "uprn": 1}
FORM = {
    "applicationType": "ordinary", "refNum": "R-1", "gssCode": "E07000999", "fn": "Ada", "ln": "Marsh", "dob": "1980-12-01",
    "nat": "GB", "nino": "XX123456A", "oadr": "none", "opnreg": "false", "regstreet": "10 Gorse Lane",
    "regpostcode": "ZZ1 1AA", "reguprn": "1",
}  # fmt: skip
ENTERED = {
    "channel": "paper", "reference": "P-7", "name": {"first": "Bea", "last": "Fern"}, "address": HOME,
    "date_of_birth": "1981-12-01", "nationalities": "GB", "no_nino": "never had one",
}  # fmt: skip
APPLICANT = "00000000-0000-4000-8000-000000000077"
"""Somebody who asks for copies of the register, and for their own data."""
REGISTRATION = (
    now("2026-03-02T09:00:00Z"),
    Ask(
        "POST", "/properties", {"address": HOME, "uprn": 1, "logical_status": 1, "lpi_status": 1, "state": 2, "class_code": "RD04"},
        gives="property",
    ),
    Ask("POST", "/properties/{property}/allocation", {
        "areas": {"district": "AB", "ward": "E05999001"}, "reason": "front door in AB", "effective_on": "2026-01-05",
    }),
    Ask("GET", "/properties/{property}"),
    Ask("POST", "/applications/entered", ENTERED, gives="application"),
    Ask("POST", "/applications", {"application": FORM}, gives="application"),
    Ask("POST", "/applications/{application}/dwp-result", {"verdict": "green"}),
    now("2026-03-10T09:00:00Z"),
    Ask("POST", "/applications/{application}/allowance", {}),
    now("2026-04-01T09:00:00Z"),
    Ask("POST", "/notices/drafts", {"kind": "monthly"}, gives="draft", where="draft"),
    Ask("POST", "/notices", {"draft": "$draft"}, gives="notice", officer="second"),
    now("2026-04-02T09:00:00Z"),
    Ask("GET", "/register", gives="elector", where="items.0.elector_id"),
    Ask("POST", "/electors/{elector}/open-register", {"opted_out": False}),
    Ask("POST", "/electors/{elector}/contact", {"email": "ada@example.org", "phone": "01632 960000"}),
    Ask("POST", "/electors/{elector}/number", {
        "district": "AB", "number": 7, "numbered_in": "2026-12-01", "effective_on": "2026-12-01",
    }),
    Ask("POST", "/electors/{elector}/postal-vote", {"kind": "maximum"}),
    Ask("POST", "/electors/{elector}/proxy", {
        "kind": "particular-poll", "poll": {"poll_type": "local", "polling_day": "2026-05-07"}, "reason": "away",
        "proxy": {"name": {"first": "Ben", "last": "Fern"}, "address": {"street": "3 Sea Road"}, "eligible": True},
        "consents": True,
    }),
    Ask("POST", "/renewal-campaigns", {"need": "reapplication", "ends_on": "2029-01-31"}, gives="campaign"),
    Ask("POST", "/electors/{elector}/legal-hold", {"reason": "A petition is pending."}),
    Ask("POST", "/electors/{elector}/review", {"review": "A", "reason": "Post returned."}),
    Ask("POST", "/notices/drafts", {"kind": "monthly"}),
    Ask("GET", "/supplies/entitlements"),
    Ask("POST", "/supplies", {
        "applicant": "A Sample", "recipient": "legal-deposit-library", "document": "full-register",
        "purpose": "legal deposit", "person_id": APPLICANT,
    }, gives="supply", where="supply_id"),
    Ask("POST", "/supplies/{supply}/file"),
    Ask("GET", "/supplies/{supply}/proof"),
    Ask("POST", "/supplies/{supply}/release", {}, officer="second"),
    Ask("POST", "/canvasses", {"year": 2026, "recent_days": 90}),
    Ask("GET", "/canvasses", gives="year", where="0.year"),
    Ask("POST", "/canvasses/{year}/routes"),
    Ask("GET", "/canvasses/{year}/properties", gives="property", where="items.0.property_id"),
    Ask("POST", "/canvasses/{year}/properties/{property}/route", {"route": 2, "reason": "a van was seen"}),
    Ask("POST", "/canvasses/{year}/properties/{property}/contacts", {"contact": "form", "batch": "CF-1"}),
    Ask("POST", "/canvasses/{year}/properties/{property}/responses", {"channel": "phone", "answers": ["vague"]}),
    Ask("POST", "/canvasses/{year}/rounds", {"name": "AB", "officer": "vo"}, gives="round"),
    Ask("POST", "/potential-electors", {
        "name": {"first": "Cy", "last": "Birch"}, "property_id": "$property", "found_in": "canvass",
    }, gives="potential_elector"),
    Ask("POST", "/data-protection/requests", {
        "person_id": APPLICANT, "right": "access", "channel": "letter", "received_on": "2026-04-01", "said": "All you hold.",
    }, gives="case"),
)  # fmt: skip

GORSE = {"kind": "ward", "name": "Gorse", "code": "E05999001"}
ELECTION = {
    "kind": "local", "polling_day": "2026-05-07", "organisation": "Mootshire District Council", "slug": "mootshire",
    "contests": [{"area": GORSE, "seats": 2}],
}  # fmt: skip
ELECTIONS = (
    now("2026-02-02T09:00:00Z"),
    Ask("POST", "/elections", ELECTION, gives="election"),
    Ask("POST", "/elections/{election}/nomination-arrangements", {
        "place": "Town Hall", "forms_from": "elections@mootshire.example", "officer_name": "B Example",
    }),
    Ask("POST", "/elections/{election}/notices/notice-of-election"),
    Ask("POST", "/bank-holidays", {"day": "2026-04-27", "name": "Day of mourning", "nations": ["england-and-wales"]}),
    Ask("GET", "/elections/{election}"),
)  # fmt: skip

MEETING = {"committee_id": "$committee", "day": "2026-09-23", "starts": "19:00:00", "ends": "21:00:00"}
COMMITTEES = (
    now("2026-08-10T09:00:00Z"),
    Ask("POST", "/members", {
        "name": NAME, "party": "Independent", "from_on": "2023-05-08", "ward": "E05999001", "ward_title": "Lantern",
    }, gives="member"),
    Ask("POST", "/members", {"name": {"first": "Bea", "last": "Fern"}, "from_on": "2023-05-08"}, gives="other"),
    Ask("POST", "/groups", {
        "name": "Independents", "leader": "$member", "members": ["$member", "$other"], "formed_on": "2023-05-23",
    }, gives="group"),
    Ask("POST", "/committees", {
        "title": "Planning Committee", "kind": "ordinary", "seats": 9, "created_on": "2023-05-23",
    }, gives="committee"),
    Ask("PUT", "/committees/{committee}/seats/{member}", {"role": "chair", "from_on": "2023-05-23"}),
    Ask("POST", "/rooms", {"name": "Chamber", "venue": "Town Hall", "capacities": {"theatre": 60}}, gives="room"),
    Ask("POST", "/kit", {"name": "Webcaster"}, gives="kit"),
    Ask("GET", "/committees/{committee}"),
    Ask("POST", "/meetings", MEETING, gives="meeting"),
    Ask("GET", "/meetings/{meeting}"),
    Ask("POST", "/meetings/{meeting}/agenda", {"title": "Minutes"}),
    Ask("PUT", "/meetings/{meeting}/apologies/{member}"),
    Ask("POST", "/meetings/{meeting}/interests", {
        "member_id": "$member", "interest": "non-registrable", "nature": "Lives next door.",
    }),
    Ask("PUT", "/meetings/{meeting}/refreshments", {"items": [{"item": "tea", "quantity": 9}], "serve_at": "18:30:00"}),
)  # fmt: skip

SCHEME = {
    "effective_from": "2026-04-01", "adopted_on": "2026-02-25", "panel_reported_on": "2026-01-12", "index": "NJC pay award",
    "index_until": "2030-03-31", "rates": [{"office": "basic", "annual": 800_000}, {"office": "leader", "annual": 2_400_000}],
}  # fmt: skip
JOURNAL = {
    "on": "2026-05-20", "narrative": "Petty correction", "document": "memo 4",
    "postings": [{"debit": {"account": "2900"}, "credit": {"account": "1000"}, "pence": 500}],
}  # fmt: skip
RUN = "/pay-years/2026/runs/2"
FINANCE = (
    now("2026-05-20T09:00:00Z"),
    Ask("POST", "/allowance-scheme/adoptions", SCHEME),
    Ask("PUT", "/allowance-budgets/2026", {"pence": 900_000_00, "set_on": "2026-02-25", "minute": "Council, minute 61"}),
    Ask("GET", "/members", gives="member", where="items.0.member_id"),
    Ask("POST", "/members/{member}/entitlements", {"office": "cabinet-member", "first_day": "2027-05-20"}),
    Ask("POST", "/members/{member}/payee", {
        "name": "Ada Marsh", "pay_reference": "M-A", "ni_number": "AB123456C", "sort_code": "08-99-99",
        "account_number": "66374958",
    }),
    Ask("POST", "/members/{member}/payee/confirmation", {"called_back": True}, officer="second"),
    Ask("POST", f"{RUN}/calculation"),
    Ask("GET", RUN, gives="payable", where="payable"),
    Ask("POST", f"{RUN}/approval", {"payable": "$payable", "recoverable": 0}, officer="second"),
    Ask("POST", f"{RUN}/deductions", [{"member_id": "$member", "deductions": 13_000, "employer_nic": 3_750}]),
    Ask("POST", f"{RUN}/bank-file", {
        "service_user": "123456", "sort_code": "107999", "account": "88837491", "name": "MOOTSHIRE COUNCIL",
        "process_on": "2026-05-28",
    }),
    Ask("POST", "/quotes", {
        "customer": "Example Credit Reference Ltd", "copy_of": "register", "form": "data", "entries": [87_412],
    }, gives="sale", where="sale_id"),
    Ask("POST", "/sales/{sale}/payment", {"pence": 15_200, "method": "bank-transfer", "cleared_on": "2026-05-19"}),
    Ask("POST", "/ledger/2026/journals", JOURNAL),
    Ask("GET", "/ledger/2026/accounts/2900", gives="journal", where="items.0.journal_id"),
)  # fmt: skip

CALL = {
    "channel": "phone", "received_on": "2026-06-08", "enquirer": "A Sample", "contact": "01632 960000",
    "summary": "When is the next meeting?",
}  # fmt: skip
NOTIFICATIONS = (
    now("2026-06-08T09:00:00Z"),
    Ask("GET", "/messages?status=waiting", gives="message", where="items.0.message_id"),
    Ask("POST", "/messages/{message}/letter", {"name": "A Sample", "lines": ["1 Sample Street", "Mootham", "ZZ1 1AA"]}),
    Ask("POST", "/messages/{message}/sending", {"provider_reference": "bag 12"}),
    Ask("POST", "/enquiries", CALL, gives="enquiry"),
    Ask("POST", "/enquiries/{enquiry}/links", {"to": "meeting", "target_id": "00000000-0000-4000-8000-000000000070"}),
    Ask("POST", "/enquiries/{enquiry}/answer", {"answer": "On 2 July."}),
)

DIARIES: Mapping[str, tuple[Ask, ...]] = {
    "registration": REGISTRATION,
    "elections": ELECTIONS,
    "committees": COMMITTEES,
    "finance": FINANCE,
    "notifications": NOTIFICATIONS,
}
