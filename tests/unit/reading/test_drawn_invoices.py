"""Ten drawn invoices and three damaged ones in each national dialect: exact, or review with what is missing."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from tests.documents import national
from tests.documents.drawn_invoices import FEATURES, Drawn, cents, draw
from tests.documents.einvoices import encode_xml
from tests.documents.signed import armour, sign, sign_in_pieces

from expensed.errors import Corrupt
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions

OPTIONS = ReadingOptions()
TODAY = date(2026, 1, 1)
DOCUMENTS = tuple(enumerate(FEATURES))


@dataclass(frozen=True)
class Dialect:
    """How a dialect is written, what its country's invoices look like, and where total and date stand."""

    write: Callable[[Drawn, int], bytes]
    percents: tuple[str, ...]
    home: str
    foreign: str
    total: str
    day: str
    has_added: bool = True

    def draw(self, feature: str, seed: int) -> Drawn:
        drawn = draw(feature, seed, percents=self.percents, home=self.home, foreign=self.foreign)
        return drawn if self.has_added else replace(drawn, added=0)


def cycle(options, seed):
    return tuple(options)[seed % len(tuple(options))]


def sign_somehow(text, seed):
    data = encode_xml(text)
    forms = (
        sign,
        sign_in_pieces,
        lambda each: base64.encodebytes(sign(each)),
        lambda each: armour(sign(each)),
        lambda each: base64.b64encode(sign_in_pieces(each, 1000)),
        lambda each: sign(sign_in_pieces(each)),
    )
    return cycle(forms, seed)(data)


DIALECTS: Mapping[str, Dialect] = {
    "ksef": Dialect(
        lambda drawn, seed: encode_xml(national.write_ksef(drawn, 2 + seed % 2)),
        ("23", "8", "5", "4", "0"), "PLN", "EUR", "P_15", "P_1",
    ),
    "facturae": Dialect(
        lambda drawn, seed: encode_xml(
            national.write_facturae(drawn, cycle(national.FACTURAE, seed), enclosed=seed % 4 == 1)
        ),
        ("21", "10", "4", "0"), "EUR", "USD", "InvoiceTotal", "IssueDate",
    ),
    "ebinterface": Dialect(
        lambda drawn, seed: encode_xml(national.write_ebinterface(drawn, cycle(national.EBINTERFACE[4:], seed))),
        ("20", "10", "13", "0"), "EUR", "CHF", "TotalGrossAmount", "InvoiceDate",
    ),
    "ebinterface 4": Dialect(
        lambda drawn, seed: encode_xml(national.write_ebinterface(drawn, cycle(national.EBINTERFACE[1:4], seed))),
        ("20", "10", "13", "0"), "EUR", "CHF", "TotalGrossAmount", "InvoiceDate", has_added=False,
    ),
    "isdoc": Dialect(
        lambda drawn, seed: encode_xml(national.write_isdoc(drawn, deposits_negative=seed % 2 == 1)),
        ("21", "12", "15", "0"), "CZK", "EUR", "TaxInclusiveAmount", "IssueDate",
    ),
    "finvoice": Dialect(
        lambda drawn, seed: encode_xml(national.write_finvoice(drawn)),
        ("25.5", "14", "10", "0"), "EUR", "SEK", "InvoiceTotalVatIncludedAmount", "InvoiceDate",
    ),
    "signed fattura": Dialect(
        lambda drawn, seed: sign_somehow(national.write_drawn_fattura(drawn), seed),
        ("22", "10", "5", "4", "0"), "EUR", "USD", "ImportoTotaleDocumento", "Data",
    ),
    "ubl of Sweden": Dialect(
        lambda drawn, _: encode_xml(national.write_peppol(drawn, accounting="SEK")),
        ("25", "12", "6", "0"), "SEK", "EUR", "cbc:TaxInclusiveAmount", "cbc:IssueDate",
    ),
    "ubl of Singapore": Dialect(
        lambda drawn, _: encode_xml(national.write_peppol(drawn, accounting="SGD")),
        ("9", "0"), "SGD", "USD", "cbc:TaxInclusiveAmount", "cbc:IssueDate",
    ),
}  # fmt: skip
STATES_TOTAL = [name for name in DIALECTS if name != "signed fattura"]
"""FatturaPA may leave it out: then its summary gives it."""


def understand(data):
    reading = read_document(data, OPTIONS)
    return reading, extract_expense(reading, ExtractionOptions(today=TODAY)).expense


def amount(value):
    return Decimal(cents(value))


@pytest.mark.parametrize(("seed", "feature"), DOCUMENTS, ids=FEATURES)
@pytest.mark.parametrize("name", DIALECTS)
def test_a_drawn_invoice_is_read_exactly_and_needs_nobody(name: str, seed: int, feature: str) -> None:
    check(name, seed, feature)


