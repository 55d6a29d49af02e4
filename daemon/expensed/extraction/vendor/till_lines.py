"""Lines in the head of a receipt that look like names but are the till's: labels, registers, departments, slogans.

In Latin letters, as receipts of many countries have them; other scripts have their words in `languages/data`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from expensed.extraction.vendor.legal_forms import LEGAL_FORM, STRONG_LEGAL_FORM
from expensed.extraction.vendor.trade_words import begins_with_trade
from expensed.languages.scripts import script_of

_LABELLED = re.compile(r"^\W*[^\W\d_](?:[^\W\d_]|[ .'-]){1,18}[^\W\d_]\s?#?\s?:\s*\w")
"""`Host: Mary`, `COLLECTOR:8502`, `Store: REN`."""
_OF_THE_TILL = re.compile(
    r"^\W*(?:store|shop|branch|outlet|location|filiale|reg(?:ister)?|lane|till|caja|caisse|kasse|clerk|chk|tbl|tb1|gst|svr"
    r"|srvr|svrck|trn|trans|ord)\W*(?:n[or]\b\W*)?\d*\W*$",
    re.IGNORECASE,
)
"""`Store #1291`, `Register 3`."""
_TIME = re.compile(r"^\W*[^\W\d_]{1,5}\W*\d{1,2}:\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?)?\W*$", re.IGNORECASE)
"""`Time 7:22 PM`, however the word was read."""
_HEADING = re.compile(
    r"^\W*(?:grocery|groceries|produce|dairy|deli|meats?|seafood|frozen(?:\sfoods?)?|misc(?:ellaneous)?|taxable|non-?\s?tax\w*"
    r"|general(?:\smerchandise)?|gen(?:eral)?\sm[de]rch\w*|merchandise|clothing|apparel|cleaning(?:\ssupplies)?|household"
    r"|health\W+beauty\w*(?:\W+cosmetics)?|cosmetics|toys|savings?|sales?|refund|cash|credit|debit|change|balance|coupons?|scanned\scoupons?"
    r"|can(?:t|tidad)?|precio|producto|articulo|artículo|article|prodotto|produit)\W*$",
    re.IGNORECASE,
)
"""The name of a department above its goods, or of a column."""
_GOES_ON = re.compile(r"\s(?:at|for|from|with|by|your|our)$|\w,$", re.IGNORECASE)
"""The end of a line whose sentence goes on in the next."""
_BEGINS = re.compile(r"^\W*(?:how|what|why|when|if|you|now\shiring|tell\sus|visit\sus|ask|call)\s", re.IGNORECASE)
"""The beginning of a sentence."""
_HOST = re.compile(r"\b[wv]{2,4}\s?[.,]\s?\w|\w\s?[.,]\s?(?:c[o0]m|net|org)\b", re.IGNORECASE)
"""A web address, whose dots OCR often mistakes."""
_TWO_SENTENCES = re.compile(r"[a-zß-ÿ]{4}[.!?]\s+[A-ZÀ-Þ][a-zß-ÿ]+|\w\?\W*$")
"""Not `Emp. Jane Doe`, where the point shortens a word."""

_SENTENCE = re.compile(
    r"^\W*(?:\w+\W+){2,}(?:(?:at|for|from|with|by|your|our)|\w+\W*\?)\W*$|^\W*\w+ [\w ]+[.!?]\s+\w+ [\w ]+[.!?]\W*$",
    re.IGNORECASE,
)
"""A question, a sentence that goes on in the next line, or two that are complete."""
_ADDRESS = re.compile(r"^\W*[wv]{2,4}[.,]\w[\w-]*[.,]\w", re.IGNORECASE)
"""`ww.example-grill.cm`."""


@lru_cache(maxsize=2_000)
def is_till_line(text: str) -> bool:
    """Whether the line is certainly one of the till: a register, a time, a department, a sentence; never a company."""
    if script_of(text) is not None or STRONG_LEGAL_FORM.search(text):
        return False
    if any(pattern.search(text) for pattern in (_TIME, _OF_THE_TILL, _HEADING)):
        return True
    return not LEGAL_FORM.search(text) and any(pattern.search(text) for pattern in (_SENTENCE, _ADDRESS))


@lru_cache(maxsize=2_000)
def may_be_till_line(text: str) -> bool:
    """Whether the line may as well be a label with its value, a web address or a part of a sentence.

    Sellers are called so, too: `Booking.com`, `Ask Italian`, `Bar: Roma`. So it stays a rival of other names.
    """
    if script_of(text) is not None or LEGAL_FORM.search(text):
        return False
    if _LABELLED.search(text) and not begins_with_trade(text):
        return True
    return any(pattern.search(text.rstrip()) for pattern in (_HOST, _BEGINS, _GOES_ON, _TWO_SENTENCES))
