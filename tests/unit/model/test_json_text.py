from __future__ import annotations

import json
from decimal import Decimal

from expensed.model.expense import Candidate, Expense, Facts
from expensed.model.json_text import decode, encode, encode_for_client


def test_json_is_compact_utf_8():
    assert encode({"file": "é 😀", "n": [1, None]}) == '{"file":"é 😀","n":[1,null]}'.encode()


def test_a_name_that_is_no_utf_8_survives_json():
    name = b"bad\xff.pdf".decode(errors="surrogateescape")
    assert json.loads(encode_for_client({"file": name})) == {"file": name}


def test_an_amount_is_a_number_with_the_decimals_of_its_currency_and_is_never_a_float():
    content = encode(Facts(amount=Decimal("99999999999.9"), tax=Decimal(3), currency="EUR"))
    assert b'"amount":99999999999.90,' in content
    assert b'"tax":3.00,' in content
    assert decode(content, Facts).amount == Decimal("99999999999.90")


def test_what_is_kept_can_be_read_again_whatever_a_file_is_called():
    kept = Facts(vendor=b"bad\xff".decode(errors="surrogateescape"), amount=Decimal("93.50"), currency="EUR")
    content = encode(kept)
    assert b'"amount":93.50,' in content
    assert decode(content, Facts).vendor == "bad\N{REPLACEMENT CHARACTER}"


def test_what_else_a_field_might_be_survives_json():
    other = Candidate(value="37.43", confidence=0.12345, page=1, box=(0.1, 0.2, 0.3, 0.4), text="Total 37.43")
    kept = Expense(confidence=50, needs_review=True, reasons=("One.",), candidates={"amount": (other,), "date": ()})
    assert decode(encode(kept), Expense) == kept
    assert decode(b'{"confidence":50}', Expense).candidates == {}, "what an earlier version wrote"
