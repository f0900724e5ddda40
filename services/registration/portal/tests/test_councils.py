"""One process for several councils: each is asked for under its own certificate, and none is forgotten in silence."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace

import pytest

from services.registration.main import service
from services.registration.portal.settings import Connection, PortalSettings
from services.registration.portal.tests.test_taking_over import NOVEMBER, postal
from services.registration.portal.tests.there import There, certificates, served
from services.registration.portal.worker import PortalWorker
from shared.eventcore.testing.core import AUTHORITY
from shared.events.registration import portal_decision_id
from shared.events.values import Authority
from shared.service.settings import WrongSetting

NEIGHBOUR = "E07000041"


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Those of two councils, as `MOOT_PORTAL_COUNCILS` names them."""
    monkeypatch.setenv("MOOT_PORTAL_URL", "https://portal.example")
    made = certificates(tmp_path)
    return {
        council: {"certificate": str(made[f"{name}.pem"]), "key": str(made[f"{name}.key"])}
        for council, name in ((AUTHORITY, "council"), (NEIGHBOUR, "server"))
    }


def connections(monkeypatch, councils):
    monkeypatch.setenv("MOOT_PORTAL_COUNCILS", json.dumps(councils))
    return PortalSettings.load().connections(AUTHORITY)


def test_without_a_portal_nothing_is_asked(monkeypatch):
    monkeypatch.delenv("MOOT_PORTAL_URL", raising=False)
    assert PortalSettings.load().connections(AUTHORITY) == ()


def test_each_council_has_its_own_certificate_and_a_joint_board_one_for_all(files, monkeypatch):
    own, neighbour = connections(monkeypatch, files)
    assert (own.councils, neighbour.councils) == ({AUTHORITY}, {NEIGHBOUR})
    assert own.access.certificate != neighbour.access.certificate
    (board,) = connections(monkeypatch, dict.fromkeys((AUTHORITY, NEIGHBOUR), files[AUTHORITY]))
    assert board.councils == {AUTHORITY, NEIGHBOUR}


def test_one_council_needs_no_more_than_its_two_files(files, monkeypatch):
    for name, path in files[AUTHORITY].items():
        monkeypatch.setenv(f"MOOT_PORTAL_{name.upper()}", path)
    (only,) = PortalSettings.load().connections(AUTHORITY)
    assert only.councils == {AUTHORITY}


def test_a_portal_without_tls_is_a_wrong_setting(monkeypatch):
    monkeypatch.setenv("MOOT_PORTAL_URL", "http://portal.example")
    with pytest.raises(WrongSetting, match="MOOT_PORTAL_URL is wrong: must be an https address"):
        PortalSettings.load()


def test_a_council_without_its_files_is_named(files, monkeypatch):
    with pytest.raises(WrongSetting, match=f"MOOT_PORTAL_CERTIFICATE and MOOT_PORTAL_KEY must name .* of {AUTHORITY}"):
        PortalSettings.load().connections(AUTHORITY)
    with pytest.raises(WrongSetting, match=f"MOOT_PORTAL_COUNCILS must name the files from IERDS of {NEIGHBOUR}"):
        connections(monkeypatch, files | {NEIGHBOUR: {"certificate": files[NEIGHBOUR]["certificate"]}})
    with pytest.raises(WrongSetting, match=f"names no certificate of {AUTHORITY}, which is MOOT_AUTHORITY"):
        connections(monkeypatch, {NEIGHBOUR: files[NEIGHBOUR]})
    with pytest.raises(WrongSetting, match=f"of {NEIGHBOUR}, is no file that holds what it should"):
        connections(monkeypatch, files | {NEIGHBOUR: {"certificate": "/nowhere.pem", "key": "/nowhere.key"}})


def test_words_that_are_no_such_json_are_refused_without_repeating_them(files, monkeypatch):
    monkeypatch.setenv("MOOT_PORTAL_COUNCILS", "secret")
    with pytest.raises(WrongSetting, match="MOOT_PORTAL_COUNCILS must be JSON") as found:
        PortalSettings.load()
    assert "secret" not in str(found.value)
    with pytest.raises(WrongSetting, match="MOOT_PORTAL_COUNCILS is wrong"):
        connections(monkeypatch, {"Mootshire": files[AUTHORITY]})
    monkeypatch.setenv("MOOT_PORTAL_KEY", files[AUTHORITY]["key"])
    with pytest.raises(WrongSetting, match="Set either MOOT_PORTAL_COUNCILS, or"):
        connections(monkeypatch, files)


async def test_a_council_that_is_turned_away_keeps_no_other_waiting(office, tmp_path):
    await office.core.pool.execute((service.migrations / "signature_image.sql").read_text("utf-8"))
    office.on(NOVEMBER)
    core = SimpleNamespace(pool=office.core.pool, execute=office.core.execute, clock=office.core.clock)
    there, stop = There(), asyncio.Event()
    there.add("postalvotes", postal(1, applicationStatus="rejected"))
    there.add("postalvotes", {**postal(2, applicationStatus="rejected"), "gssCode": NEIGHBOUR})
    (tmp_path / "theirs").mkdir()
    async with served(there, tmp_path) as access:
        known = certificates(tmp_path / "theirs")
        unknown = type(access)(
            access.applications_url, access.checks_url, known["council.pem"], known["council.key"], access.authorities
        )
        worker = PortalWorker(
            core, [Connection(unknown, frozenset({AUTHORITY})), Connection(access, frozenset({NEIGHBOUR}))], 300
        )
        running = asyncio.create_task(worker.run(stop))
        while not there.acknowledged:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        stop.set()
        await running
    assert list(there.acknowledged) == [f"{2:024x}"]
    assert worker.away == 1
    taken = portal_decision_id(Authority(NEIGHBOUR), "postalvotes", f"{2:024x}")
    assert len(await office.core.store.stream(taken, NEIGHBOUR)) == 3
