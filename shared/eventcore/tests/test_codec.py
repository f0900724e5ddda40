"""Events to stored text and back: what is sealed, what is erased, what an upcast may move, and what errors say."""

import json
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventcore.codec import Unreadable, decode, encode, shape_of, subject_in, subject_of
from shared.eventcore.sealing import DataKey, Tampered
from shared.events.definition import Erased, EventType, Personal, Registry, Sealed
from shared.law.rules import Refused

ADA, BOB = UUID(int=1), UUID(int=2)
KEY = DataKey(ADA, bytes(range(32)))
BOBS = DataKey(BOB, bytes(range(32)))


@dataclass(frozen=True, slots=True)
class Name:
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    person_id: UUID
    name: Personal[Name]
    born: Personal[date | None] = None
    aliases: Personal[tuple[str, ...]] = ()
    on: date = date(2026, 5, 7)


@dataclass(frozen=True, slots=True)
class Counted:
    ballots: int
    by_ward: dict[str, int] = field(default_factory=dict)


def registry_of(*declared: tuple[str, type, str | None]) -> Registry:
    registry = Registry()
    for wire, cls, subject in declared:
        kind: EventType[Any] = EventType(f"moothall.test.{wire}", cls, subject, None)
        registry.by_wire[kind.wire] = registry.by_class[cls] = kind
    return registry


TESTS = registry_of(("person-named.v1", Named, "person_id"), ("ballots-counted.v1", Counted, None))
EVENT = Named(ADA, Name("Ada", "Lovelace"), date(1815, 12, 10), ("Byron",))
names = st.builds(Name, st.text(), st.text())


def changed(text, **fields):
    return json.dumps({**json.loads(text), **fields})


@given(names, st.none() | st.dates(), st.lists(st.text()).map(tuple), st.dates())
def test_every_event_reads_back_as_it_was_written(name, born, aliases, on):
    event = Named(ADA, name, born, aliases, on)
    assert decode(*encode(event, KEY, TESTS), KEY, TESTS) == event


def test_an_event_without_personal_data_needs_no_key():
    event = Counted(7, {"Clerk's Ward": 7})
    wire, text = encode(event, None, TESTS)
    assert (wire, text) == ("moothall.test.ballots-counted.v1", '{"ballots":7,"by_ward":{"Clerk\'s Ward":7}}')
    assert decode(wire, text, None, TESTS) == event
    assert subject_of(event, TESTS) is subject_in(wire, text, TESTS) is None


def test_no_personal_value_appears_in_the_stored_text():
    _, text = encode(EVENT, KEY, TESTS)
    assert not any(clear in text for clear in ("Ada", "Lovelace", "1815", "Byron"))
    assert json.loads(text)["on"] == "2026-05-07"
    assert subject_in("moothall.test.person-named.v1", text, TESTS) == subject_of(EVENT, TESTS) == ADA


def test_a_missing_personal_value_is_stored_as_null():
    _, text = encode(Named(ADA, Name()), KEY, TESTS)
    assert json.loads(text)["born"] is None


def test_a_reader_without_keys_sees_sealed_values():
    wire, text = encode(EVENT, KEY, TESTS)
    seen = decode(wire, text, None, TESTS)
    assert seen.name == Sealed(json.loads(text)["name"]["$sealed"])
    assert (seen.person_id, seen.on) == (ADA, EVENT.on)


def test_an_erased_persons_values_read_as_erased_and_the_rest_stays():
    seen = decode(*encode(EVENT, KEY, TESTS), Erased(), TESTS)
    assert seen == Named(ADA, Erased(), Erased(), Erased(), EVENT.on)


def test_an_erased_value_may_be_recorded_again_and_is_still_erased():
    event = Named(ADA, Erased())
    assert decode(*encode(event, KEY, TESTS), KEY, TESTS) == event


def test_nothing_personal_is_recorded_for_an_erased_person():
    with pytest.raises(Refused, match="subject-erased"):
        encode(EVENT, Erased(), TESTS)


@pytest.mark.parametrize("key", [None, BOBS], ids=["no key", "another person's key"])
def test_personal_values_are_recorded_under_their_subjects_key_only(key):
    with pytest.raises(ValueError, match="needs the key of its person_id"):
        encode(EVENT, key, TESTS)


def test_another_services_sealed_value_is_not_recorded():
    with pytest.raises(ValueError, match="sealed by another service"):
        encode(Named(ADA, Sealed("v1.AAAA")), KEY, TESTS)


def test_a_sealed_value_moved_to_another_field_is_named():
    wire, text = encode(EVENT, KEY, TESTS)
    with pytest.raises(Tampered, match=r"person-named\.v1 aliases of 7@1: the sealed value is not authentic"):
        decode(wire, changed(text, aliases=json.loads(text)["name"]), KEY, TESTS, place="7@1")


