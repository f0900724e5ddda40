"""The files of a canvass's data step."""

import io
from uuid import UUID

import pytest

from services.registration.exchange.canvass_match import COLUMNS, BadRow, Result, cells, results
from shared.law.rules import Refused

ONE, TWO = UUID(int=1), UUID(int=2)


def read(text):
    return list(results(io.BytesIO(text if isinstance(text, bytes) else text.encode())))


def test_an_elector_goes_out_under_the_id_that_comes_back():
    line = cells(ONE, {"first": "Ada", "last": "Marsh"}, "", 100, {"street": "1 High Street", "postcode": "ZZ1 1AA"})
    said = dict(zip(COLUMNS, line, strict=True))
    assert said == dict.fromkeys(COLUMNS, "") | {
        "elector_id": str(ONE), "first_name": "Ada", "last_name": "Marsh", "uprn": "100", "street": "1 High Street",
        "postcode": "ZZ1 1AA",
    }  # fmt: skip


def test_results_come_in_any_order_among_other_columns_with_or_without_a_mark_of_their_encoding():
    text = f"reason,result,elector_id\r\n,match,{ONE}\r\nx,No-Match,{TWO}\r\n"
    assert read(text) == read(b"\xef\xbb\xbf" + text.encode()) == [Result(ONE, True), Result(TWO, False)]


def test_a_bad_row_is_named_and_the_others_are_read():
    text = f"elector_id,result\nnobody,match\n{ONE},perhaps\n{TWO},match\n"
    assert read(text) == [
        BadRow(2, "elector_id", "It is not an id that was sent."),
        BadRow(3, "result", "It must be match or no-match."),
        Result(TWO, True),
    ]


@pytest.mark.parametrize(
    "file", [b"", b"id,match\n1,2\n", b"\xff\xfe\x00", "elector_id,result\n\u00e9".encode("latin-1")]
)
def test_what_is_no_match_result_is_refused(file):
    with pytest.raises(Refused) as refused:
        read(file)
    assert refused.value.rule.name == "not-a-match-result"
