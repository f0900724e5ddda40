"""Templates and the letters made of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.notifications.templates.registry import LETTERS, TEXTS, current_version, template, templates
from services.notifications.templates.rendering import html, pdf, written
from services.notifications.templates.wording import Wording, unmarked, wording, words
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


SEVEN = ("Flat 2", "The Elms", "10 Gorse Lane", "Lower Mootham", "Mootham", "MO1 1AA")
WINDOW = (20, 110, 49, 84)
"""Left, right, top and bottom in millimetres, on the sheet, of what the window of a DL envelope shows."""


def places(page):
    """Where each piece of text begins on a page, in millimetres from its left and top."""
    found = []

    def visit(text, placed, matrix, *_):
        x = matrix[4] * placed[0] + matrix[5] * placed[2] + placed[4]
        y = matrix[4] * placed[1] + matrix[5] * placed[3] + placed[5]
        if text.strip():
            found.append((text.strip(), x * 25.4 / 72, 297 - y * 25.4 / 72))

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("large_print", [False, True])
def test_the_whole_address_and_nothing_else_stands_in_the_window_of_the_envelope(large_print):
    made = pdf(letter(replace(MESSAGE, large_print=large_print), lines=SEVEN))
    at = places(PdfReader(BytesIO(made)).pages[0])
    left, right, top, bottom = WINDOW
    shown = [text for text, x, y in at if left <= x <= right and top <= y <= bottom]
    assert " ".join(shown) == " ".join(("A Sample", *SEVEN))


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_letter_is_a_tagged_pdf_in_its_language_and_the_same_to_the_byte(language):
    said = letter(replace(MESSAGE, language=language))
    made = pdf(said)
    document = PdfReader(BytesIO(made))
    assert made == pdf(said)
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"].startswith(language)
    assert document.metadata.title == said.title
    assert "pdfuaid" in document.trailer["/Root"]["/Metadata"].get_data().decode()


def test_what_somebody_typed_is_no_markup_in_a_letter():
    made = pdf(letter(name="#panic() *A* $x$"))
    assert "#panic() *A* $x$" in PdfReader(BytesIO(made)).pages[0].extract_text()


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
    for other in (replace(MESSAGE, template_version=99), replace(MESSAGE, template="summons", channel="sms")):
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


def test_every_template_is_in_plain_language():
    for made in (*templates().values(), *templates(TEXTS).values()):
        text = " ".join(re.sub(r"\[.*?\]|\{.*?\}", "x", paragraph) for paragraph in made.paragraphs)
        for sentence in re.split(r"[.!?]\s", text):
            assert len(sentence.split()) <= 30, f"{made.name}: {sentence}"


@pytest.mark.parametrize("folder", [LETTERS, TEXTS])
def test_every_template_is_there_in_welsh_with_the_same_places(folder):
    made = templates(folder)
    for name, version, _ in made:
        assert made[name, version, "cy"].fields == made[name, version, "en"].fields, name


def test_a_text_message_is_one_short_paragraph():
    for made in templates(TEXTS).values():
        assert made.title == ""
        (paragraph,) = made.paragraphs
        assert len(paragraph) <= 300, "two parts of a text message, with room for data"


def test_a_letter_in_welsh_is_welsh_down_to_its_date_and_reference():
    page = html(letter(replace(MESSAGE, language="cy")))
    assert '<html lang="cy">' in page
    assert "o £152.00, a gawsom ar 7 Awst 2026" in page
    assert "<p>10 Awst 2026</p>" in page
    assert "Ein cyfeirnod" in page
    assert "August" not in page


def test_letter_e_mail_and_text_say_the_same_from_one_place():
    on_paper, by_mail, as_text = (words(replace(MESSAGE, channel=channel)) for channel in ("letter", "email", "sms"))
    assert on_paper == by_mail
    assert as_text.paragraphs == (
        "Thank you for your payment of £152.00, received on 7 August 2026. The number of your receipt is 2026/000001.",
    )


SAID = {"determined_on": "2026-05-07", "reasons": "not-resident"}


def test_words_are_chosen_by_channel_and_language():
    assert wording("receipt", "sms", "cy", MESSAGE.data) == Wording("sms", 1, "cy")
    assert wording("registration-rejection", "email", "cy", SAID) == Wording("email", 1, "cy")


def test_what_has_no_text_form_goes_as_a_letter():
    assert wording("registration-rejection", "sms", "en", SAID).channel == "letter"


def test_what_cannot_be_said_in_welsh_is_said_in_english_and_the_message_tells_so():
    unheard_of = SAID | {"reasons": "not-resident,reason-nobody-translated"}
    assert wording("registration-rejection", "letter", "cy", unheard_of).language == "en"


def test_data_that_no_language_can_say_is_refused_when_the_message_is_made():
    with pytest.raises(Refused) as refusal:
        wording("receipt", "letter", "cy", {})
    assert refusal.value.rule.name == "template-data-unfit"


def test_business_is_numbered_and_a_clock_time_is_a_time():
    data = {
        "committee": "Planning Committee", "day": "2026-09-23", "starts": "19:00", "venue": "Gavel Room",
        "business": "Minutes\nBudget",
    }  # fmt: skip
    _, paragraphs = template("summons", 1, "en").filled(data)
    assert "on 23 September 2026 at 19:00" in paragraphs[0]
    assert paragraphs[2] == "The business to be done: (1) Minutes; (2) Budget."
    assert template("summons", 1, "en").filled(data | {"venue": ""})[1][1] == "The place: we will tell you."
    with pytest.raises(Refused):
        template("summons", 1, "en").filled(data | {"starts": "seven"})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("[click](https://x.example)", r"\[click\]\(https://x.example\)"),
        ("# Loud *and* _proud_", r"\# Loud \*and\* \_proud\_"),
        ("((name))", r"\(\(name\)\)"),
        ("^ quoted", "\u200b^ quoted"),
        ("- one\n2. two", "\u200b- one\n\u200b2. two"),
        ("O'Brien & Sons, Ltd.", "O'Brien & Sons, Ltd."),
    ],
)
def test_markdown_in_data_is_no_markdown_at_notify(data, said):
    assert unmarked(data) == said


PUBLISHED = {
    "letters/application-hearing.v1.cy.md": "2e99991e3d2590f4",
    "letters/application-hearing.v1.en.md": "baf9e57ea7b6eeeb",
    "letters/application-incomplete.v1.cy.md": "7c026d874cc15355",
    "letters/application-incomplete.v1.en.md": "ea8fce49f4776c7b",
    "letters/canvass-communication-a.v1.cy.md": "bc88968207d729f2",
    "letters/canvass-communication-a.v1.en.md": "3aa57ec0dbb49416",
    "letters/canvass-communication-b-reminder.v1.cy.md": "aff330068bed3a01",
    "letters/canvass-communication-b-reminder.v1.en.md": "d88aa5dd2a51e584",
    "letters/canvass-communication-b.v1.cy.md": "65446223ed2fc161",
    "letters/canvass-communication-b.v1.en.md": "7f4b24154c93c261",
    "letters/canvass-form-reminder.v1.cy.md": "9d36c1de16b5e93d",
    "letters/canvass-form-reminder.v1.en.md": "4f6950c60c26367f",
    "letters/canvass-form.v1.cy.md": "34fc672a9d4344c3",
    "letters/canvass-form.v1.en.md": "944d8f8a9b56d1fa",
    "letters/canvass-responsible-person-reminder.v1.cy.md": "3b648b691df6b467",
    "letters/canvass-responsible-person-reminder.v1.en.md": "ffdd2aef0cfe8761",
    "letters/canvass-responsible-person.v1.cy.md": "b0b1cac39afbedf5",
    "letters/canvass-responsible-person.v1.en.md": "99e52b440745ac32",
    "letters/civil-penalty-appeal-dismissed.v1.cy.md": "527c6d857e41fbc7",
    "letters/civil-penalty-appeal-dismissed.v1.en.md": "b02ef770ae5e95bf",
    "letters/civil-penalty-cancelled.v1.cy.md": "be334c0abccd6dee",
    "letters/civil-penalty-cancelled.v1.en.md": "03cc62679ec30d12",
    "letters/civil-penalty-upheld.v1.cy.md": "49193efec4ca9a68",
    "letters/civil-penalty-upheld.v1.en.md": "d3ac65d0b0ffce85",
    "letters/civil-penalty.v1.cy.md": "410bc9bd350aff66",
    "letters/civil-penalty.v1.en.md": "42577ea7dc412cfe",
    "letters/declaration-renewed.v1.cy.md": "4bc9718aa35cbeae",
    "letters/declaration-renewed.v1.en.md": "0654d595afc0f6e0",
    "letters/evidence-request.v1.cy.md": "73f0f2570241bc61",
    "letters/evidence-request.v1.en.md": "efb99ed62d650e51",
    "letters/fresh-signature.v1.cy.md": "7088f6fbc5076c5b",
    "letters/fresh-signature.v1.en.md": "70f21cc4f8cdcf67",
    "letters/meeting-cancelled.v1.cy.md": "b9960a9131f0d1e7",
    "letters/meeting-cancelled.v1.en.md": "e508521e6a5fdac1",
    "letters/name-changed.v1.cy.md": "69ed783e95049fff",
    "letters/name-changed.v1.en.md": "ac2e3b1f57bf8122",
    "letters/objection-disallowed.v1.cy.md": "030a7947ae67a7b2",
    "letters/objection-disallowed.v1.en.md": "50358e62864151b8",
    "letters/objection-hearing.v1.cy.md": "918f47c302b0295a",
    "letters/objection-hearing.v1.en.md": "472d8c00f5e352b4",
    "letters/pay-statement.v1.cy.md": "d498b0c6ce9c7d33",
    "letters/pay-statement.v1.en.md": "4feec7f77cdd4a23",
    "letters/postal-proxy-confirmation.v1.cy.md": "c59b8c5dd757d9d0",
    "letters/postal-proxy-confirmation.v1.en.md": "ce35c2291524decb",
    "letters/postal-proxy-ended.v1.cy.md": "55d299f7b6907f3d",
    "letters/postal-proxy-ended.v1.en.md": "2a82084e3d7441cb",
    "letters/postal-proxy-for-one-poll.v1.cy.md": "b103351652def20a",
    "letters/postal-proxy-for-one-poll.v1.en.md": "15c11544b7c371a3",
    "letters/postal-proxy-refused.v1.cy.md": "fe6764aa710f9311",
    "letters/postal-proxy-refused.v1.en.md": "3ab0427ec92eabff",
    "letters/postal-proxy-renewal-reminder.v1.cy.md": "62812e2c447f12ac",
    "letters/postal-proxy-renewal-reminder.v1.en.md": "de66d7d8a817fc87",
    "letters/postal-proxy-renewal.v1.cy.md": "b963312fb63f1945",
    "letters/postal-proxy-renewal.v1.en.md": "b95ab2dd7cd992df",
    "letters/postal-vote-cancelled.v1.cy.md": "d7ae4dc193ca50a3",
    "letters/postal-vote-cancelled.v1.en.md": "b4c6d096d0e262c9",
    "letters/postal-vote-confirmation.v1.cy.md": "52b56e1acc45c90d",
    "letters/postal-vote-confirmation.v1.en.md": "2f8b5d632fd06d65",
    "letters/postal-vote-ended.v1.cy.md": "2a41bf9a9afa7c7b",
    "letters/postal-vote-ended.v1.en.md": "a4dbe4a31ece6700",
    "letters/postal-vote-for-one-poll.v1.cy.md": "e20dd0e012de752a",
    "letters/postal-vote-for-one-poll.v1.en.md": "442e91811cc8cae4",
    "letters/postal-vote-refused.v1.cy.md": "aec2f2dc6ae2b954",
    "letters/postal-vote-refused.v1.en.md": "ae36ad49a8ad68fd",
    "letters/postal-vote-renewal-reminder.v1.cy.md": "2a3fbafffa84316f",
    "letters/postal-vote-renewal-reminder.v1.en.md": "bc10d3378e895c65",
    "letters/postal-vote-renewal.v1.cy.md": "a7540b3cb62ebf52",
    "letters/postal-vote-renewal.v1.en.md": "3c626c830354f351",
    "letters/postal-vote-shortened.v1.cy.md": "2615aaa973eb8864",
    "letters/postal-vote-shortened.v1.en.md": "c3fe2571333457ae",
    "letters/proxy-appointment-ended.v1.cy.md": "89c853e06851bd6d",
    "letters/proxy-appointment-ended.v1.en.md": "3cb75ecd17988ab8",
    "letters/proxy-appointment-for-a-period.v1.cy.md": "e1c937c5aa082749",
    "letters/proxy-appointment-for-a-period.v1.en.md": "b30d96b133759bf2",
    "letters/proxy-appointment-for-one-poll-ended.v1.cy.md": "e79618bff120cba3",
    "letters/proxy-appointment-for-one-poll-ended.v1.en.md": "de6a6a6d808b98d1",
    "letters/proxy-appointment-for-one-poll.v1.cy.md": "4ec842a7eec25e0d",
    "letters/proxy-appointment-for-one-poll.v1.en.md": "0bb3580acac56475",
    "letters/proxy-appointment.v1.cy.md": "6eef6e75d553c242",
    "letters/proxy-appointment.v1.en.md": "afa48ed62d6eb9ba",
    "letters/proxy-cancelled.v1.cy.md": "27e3f9db8b1fc6c6",
    "letters/proxy-cancelled.v1.en.md": "24b34163a4785a6c",
    "letters/proxy-confirmation.v1.cy.md": "ed93bc9f56eef51f",
    "letters/proxy-confirmation.v1.en.md": "8136f9197ff5dcc6",
    "letters/proxy-ended.v1.cy.md": "272101869765f29e",
    "letters/proxy-ended.v1.en.md": "5fc66d31207d6213",
    "letters/proxy-for-a-period.v1.cy.md": "2afd96617de36f7e",
    "letters/proxy-for-a-period.v1.en.md": "ad531b11d3cf5ff0",
    "letters/proxy-for-one-poll.v1.cy.md": "cf620d78cea848fa",
    "letters/proxy-for-one-poll.v1.en.md": "26aed738e0315f83",
    "letters/proxy-gave-up.v1.cy.md": "cabacf1d279842dc",
    "letters/proxy-gave-up.v1.en.md": "6217acc8e685a7a0",
    "letters/proxy-lapsed.v1.cy.md": "dbdb22cd9778b5ce",
    "letters/proxy-lapsed.v1.en.md": "57c6a21d8b4f9960",
    "letters/proxy-refused.v1.cy.md": "cbf09ad67c3438dd",
    "letters/proxy-refused.v1.en.md": "277dff58778d63f7",
    "letters/proxy-renewal-reminder.v1.cy.md": "d3fb73b20d8ee38e",
    "letters/proxy-renewal-reminder.v1.en.md": "90bf5b5af6adb1ba",
    "letters/proxy-renewal.v1.cy.md": "a1c4d75b25203de7",
    "letters/proxy-renewal.v1.en.md": "84643509b0214fc8",
    "letters/receipt.v1.cy.md": "30c18fbbcabd1fc8",
    "letters/receipt.v1.en.md": "dabd670ef4e09326",
    "letters/registration-confirmation.v1.cy.md": "7e2c409ee819afb4",
    "letters/registration-confirmation.v1.en.md": "2bc1d8783acae03a",
    "letters/registration-expired.v1.cy.md": "b6d4963b9504cbd9",
    "letters/registration-expired.v1.en.md": "6266fd01a2c2ecff",
    "letters/registration-invitation-reminder.v1.cy.md": "f289448fa0c50ef2",
    "letters/registration-invitation-reminder.v1.en.md": "347da46b409c66e6",
    "letters/registration-invitation.v1.cy.md": "dbbed488b3792f84",
    "letters/registration-invitation.v1.en.md": "49c50ee95833257e",
    "letters/registration-reinstated.v1.cy.md": "5d6a47582780a3e8",
    "letters/registration-reinstated.v1.en.md": "aaeb3cf2d105c2de",
    "letters/registration-rejection.v1.cy.md": "61cb31ed4ad95ac4",
    "letters/registration-rejection.v1.en.md": "e63c027940c16337",
    "letters/registration-requirement.v1.cy.md": "e9888b21dd5c0e46",
    "letters/registration-requirement.v1.en.md": "c5a7ce8be001ae14",
    "letters/renewal-reminder-crown.v1.cy.md": "64c4e563997e8906",
    "letters/renewal-reminder-crown.v1.en.md": "a5a04a2036d14993",
    "letters/renewal-reminder-forces.v1.cy.md": "f29ff5f2bdafbcb1",
    "letters/renewal-reminder-forces.v1.en.md": "ce1543757fa304c3",
    "letters/renewal-reminder-local-connection.v1.cy.md": "7354641ebd087b2d",
    "letters/renewal-reminder-local-connection.v1.en.md": "03a80e1c7363b529",
    "letters/renewal-reminder-overseas.v1.cy.md": "227ded6febc037a4",
    "letters/renewal-reminder-overseas.v1.en.md": "696de8ae895ab6f5",
    "letters/review-entitled.v1.cy.md": "87a9d6f749ba6261",
    "letters/review-entitled.v1.en.md": "0f346d15ad95534a",
    "letters/review-hearing.v1.cy.md": "133a1b6ccf0f59ca",
    "letters/review-hearing.v1.en.md": "73e1fff3ae354090",
    "letters/review-not-entitled-appeal.v1.cy.md": "37185d94a50927a0",
    "letters/review-not-entitled-appeal.v1.en.md": "2f294425efcb41b5",
    "letters/review-not-entitled.v1.cy.md": "a630db855575f977",
    "letters/review-not-entitled.v1.en.md": "ce38d7017735fc67",
    "letters/review-notice-a.v1.cy.md": "1580b02ef1bdd6e8",
    "letters/review-notice-a.v1.en.md": "b75c62b84798986d",
    "letters/review-notice-b.v1.cy.md": "57ed40dcbdae1fb1",
    "letters/review-notice-b.v1.en.md": "6e3f29fb597fd409",
    "letters/signature-refresh-reminder.v1.cy.md": "aa5f78af4931bf42",
    "letters/signature-refresh-reminder.v1.en.md": "366b3a7600b4ac1a",
    "letters/signature-refresh.v1.cy.md": "845e2ed5d03dbcb3",
    "letters/signature-refresh.v1.en.md": "e58de648751a0fea",
    "letters/signature-waived.v1.cy.md": "7cbf03b2fd86db94",
    "letters/signature-waived.v1.en.md": "a1ea2e23b86ab7d5",
    "letters/summons-moved.v1.cy.md": "2a20d2740beab39c",
    "letters/summons-moved.v1.en.md": "7bfa4bc88accfb84",
    "letters/summons-supplement.v1.cy.md": "52ec10642faffffe",
    "letters/summons-supplement.v1.en.md": "c2df86d459e787fd",
    "letters/summons.v1.cy.md": "46c629b11ba9fa55",
    "letters/summons.v1.en.md": "db53ca256f013ebc",
    "texts/meeting-cancelled.v1.cy.md": "74ba1ee021be45d1",
    "texts/meeting-cancelled.v1.en.md": "3211688b277c30b5",
    "texts/pay-statement.v1.cy.md": "2f85f6a10baa5e15",
    "texts/pay-statement.v1.en.md": "762d4c36170ace1d",
    "texts/postal-vote-confirmation.v1.cy.md": "f8c0b02acf07fffb",
    "texts/postal-vote-confirmation.v1.en.md": "fc3351f2db62a011",
    "texts/postal-vote-for-one-poll.v1.cy.md": "2656f2e5a5c9b8f4",
    "texts/postal-vote-for-one-poll.v1.en.md": "e258195e7eb10e9e",
    "texts/postal-vote-shortened.v1.cy.md": "c220edc591d18f48",
    "texts/postal-vote-shortened.v1.en.md": "a1a163f2d198f3fa",
    "texts/receipt.v1.cy.md": "fc327b6e885d624d",
    "texts/receipt.v1.en.md": "25485735589a489a",
    "texts/registration-confirmation.v1.cy.md": "7c99478e29c6f3e9",
    "texts/registration-confirmation.v1.en.md": "bcd246bb5b6f8356",
}
"""The beginning of the SHA-256 of each file. Add to it; a line that stands here has been sent to people."""


def test_a_published_template_never_changes():
    found = {
        f"{folder.name}/{path.name}": sha256(path.read_bytes()).hexdigest()[:16]
        for folder in (LETTERS, TEXTS)
        for path in folder.iterdir()
    }
    assert found == PUBLISHED


def test_new_messages_use_the_newest_version():
    assert current_version("receipt") == 1
    assert template("receipt", 1, "en").fields == {"pence": "pounds", "issued_on": "date", "number": ""}
