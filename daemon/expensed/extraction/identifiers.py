"""Find what identifies a document's seller: numbers, accounts, web and mail domains, and the lines of its head.

A number counts whatever its label says, because labels are misread more often than digits: of taxpayers, of registers,
of telephones. It counts in the head, or beside a label anywhere; sums, dates and what is told of the customer never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expensed.codes.payment_code import is_account
from expensed.extraction.country.facts import fold
from expensed.extraction.page.lines import Row
from expensed.extraction.vendor.other_mentions import find_domains
from expensed.extraction.vendor.parties import find_parties
from expensed.model.expense import Expense
from expensed.model.purchase import number_key
from expensed.model.text import fold_letters

MOST = 40
"""Identifiers of each kind; a hostile document has thousands."""
_MOST_ROWS = 400
_LONGEST_ROW = 300
_HEAD_ROWS = 8
"""Rows in which a name may stand, from the first on."""
_FEWEST_DIGITS, _KEPT_DIGITS = 6, 9
"""A telephone number may have the code of its country or not; of longer ones the last digits are kept."""
_FEWEST_DIFFERENT = 3
"""Other digits that a number needs; `000000` fills a form."""
_COUNTED = "0123456789012345"
_SHORTEST_HEAD, _LONGEST_HEAD = 4, 60
_DATE = re.compile(r"(?<!\d)(?<!\d[./-])\d{1,4}([./-])\d{1,2}\1\d{2,4}(?!\d|[./-]\d)")
_SUM = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})?[.,]\d{2}(?!\d|[.,]\d)")
_NUMBER = re.compile(r"(?<![\w.,])[A-Z]{0,3}[ -]?\+?\(?\d(?:[ ./()-]{0,2}\d){5,14}(?![\d])", re.IGNORECASE)
_LABEL = re.compile(r"tel|phone|fax|reg|gst|vat|ust|tax|nif|cif|siret|siren|tva|mwst|iva|abn|hrb|nip|iln|gln|inn|ein\b")
_BUYER = re.compile(
    r"\b(?:your|customers?|clients?|buyers?|purchasers?|ihre?n?|kund(?:e|en|in)|votre|acheteur|clientes?|uw|klant|nabywc[ay]"
    r"|comprador|adquirente)\b"
)
_TAX = re.compile(r"\b(?:vat|tax|ust|umsatzsteuer|steuer|mwst|uid|tva|p\.? ?iva|iva|nif|nip|cif|btw|gst(?:in)?|abn)")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")


def find_identifiers(rows: Sequence[Row], expense: Expense) -> tuple[str, ...]:
    """Return what identifies the seller as `kind:value`, the kinds being `account`, `domain`, `number` and `head`."""
    customer = find_parties(rows).customer
    own = number_key(expense.invoice_number or "")
    lines = [" ".join(c.text for c in row.cells if id(c) not in customer)[:_LONGEST_ROW] for row in rows[:_MOST_ROWS]]
    numbers = dict.fromkeys(number for number in _numbers(lines) if number not in own)
    accounts = dict.fromkeys(account for line in lines for account in _accounts(line))
    domains = dict.fromkeys(domain for line in lines for domain in find_domains(line))
    heads = dict.fromkeys(filter(None, map(_reduce, lines[:_HEAD_ROWS])))
    found = {"account": accounts, "domain": domains, "number": numbers, "head": heads}
    return tuple(f"{kind}:{value}" for kind, values in found.items() for value in list(values)[:MOST])


def _accounts(line: str) -> Iterator[str]:
    for match in _ACCOUNT.findall(line.upper()):
        account = match.replace(" ", "")
        if is_account(account):
            yield account


def _numbers(lines: Sequence[str]) -> Iterator[str]:
    """Yield the last digits of numbers in the head, up to the first sum, and of those beside a label."""
    undated = [_DATE.sub("  ", line) for line in lines]
    first_sum = next((place for place, line in enumerate(undated) if _SUM.search(line)), len(undated))
    for place, line in enumerate(undated):
        folded = fold(line)
        if _BUYER.search(folded) and _TAX.search(folded):
            continue  # `Your VAT number`: it is on the invoices of all sellers
        if place < first_sum or _LABEL.search(folded):
            for match in _NUMBER.findall(_SUM.sub("   ", line)):
                digits = re.sub(r"\D", "", match)
                if len(digits) >= _FEWEST_DIGITS and len(set(digits)) >= _FEWEST_DIFFERENT and digits not in _COUNTED:
                    yield digits[-_KEPT_DIGITS:]


def _reduce(line: str) -> str:
    kept = fold_letters(line)[:_LONGEST_HEAD]
    return kept if len(kept) >= _SHORTEST_HEAD and 2 * sum(map(str.isdigit, kept)) < len(kept) else ""
