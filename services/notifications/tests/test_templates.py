"""Templates and the letters made of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

import pytest

from services.notifications.templates.registry import FOLDER, current_version, template, templates
from services.notifications.templates.rendering import html, written
from shared.eventcore.deciding import Refused
from shared.events.notifications import MessageQueued
from shared.events.values_notifications import MessageId, Recipient

MESSAGE = MessageQueued(
    MessageId(UUID(int=1)), Recipient("customer", UUID(int=2)), "receipt", 1, "letter",
    {"pence": "15200", "issued_on": "2026-08-07", "number": "2026/000001"}, "0@1", datetime(2026, 8, 10, tzinfo=UTC),
)  # fmt: skip
HOME, TODAY = ("1 Sample Street", "Mootham", "MO1 1AA"), date(2026, 8, 10)


def letter(message=MESSAGE, name="A Sample", lines=HOME):
    return written(message, name, lines, TODAY)


def test_a_letter_says_who_when_what_and_its_reference():
    page = html(letter())
    assert "A Sample<br>\n1 Sample Street<br>\nMootham<br>\nMO1 1AA" in page
    assert "10 August 2026" in page
    assert "<h1>Receipt for your payment</h1>" in page
    assert "payment of £152.00, which we received on 7 August 2026" in page
    assert "2026/000001" in page
    assert str(UUID(int=1)) in page


def test_the_same_message_printed_again_is_the_same_letter():
    assert html(letter()) == html(letter())


def test_large_print_is_eighteen_points_and_the_language_is_said():
    assert "font: 12pt" in html(letter())
    page = html(letter(replace(MESSAGE, large_print=True)))
    assert "font: 18pt" in page
    assert '<html lang="en">' in page


def test_reasons_are_given_in_words():
    data = {"determined_on": "2026-05-07", "reasons": "not-resident,identity-not-confirmed"}
    made = letter(replace(MESSAGE, template="registration-rejection", data=data))
    assert "Our reasons: not resident; identity not confirmed." in made.paragraphs


def test_what_a_template_needs_must_be_there_in_its_form():
    for data in ({}, MESSAGE.data | {"issued_on": "soon"}, MESSAGE.data | {"pence": "£1"}):
        with pytest.raises(Refused) as refusal:
            letter(replace(MESSAGE, data=data))
        assert refusal.value.rule.name == "template-data-unfit"


def test_a_template_that_is_not_there_is_not_replaced_by_another():
    for other in (replace(MESSAGE, template_version=99), replace(MESSAGE, language="cy")):
        with pytest.raises(Refused) as refusal:
            letter(other)
        assert refusal.value.rule.name == "unknown-template"


@pytest.mark.parametrize("lines", [["MO1 1AA"], ["a"] * 7, ["(the red door)", "Mootham"], ["a\nb", " @ b", "c"]])
def test_an_address_that_the_post_would_not_take_is_refused(lines):
    with pytest.raises(Refused) as refusal:
        letter(lines=lines)
    assert refusal.value.rule.name == "address-unfit"


def test_no_name_is_read_as_markup():
    assert "<b>" not in html(letter(name="A <b>Sample</b>"))


def test_a_place_in_data_is_not_filled_again():
    data = MESSAGE.data | {"number": "{pence}"}
    assert any("{pence}" in paragraph for paragraph in letter(replace(MESSAGE, data=data)).paragraphs)


def test_every_template_is_in_plain_english():
    for made in templates().values():
        text = " ".join(re.sub(r"\[.*?\]|\{.*?\}", "x", paragraph) for paragraph in made.paragraphs)
        for sentence in re.split(r"[.!?]\s", text):
            assert len(sentence.split()) <= 30, f"{made.name}: {sentence}"


PUBLISHED = {
    "pay-statement.v1.en.md": "4feec7f77cdd4a23",
    "postal-vote-confirmation.v1.en.md": "2f8b5d632fd06d65",
    "postal-vote-for-one-poll.v1.en.md": "442e91811cc8cae4",
    "postal-vote-shortened.v1.en.md": "c3fe2571333457ae",
    "receipt.v1.en.md": "dabd670ef4e09326",
    "registration-confirmation.v1.en.md": "2bc1d8783acae03a",
    "registration-rejection.v1.en.md": "e63c027940c16337",
}
"""The beginning of the SHA-256 of each file. Add to it; a line that stands here has been sent to people."""


def test_a_published_template_never_changes():
    found = {path.name: sha256(path.read_bytes()).hexdigest()[:16] for path in FOLDER.iterdir()}
    assert found == PUBLISHED


def test_new_messages_use_the_newest_version():
    assert current_version("receipt") == 1
    assert template("receipt", 1, "en").fields == {"pence": "pounds", "issued_on": "date", "number": ""}
