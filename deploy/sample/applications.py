"""The people of Mootshire, as the applications to register that GOV.UK would pass on (IER's flat map of strings).

No real person is meant. Given names are plants, stones and weather, surnames are put together from two words of a list;
e-mail addresses are at example.org (RFC 2606), telephone numbers and IP addresses from ranges kept for fiction and
documentation. National Insurance numbers have the right form and the prefix XX of GOV.UK's own test data: HMRC is not
known to have issued any prefix that begins with X.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from deploy.sample.council import AUTHORITY, Council, Property, words

GIVEN = words(
    """Bracken Cobble Drizzle Feldspar Flint Gorse Gossamer Hailey-Stone Kelp Lichen Marl Mistral Nimbus Oolite
    Pebble Quartz Rowanberry Sedge Shale Sleet Sorrel Spindle Squall Tansy Teasel Thistle Thrift Tor Umber
    Vetch Whin Yarrow"""
)
SURNAME_FIRST = words(
    """Bell Bottle Button Candle Clock Copper Cork Feather Fiddle Ginger Hammer Ink Kettle Ladder Lantern Marble
    Mustard Needle Paper Pepper Pickle Quill Ribbon Saddle Spoon Teapot Thimble Tinder Trumpet Velvet Waffle
    Whistle"""
)
SURNAME_LAST = words(
    """bank batch bright by down fall fast fold ford hatch hill horn ley lock march mere mill more nest pace
    quick ridge side sop step thorpe tree ware wick wold worth yard"""
)
HOUSEHOLDS = (1, 2, 2, 3, 1, 2, 4, 2, 1, 2)
"""People in each home, in turn; scaled so that all homes together hold the electors asked for."""
NATIONALITIES: dict[str, int] = {
    "GB": 905, "IE": 20, "PL": 20, "RO": 10, "FR": 6, "DE": 4, "PT": 4, "ES": 3,
    "IN": 10, "PK": 5, "NG": 5, "AU": 3, "CY": 2, "MT": 1, "GB, IE": 2,
}  # fmt: skip
"""Per thousand. British, Irish, Commonwealth, EU citizens with and without a treaty of their own on voting."""


def applications(council: Council, on: date) -> Iterator[dict[str, str]]:
    """One application for each elector, made on this date. Streams, home by home; exactly `council.electors` of them."""
    for home, electors in households(council):
        for elector in electors:
            yield application(council, elector, home, on)


def households(council: Council) -> Iterator[tuple[Property, range]]:
    """Every home and its electors by number, which is their order on the register. Some homes stand empty."""
    homes = sum(home.electoral for home in council.properties())
    cycle, rest = divmod(homes, len(HOUSEHOLDS))
    room = cycle * sum(HOUSEHOLDS) + sum(HOUSEHOLDS[:rest])
    elector = filled = 0
    electoral = (home for home in council.properties() if home.electoral)
    for index, home in enumerate(electoral):
        filled += HOUSEHOLDS[index % len(HOUSEHOLDS)]
        until = filled * council.electors // room
        yield home, range(elector, until)
        elector = until


def application(council: Council, elector: int, home: Property, on: date) -> dict[str, str]:
    """The application of one elector who lives in this home. Equal arguments give equal applications."""
    chance = Random(f"{council.seed}/elector/{elector}")
    family = Random(f"{council.seed}/home/{home.serial}")
    given = chance.choice(GIVEN)
    surname = _surname(family if chance.random() < 0.75 else chance)
    form = {
        "applicationType": "ordinary",
        "refNum": str(99_000_000_000 + elector),
        "ip": f"192.0.2.{elector % 254 + 1}",
        "lang": "en",
        "timeTaken": str(chance.randrange(120, 900)),
        "webHash": str(uuid5(NAMESPACE_URL, f"mootshire/{council.seed}/{elector}")),
        "gssCode": AUTHORITY,
        "fn": given,
        "ln": surname,
        "dob": _birthday(chance, on).isoformat(),
        "nat": chance.choices(list(NATIONALITIES), list(NATIONALITIES.values()))[0],
        "oadr": "none",
        "opnreg": _yes(chance, 0.35),
        "pvote": _yes(chance, 0.18),
        "post": "true",
    }
    if chance.random() < 0.4:
        form["mn"] = chance.choice(GIVEN)
    if chance.random() < 0.99:
        form["nino"] = _nino(elector)
    else:
        form["nonino"] = "I have never been given one"
    if chance.random() < 0.8:
        form["email"] = f"{given}.{surname}.{elector}@example.org".lower()
    if chance.random() < 0.5:
        form["phone"] = f"01632 960{elector % 1000:03}"
    return form | {f"reg{key}": value for key, value in home.address().items() if value}


def _surname(chance: Random) -> str:
    return chance.choice(SURNAME_FIRST) + chance.choice(SURNAME_LAST)


def _nino(elector: int) -> str:
    """XX 00 00 00 A and on; the next second letter after each million."""
    second, number = divmod(elector, 1_000_000)
    digits = f"{number:06}"
    return f"X{'XABCEGHJKLMNPRSTWYZ'[second % 19]} {digits[:2]} {digits[2:4]} {digits[4:]} {'ABCD'[elector % 4]}"


def _birthday(chance: Random, on: date) -> date:
    """One in sixty is seventeen, and so an attainer (RPA 1983 s.4(5)); the others are 18 to 97."""
    if chance.random() < 1 / 60:
        return on - timedelta(days=chance.randrange(17 * 365 + 5, 18 * 365 + 3))
    return on - timedelta(days=chance.randrange(18 * 366, 97 * 365))


def _yes(chance: Random, share: float) -> str:
    return "true" if chance.random() < share else "false"