def test_an_event_given_to_another_person_is_named():
    wire, text = encode(EVENT, KEY, TESTS)
    for key in (KEY, BOBS):
        with pytest.raises(Tampered):
            decode(wire, changed(text, person_id=str(BOB)), key, TESTS)


@pytest.mark.parametrize("key", [KEY, Erased(), None], ids=["with the key", "erased", "without keys"])
def test_a_clear_value_where_a_sealed_one_belongs_is_tampering(key):
    wire, text = encode(EVENT, KEY, TESTS)
    with pytest.raises(Tampered):
        decode(wire, changed(text, name={"first": "Eve", "last": "Forged"}), key, TESTS)


def test_a_payload_that_does_not_fit_is_refused_without_its_values():
    wire, text = encode(EVENT, KEY, TESTS)
    with pytest.raises(Unreadable) as refused:
        decode(wire, changed(text, on="the Twelfth of Never"), KEY, TESTS, place="7@1")
    assert str(refused.value) == f"{wire} of 7@1 does not fit its type (on: date_from_datetime_parsing)"
    token = KEY.seal(b'{"first": 12, "last": "Secret"}', wire, "name")
    with pytest.raises(Unreadable) as refused:
        decode(wire, changed(text, name={"$sealed": token}), KEY, TESTS)
    assert str(refused.value) == f"{wire} does not fit its type (name: string_type)"


def test_an_unknown_type_is_none():
    assert decode("moothall.test.not-yet-invented.v1", "{}", KEY, TESTS) is None


def test_unknown_fields_are_ignored_so_that_an_old_reader_reads_a_newer_event():
    wire, text = encode(EVENT, KEY, TESTS)
    assert decode(wire, changed(text, invented_later=1), KEY, TESTS) == EVENT


# ------------------------------------------------------------------- upcasts


@dataclass(frozen=True, slots=True)
class NamedLater:
    subject_id: UUID
    printed_name: Personal[Name]
    spoken_name: Personal[Name]
    born: Personal[date | None] = None


def renamed(payload):
    return {
        "subject_id": payload["person_id"],
        "printed_name": payload["name"],
        "spoken_name": payload["name"],
        "born": payload["born"],
    }


LATER = registry_of(("person-named.v2", NamedLater, "subject_id"))
LATER.upcasts["moothall.test.person-named.v1"] = ("moothall.test.person-named.v2", renamed)


def test_an_upcast_renames_fields_whose_values_stay_sealed():
    wire, text = encode(EVENT, KEY, TESTS)
    seen = decode(wire, text, KEY, LATER)
    assert seen == NamedLater(ADA, Name("Ada", "Lovelace"), Name("Ada", "Lovelace"), date(1815, 12, 10))
    assert subject_in(wire, text, LATER) == ADA
    assert decode(wire, text, Erased(), LATER).printed_name == Erased()


def test_an_upcast_does_not_open_a_value_that_was_moved_before():
    wire, text = encode(EVENT, KEY, TESTS)
    stored = json.loads(text)
    for forged in ({"name": stored["aliases"]}, {"name": stored["born"], "born": stored["name"]}):
        with pytest.raises(Tampered):
            decode(wire, changed(text, **forged), KEY, LATER)


# --------------------------------------------------- declarations that leak


@dataclass(frozen=True, slots=True)
class Inner:
    phone: Personal[str] = ""


@dataclass(frozen=True, slots=True)
class HiddenInside:
    person_id: UUID
    contact: Inner


@dataclass(frozen=True, slots=True)
class HiddenInUnion:
    person_id: UUID
    phone: Personal[str] | None


@dataclass(frozen=True, slots=True)
class HiddenInPersonal:
    person_id: UUID
    contact: Personal[Inner]


@pytest.mark.parametrize("cls", [HiddenInside, HiddenInUnion, HiddenInPersonal])
def test_a_personal_field_that_would_be_stored_in_the_clear_is_refused(cls):
    with pytest.raises(TypeError, match="must be the outermost type"):
        shape_of(EventType("moothall.test.leak.v1", cls, "person_id", None))


def test_personal_fields_need_a_subject():
    with pytest.raises(TypeError, match="names no subject"):
        shape_of(EventType("moothall.test.leak.v1", Named, None, None))
    with pytest.raises(TypeError, match="must be a field that is not itself personal"):
        shape_of(EventType("moothall.test.leak.v1", Named, "name", None))


def test_a_stream_of_twenty_events_decodes_in_a_millisecond():
    wire, text = encode(EVENT, KEY, TESTS)
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(20):
            decode(wire, text, KEY, TESTS)
        best = min(best, time.perf_counter() - start)
    assert best < 0.001
