"""What may become of a published event, and what the committed schemas, samples and AsyncAPI document must say."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Literal, NewType
from uuid import UUID

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deploy.topology import CONTEXTS, topics
from shared.eventcore.asyncapi import HEADERS, describe
from shared.eventcore.codec import encode
from shared.eventcore.kafka import Stored
from shared.eventcore.recording import Metadata
from shared.eventcore.samples import SampleKey, build, committed, make
from shared.eventcore.schemas import FOLDER, Incompatible, check, published, wire_schema, write
from shared.eventcore.seals import Seal
from shared.events.definition import Personal, Registry, event, upcast

Draft = jsonschema.Draft202012Validator
V1, V2 = "moothall.test.person-named.v1", "moothall.test.person-named.v2"


@dataclass(frozen=True, slots=True)
class Name:
    last: str
    first: str = ""


@dataclass(frozen=True, slots=True)
class LongerName:
    last: str
    first: str = ""
    middle: str = ""


@dataclass(frozen=True, slots=True)
class OneName:
    last: str


SealedName = Personal[Name]
SealedLongerName = Personal[LongerName]
SealedOneName = Personal[OneName]
SealedText = Personal[str]


def declare(fields, name="test.person-named.v1", subject="person_id"):
    """A registry with one event: the person, and these fields. A default is given as `(type, default)`."""
    fields = dict(sorted(fields.items(), key=lambda item: isinstance(item[1], tuple)))
    annotations = {"person_id": UUID} | {n: t[0] if isinstance(t, tuple) else t for n, t in fields.items()}
    defaults = {n: t[1] for n, t in fields.items() if isinstance(t, tuple)}
    registry = Registry()
    event(name, subject=subject, registry=registry)(
        type("PersonNamed", (), {"__annotations__": annotations, **defaults})
    )
    return registry


BEFORE = {"name": SealedName, "on": date, "how": Literal["deed", "marriage"], "note": (str, "")}


@pytest.fixture
def folder(tmp_path):
    """A folder to which the event was published as it stands in `BEFORE`."""
    write(declare(BEFORE), ["test"], tmp_path)
    return tmp_path


def complaints(folder, registry):
    return [c for c in check(registry, ["test"], folder) if "run `moot schemas write`" not in c]


def test_what_was_just_written_has_no_complaints(folder):
    assert check(declare(BEFORE), ["test"], folder) == []
    assert write(declare(BEFORE), ["test"], folder) == []


def test_nothing_written_yet_is_said_once_per_file(tmp_path):
    assert check(declare(BEFORE), ["test"], tmp_path) == [
        f"{V1}: its schema is not committed; run `moot schemas write`",
        f"{V1}: has no sample; run `moot schemas write`",
        "asyncapi.yaml is not up to date; run `moot schemas write`",
    ]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"note": None}, "note was removed"),
        ({"extra": str}, "extra is new and has no default"),
        ({"note": str}, "note became required"),
        ({"note": (str, "none")}, 'note: default was "" and is "none"'),
        ({"on": int}, 'on: type was "string" and is "integer"'),
        ({"on": str}, 'on: format was "date" and is absent'),
        ({"on": date | None}, 'on: anyOf was absent and is [{"format": "date", "type": "string"}, {"type": "null"}]'),
        ({"how": Literal["deed"]}, 'how no longer allows ["marriage"]'),
        ({"how": Literal["deed", "marriage", "usage"]}, 'how allows ["usage"], which an old reader does not know'),
        ({"name": SealedOneName}, "name.$sealed.first was removed"),
        ({"name": SealedText}, "name.$sealed"),
        ({"name": Name}, "name.last is new and has no default"),
        ({"note": (SealedText, "")}, "note: "),
    ],
    ids=[
        "field removed", "required field added", "default removed", "default changed", "type changed", "format lost",
        "null allowed", "enumeration narrowed", "enumeration widened", "field of a personal value removed",
        "personal value of another type", "no longer personal", "made personal",
    ],
)  # fmt: skip
def test_a_change_that_breaks_a_reader_is_named_and_not_written(folder, change, complaint):
    registry = declare({n: t for n, t in (BEFORE | change).items() if t is not None})
    assert any(c.startswith(f"{V1}: {complaint}") for c in complaints(folder, registry))
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    with pytest.raises(Incompatible):
        write(registry, ["test"], folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before


@pytest.mark.parametrize(
    "change",
    [
        {"extra": (str, "")},
        {"extra": (SealedText, "")},
        {"on": (date, date(2026, 5, 7))},
        {"name": SealedLongerName},
    ],
    ids=[
        "field with a default",
        "personal field with a default",
        "field given a default",
        "field within a personal value",
    ],
)
def test_a_field_with_a_default_may_be_added(folder, change):
    registry = declare(BEFORE | change)
    assert complaints(folder, registry) == []
    assert f"{V1}: its schema is not the committed one; run `moot schemas write`" in check(registry, ["test"], folder)
    write(registry, ["test"], folder)
    assert check(registry, ["test"], folder) == []


def test_an_added_field_gets_a_sample_beside_the_old_one_which_is_never_rewritten(folder):
    old = (folder / "samples" / f"{V1}.json").read_bytes()
    write(declare(BEFORE | {"extra": (str, "")}), ["test"], folder)
    assert sorted(path.name for path in (folder / "samples").iterdir()) == [f"{V1}.2.json", f"{V1}.json"]
    assert (folder / "samples" / f"{V1}.json").read_bytes() == old
    assert "extra" in json.loads((folder / "samples" / f"{V1}.2.json").read_text("utf-8"))["payload"]


def test_a_field_that_was_added_once_cannot_be_removed_later(folder):
    write(declare(BEFORE | {"extra": (str, "")}), ["test"], folder)
    assert f"{V1}: extra was removed" in complaints(folder, declare(BEFORE))


def test_a_published_type_cannot_disappear(folder):
    assert complaints(folder, Registry()) == [
        f"{V1}: was published and has neither an event nor an upcast now",
        f"{V1}: sample {V1}.json no event and no upcast reads this type any more",
    ]


def renaming(lift):
    registry = declare({"printed": SealedName, "on": date}, "test.person-named.v2")
    upcast("test.person-named.v1", "test.person-named.v2", registry=registry)(lift)
    return registry


def test_a_new_version_with_an_upcast_reads_the_old_samples(folder):
    registry = renaming(lambda p: {"person_id": p["person_id"], "printed": p["name"], "on": p["on"]})
    write(registry, ["test"], folder)
    assert check(registry, ["test"], folder) == []
    assert {path.name for path in (folder / "schemas").iterdir()} == {f"{V1}.json", f"{V2}.json"}


def test_an_upcast_that_does_not_fit_is_found_by_the_old_samples(folder):
    registry = renaming(lambda p: {"person_id": p["person_id"], "printed": p["name"]})
    assert complaints(folder, registry) == [
        f"{V1}: sample {V1}.json cannot be read: Unreadable: {V1} does not fit its type (on: missing)"
    ]
    registry = renaming(lambda p: p["nothing"])
    assert "cannot be read: KeyError" in complaints(folder, registry)[0]


def test_a_sample_read_with_another_value_is_found(folder):
    sample = folder / "samples" / f"{V1}.json"
    sample.write_text(sample.read_text("utf-8").replace("invented last", "Lovelace"), "utf-8")
    assert complaints(folder, declare(BEFORE)) == [f"{V1}: sample {V1}.json is read with another value at name.last"]


def test_a_sample_whose_sealed_value_was_touched_is_found(folder):
    sample = folder / "samples" / f"{V1}.json"
    sample.write_text(sample.read_text("utf-8").replace('"$sealed": "v1.', '"$sealed": "v1.A'), "utf-8")
    assert "is not authentic" in complaints(folder, declare(BEFORE))[0]


def test_a_file_that_is_no_sample_is_named(folder):
    (folder / "samples" / "stray.json").write_text("{}")
    with pytest.raises(ValueError, match=r"stray\.json is not a sample"):
        check(declare(BEFORE), ["test"], folder)


# ------------------------------------------------------------------- samples


class Colour(Enum):
    WHITE = "white"


Count = NewType("Count", int)


class Everything:
    person_id: UUID
    colour: Colour
    count: Count
    turnout: Decimal
    by_ward: dict[str, tuple[int, ...]]
    pair: tuple[int, str]
    tags: frozenset[str]
    name: Personal[Name | None]
    parents: list[Name] = field(default_factory=list)


def test_samples_fill_in_every_kind_of_field_always_the_same_way():
    registry = Registry()
    cls = event("test.everything-happened.v1", subject="person_id", registry=registry)(Everything)
    kind = registry.by_class[cls]
    assert make(kind, registry) == make(kind, registry)
    made = build(cls, "x")
    assert (made.colour, made.by_ward, made.pair) == (Colour.WHITE, {"invented key": (7,)}, (7, "invented 1"))
    assert made.name == Name("invented last", "invented first")


def test_a_type_that_no_sample_can_be_made_of_is_named():
    with pytest.raises(TypeError, match="x: no sample can be invented for"):
        build(object, "x")


# ----------------------------------------------- what is committed in this project


def test_every_event_of_this_build_can_be_published():
    assert check(published(), CONTEXTS) == []


def test_every_committed_sample_is_valid_by_its_committed_schema():
    for sample in committed(FOLDER / "samples"):
        schema = json.loads((FOLDER / "schemas" / f"{sample.type}.json").read_text("utf-8"))
        Draft.check_schema(schema)
        Draft(schema, format_checker=Draft.FORMAT_CHECKER).validate(sample.payload)


@given(st.builds(Name, st.text(), st.text()), st.dates(), st.sampled_from(["deed", "marriage"]))
def test_whatever_is_recorded_is_valid_by_the_wire_schema(name, on, how):
    registry = declare(BEFORE)
    (kind,) = registry.by_wire.values()
    recorded = kind.cls(UUID(int=1), name, on, how)
    Draft(wire_schema(kind)).validate(json.loads(encode(recorded, SampleKey(UUID(int=1)), registry)[1]))


@pytest.mark.parametrize("name", [{"first": "Ada", "last": "Lovelace"}, "Ada", None, {"$sealed": "Ada"}])
def test_a_clear_personal_value_is_not_valid_on_the_wire(name):
    (kind,) = declare(BEFORE).by_wire.values()
    payload = {"person_id": str(UUID(int=1)), "on": "2026-05-07", "how": "deed", "name": name}
    assert not Draft(wire_schema(kind)).is_valid(payload)


def test_the_asyncapi_document_names_every_topic_of_the_system():
    document = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text("utf-8"))
    addresses = {channel["address"]: channel for channel in document["channels"].values()}
    assert addresses.keys() == {topic.name for topic in topics()}
    for topic in topics():
        assert addresses[topic.name]["bindings"]["kafka"]["partitions"] == topic.partitions


def test_the_asyncapi_document_points_at_nothing_that_is_not_there():
    document = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text("utf-8"))
    assert document["asyncapi"] == "3.0.0"

    def references(part):
        if isinstance(part, dict):
            yield from (value for name, value in part.items() if name == "$ref")
            for value in part.values():
                yield from references(value)

    for reference in set(references(document)):
        if reference.startswith("#/"):
            found = document
            for step in reference[2:].split("/"):
                found = found[step]
        else:
            assert (FOLDER / reference).is_file()


def test_every_event_has_a_topic():
    with pytest.raises(ValueError, match="no topic for events of test"):
        describe(declare(BEFORE), ["registration"])


def test_the_headers_that_are_sent_are_the_headers_that_are_described():
    instant = datetime(2026, 5, 7, 21, tzinfo=UTC)
    metadata = Metadata("officer-1", "E07000999", "c", "d", "e", "f", "g", "00-ab-cd-01")
    stored = Stored(
        "registration", 9, 3, UUID(int=1), "elector", 1, V1, "E07000999", "{}", metadata,
        instant, instant, bytes(32),
    )  # fmt: skip
    sent = {name: value.decode() for name, value in stored.headers(previous=-1)}
    Draft.check_schema(HEADERS)
    Draft(HEADERS).validate(sent)
    assert sent.keys() == HEADERS["properties"].keys()


def test_a_seal_is_valid_by_its_described_schema():
    seal = Seal(
        "registration", 1, 0, 9, 9, "00" * 32, "00" * 32, "2026-05-07T21:00:00.000000+00:00", "00" * 32, "00" * 64
    )
    schema = describe(Registry(), CONTEXTS)["components"]["schemas"]["Seal"]
    Draft(schema).validate(json.loads(seal.to_json()))
