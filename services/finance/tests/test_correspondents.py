"""How finance tells another service where a customer wants the receipt."""

from __future__ import annotations

from uuid import UUID, uuid4

import httpx
import pytest

from services.finance.tests.office import Desk
from shared.events.values import PersonId

COPY = {"customer": "Marsh & Sons", "entries": [1000], "email": "office@marsh.example"}


@pytest.fixture
async def sale(desk: Desk) -> str:
    quoted = await desk.done("/quotes", COPY)
    return str(quoted["sale_id"])


async def ask(desk: Desk, sale: object, **claims: object) -> httpx.Response:
    headers = desk.idp.bearer(**{"roles": ["correspondence"], **claims})
    return await desk.client.get(f"/correspondents/customer/{sale}", headers=headers)


async def test_a_customer_is_reached_where_the_receipt_is_to_go(desk: Desk, sale: str):
    assert (await ask(desk, sale)).json() == {
        "name": "Marsh & Sons", "lines": [], "email": "office@marsh.example", "phone": "", "facts": {},
    }  # fmt: skip


async def test_an_erased_customer_is_gone(desk: Desk, sale: str):
    page = await desk.get(f"/sales/{sale}")
    await desk.office.erase(PersonId(UUID(page["customer_id"])))
    answer = await ask(desk, sale)
    assert (answer.status_code, answer.json()["type"]) == (410, "urn:moothall:problem:person-erased")


async def test_a_stranger_another_council_and_another_role_find_nobody(desk: Desk, sale: str):
    assert (await ask(desk, uuid4())).status_code == 404
    assert (await ask(desk, sale, authorities=["E07000041"])).status_code == 404
    assert (await ask(desk, sale, roles=["finance-clerk", "dpo"])).status_code == 404


async def test_that_it_was_read_is_on_record(desk: Desk, sale: str):
    await ask(desk, sale)
    (read,) = await desk.get(f"/reads?record={sale}", "dpo")
    assert read["kind"] == "correspondent"