def check(name: str, seed: int, feature: str) -> None:
    """Compare every field with what was drawn."""
    dialect = DIALECTS[name]
    drawn = dialect.draw(feature, seed)
    sign = -1 if drawn.is_credit else 1
    reading, expense = understand(dialect.write(drawn, seed))
    invoice = reading.invoices[0]
    assert expense.reasons == ()
    assert (expense.vendor, expense.date, expense.currency) == (drawn.seller, drawn.day, drawn.currency)
    assert (expense.amount, expense.tax, expense.amount_due) == (
        amount(sign * drawn.total),
        amount(sign * drawn.tax),
        amount(sign * drawn.due),
    )
    assert expense.kind == ("credit-note" if drawn.is_credit else "invoice")
    assert expense.invoice_number == drawn.number
    assert expense.fields["due_date"].value == drawn.due_day.isoformat()
    assert expense.fields["payment_method"].value == "bank transfer"
    if name != "ksef" or seed % 2:  # FA(2) has no place for a reference
        assert expense.fields["payment_reference"].value == drawn.reference
    by_rate = sorted(
        (abs(Decimal(base or "x")), abs(Decimal(tax or "x")))
        for base, tax in ((each.base, each.tax) for each in invoice.taxes)
    )
    assert by_rate == sorted((amount(rate.base), amount(rate.tax)) for rate in drawn.rates)
    assert invoice.items == drawn.items


def remove(text: str, name: str) -> str:
    """Take out every element of this name, or in the currency of the document."""
    found, count = re.subn(rf"<{name}(?:Curr)?(?: [^>]*)?>[^<]*</{name}(?:Curr)?>", "", text)
    assert count
    return found


def damaged(name: str, element: str) -> bytes:
    dialect = DIALECTS[name]
    drawn = dialect.draw("several rates", 7)
    if name == "signed fattura":
        return sign(encode_xml(remove(national.write_drawn_fattura(drawn), element)))
    return remove(dialect.write(drawn, 7).decode(), element).encode()


@pytest.mark.parametrize("name", STATES_TOTAL)
def test_an_invoice_without_its_total_goes_to_a_person_though_the_rest_would_give_it(name: str) -> None:
    _, expense = understand(damaged(name, DIALECTS[name].total))
    assert expense.needs_review
    assert "The e-invoice states no total, which its format demands." in expense.reasons


@pytest.mark.parametrize("name", DIALECTS)
def test_an_invoice_without_its_date_goes_to_a_person(name: str) -> None:
    _, expense = understand(damaged(name, DIALECTS[name].day))
    assert expense.needs_review
    assert expense.date is None
    assert "No date was found." in expense.reasons


@pytest.mark.parametrize("name", [name for name in DIALECTS if name != "signed fattura"])
@pytest.mark.parametrize("part", [0.4, 0.7, 0.97])
def test_an_invoice_that_is_cut_off_goes_to_a_person(name: str, part: float) -> None:
    dialect = DIALECTS[name]
    drawn = dialect.draw("plain", 0)
    whole = dialect.write(drawn, 0)
    _, expense = understand(whole[: int(len(whole) * part)])
    assert expense.reasons[0].startswith("The e-invoice is damaged (")
    assert expense.amount in (amount(drawn.total), None)
    assert expense.vendor or expense.date


@pytest.mark.parametrize("part", [0.4, 0.7, 0.97])
def test_a_signed_invoice_that_is_cut_off_is_broken(part: float) -> None:
    dialect = DIALECTS["signed fattura"]
    whole = dialect.write(dialect.draw("plain", 0), 0)
    with pytest.raises(Corrupt, match="is broken"):
        read_document(whole[: int(len(whole) * part)], OPTIONS)


@pytest.mark.parametrize("name", ["ksef", "facturae", "ebinterface", "isdoc", "finvoice"])
def test_sums_that_contradict_each_other_go_to_a_person(name: str) -> None:
    dialect = DIALECTS[name]
    drawn = dialect.draw("plain", 3)
    point = "," if name == "finvoice" else "."
    text = dialect.write(drawn, 3).decode()
    right, wrong = cents(drawn.total, point=point), cents(drawn.total + 1, point=point)
    _, expense = understand(re.sub(rf"(<{dialect.total}[^>]*>){right}<", rf"\g<1>{wrong}<", text).encode())
    assert any("contradict each other" in reason for reason in expense.reasons), expense.reasons


def test_a_signed_invoice_with_neither_total_nor_summary_goes_to_a_person() -> None:
    drawn = DIALECTS["signed fattura"].draw("several rates", 7)
    text = remove(national.write_drawn_fattura(drawn), "ImportoTotaleDocumento")
    text = re.sub("<DatiRiepilogo>.*</DatiRiepilogo>|<DatiPagamento>.*</DatiPagamento>", "", text, flags=re.DOTALL)
    _, expense = understand(sign(encode_xml(text)))
    assert expense.amount is None
    assert "No amount was found." in expense.reasons
