from __future__ import annotations

import json
from decimal import Decimal

from expensed.model.expense import Facts
from expensed.model.json_text import decode, encode


def test_json_is_compact_utf_8():
    assert encode({"file": "é 😀", "n": [1, None]}) == '{"file":"é 😀","n":[1,null]}'.encode()


def test_a_name_that_is_no_utf_8_survives_json():
    name = b"bad\xff.pdf".decode(errors="surrogateescape")
    assert json.loads(encode({"file": name})) == {"file": name}


def test_an_amount_is_a_number_with_the_decimals_of_its_currency_and_is_never_a_float():
    content = encode(Facts(amount=Decimal("99999999999.9"), tax=Decimal(3), currency="EUR"))
    assert b'"amount":99999999999.90,' in content
    assert b'"tax":3.00,' in content
    assert decode(content, Facts).amount == Decimal("99999999999.90")
