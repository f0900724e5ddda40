"""Log lines: JSON, technical keywords only, no text of exceptions."""

from __future__ import annotations

import io
import logging

import orjson
import pytest
import structlog

from shared.service import logs


@pytest.fixture
def out():
    stream = io.StringIO()
    logs.configure("info", context="registration", role="views", stream=stream)
    return stream


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in out.getvalue().splitlines()]


def test_a_keyword_that_is_not_allowed_is_named_and_its_value_is_not(out):
    structlog.get_logger("x").info("elector added", name="Marmaduke Smith", nino="QQ123456C", shard=7)
    (line,) = lines(out)
    assert line["shard"] == 7
    assert line["dropped"] == ["name", "nino"]
    assert "Marmaduke" not in out.getvalue()
    assert "QQ123456C" not in out.getvalue()


def test_the_text_of_an_exception_is_not_logged_but_its_place_is(out):
    def store_person() -> None:
        raise ValueError("duplicate key: Key (name)=(Marmaduke Smith) already exists")

    for log in (structlog.get_logger("ours"), logging.getLogger("asyncpg")):
        try:
            store_person()
        except ValueError:
            log.exception("could not store")
    assert [line["error"] for line in lines(out)] == ["ValueError", "ValueError"]
    assert all("store_person" in str(line["where"]) for line in lines(out))
    assert "Marmaduke" not in out.getvalue()


def test_a_chained_exception_is_not_shown_either(out):
    try:
        try:
            raise KeyError("Marmaduke")
        except KeyError as first:
            raise RuntimeError("Smith") from first
    except RuntimeError:
        structlog.get_logger("x").exception("failed")
    assert len(out.getvalue().splitlines()) == 1
    assert not any(name in out.getvalue() for name in ("Marmaduke", "Smith"))


def test_a_librarys_values_are_left_out_unless_it_holds_none_of_ours(out):
    logging.getLogger("some.library").warning("cannot parse %s", "Marmaduke Smith")
    logging.getLogger("aiokafka.cluster").warning("topic %s not found", "registration.events.v1")
    first, second = lines(out)
    assert first["event"] == "cannot parse %s"
    assert second["event"] == "topic registration.events.v1 not found"


def test_a_forged_line_break_stays_inside_its_line(out):
    structlog.get_logger("x").info("request", route='/\n{"level":"error"}')
    assert len(out.getvalue().splitlines()) == 1


def test_a_long_value_is_cut(out):
    structlog.get_logger("x").info("request", route="x" * 10_000)
    assert len(out.getvalue()) < 1000


def test_every_line_says_which_role_of_which_service_wrote_it(out):
    structlog.get_logger("x").info("up")
    assert (lines(out)[0]["context"], lines(out)[0]["role"]) == ("registration", "views")


def test_a_client_that_complains_without_end_while_its_broker_is_away_is_heard_once_in_a_while(out, monkeypatch):
    def complain() -> None:
        logging.getLogger("aiokafka.consumer").error("Unable connect to node with id %s", 1)

    for _ in range(80):
        complain()
    [heard] = lines(out)
    assert heard["level"] == "warning"
    monkeypatch.setattr(logs, "REPEATED_AFTER", 0.0)
    complain()
    assert len(lines(out)) == 2
    for _ in range(3):
        structlog.get_logger("ours").warning("relay.tenure_ended")
    assert len(lines(out)) == 5
