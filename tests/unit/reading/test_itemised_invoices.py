"""The items, taxes and sums of e-invoices in every dialect: what they say, and no proof that does not hold."""

import resource
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents import itemised
from tests.documents.drawn_invoices import PLAIN
from tests.documents.einvoices import encode_xml
from tests.documents.national import write_finvoice

from expensed.extraction.expense import extract_expense
from expensed.extraction.invoice.units import show_unit
from expensed.extraction.options import ExtractionOptions
from expensed.reading.document import read_document
from expensed.reading.einvoice.lines import MOST_LINES
from expensed.reading.options import ReadingOptions

BOLTS, WORK = ("goods", "Bolts", 200, None, "0.125", "25.00", 20), ("goods", "Work", "1.5", "h", "80.00", "100.00", 10)
FREIGHT, SALE = (
    ("delivery", "By road", None, None, None, "5.00", 20),
    ("discount", "Spring sale", None, None, None, "-10.00", 10),
)
WHOLE = (BOLTS, WORK, SALE, FREIGHT)
TAXES = ((20, "30.00", "6.00", None, "20 % of 30.00"), (10, "90.00", "9.00", None, "10 % of 90.00"))
SUMS = (
    ("subtotal", "125.00", "25.00 + 100.00"),
    ("net", "120.00", "25.00 + 100.00 − 10.00 + 5.00"),
    ("tax", "15.00", "6.00 + 9.00"),
    ("total", "135.00", "net 120.00 + tax 15.00"),
)


def understand(content):
    data = content if isinstance(content, bytes) else encode_xml(content)
    reading = read_document(data, ReadingOptions())
    return extract_expense(reading, ExtractionOptions(today=date(2026, 1, 1))).expense


def number(value):
    return None if value is None else Decimal(value)


def items_of(expense):
    return tuple(
        (each.kind, each.description, each.quantity, each.unit, each.unit_price, each.total, each.tax_rate)
        for each in expense.items
    )


def said(rows):
    """The rows with their figures as numbers."""
    return tuple((*row[:2], number(row[2]), row[3], *map(number, row[4:])) for row in rows)


def taxes_of(expense):
    return tuple((each.rate, each.net, each.tax, each.gross, each.proof) for each in expense.taxes)


def said_taxes(rows):
    return tuple((*map(number, row[:4]), row[4]) for row in rows)


def sums_of(expense):
    return tuple((each.name, str(each.value), each.proof) for each in expense.sums)


@pytest.mark.parametrize(
    "write",
    [itemised.write_cii, itemised.write_zugferd1, itemised.write_ubl, itemised.write_facturae, itemised.write_finvoice],
)
def test_lines_changes_taxes_and_sums_are_those_of_the_xml(write):
    expense = understand(write())
    described = tuple((*row[:1], row[1], *row[2:]) for row in items_of(expense))
    expected = said(WHOLE)
    if write is itemised.write_facturae:
        expected = said((BOLTS, (*WORK[:6], 10), (*SALE[:6], None), ("delivery", "Portes", *FREIGHT[2:6], None)))
    assert described == expected
    assert taxes_of(expense) == said_taxes(TAXES)
    assert sums_of(expense) == SUMS
    assert expense.reasons == ()


def test_a_line_is_proven_by_its_price_and_what_was_taken_off():
    bolts, work, sale, freight = understand(itemised.write_cii()).items
    assert (bolts.proof, bolts.discount) == ("200 x 12.50 / 100", None)
    assert (work.proof, work.discount) == ("1.5 x 80.00 − 20.00", Decimal("-20.00"))
    assert (sale.proof, freight.proof) == (None, None)


def test_a_share_that_is_taken_off_a_line_is_worked_out_only_if_the_line_comes_out_right():
    text = itemised.write_finvoice()
    assert understand(text).items[1].discount == Decimal("-20.00")
    wrong = understand(text.replace("16,666667", "15")).items[1]
    assert (wrong.discount, wrong.total, wrong.proof) == (None, Decimal("100.00"), None)


def test_austrian_reductions_and_surcharges_are_known_by_their_names():
    expense = understand(itemised.write_ebinterface())
    freight = ("delivery", "Versandkosten", *FREIGHT[2:])
    assert items_of(expense) == said((BOLTS, WORK, SALE, freight))
    assert taxes_of(expense) == said_taxes(TAXES)
    assert sums_of(expense) == (("total", "135.00", "net 120.00 + tax 15.00"),)


def test_italian_discounts_are_those_of_a_unit_or_lines_of_their_own():
    expense = understand(itemised.write_fattura())
    assert items_of(expense) == said(
        (
            BOLTS,
            ("goods", "Work", 2, "h", "60.00", "100.00", 10),
            ("discount", "Spring sale", None, None, "-10.00", "-10.00", 10),
            ("fee", "Contributo cassa previdenziale", None, None, None, "5.00", 20),
        )
    )
    assert (expense.items[1].proof, expense.items[1].discount) == ("2 x (60.00 − 10.00)", Decimal("-20.00"))
    assert taxes_of(expense) == said_taxes(TAXES)


def test_polish_lines_have_their_rate_in_words():
    expense = understand(itemised.write_ksef())
    assert items_of(expense) == said(
        ((*BOLTS[:6], 23), (*WORK[:6], 8), ("goods", "Course", 1, None, "7.00", "7.00", 0))
    )
    assert taxes_of(expense) == said_taxes(
        (
            (23, "25.00", "5.75", None, "23 % of 25.00"),
            (8, "100.00", "8.00", None, "8 % of 100.00"),
            (0, "7.00", "0.00", None, "0 % of 7.00"),
        )
    )
    assert expense.items[1].proof == "1.5 x 80.00 − 20.00"


def test_what_a_polish_correction_takes_back_is_void():
    before = "<P_7>Bolts</P_7><P_8A>szt.</P_8A><P_8B>300</P_8B><P_9A>0.125</P_9A><P_11>37.50</P_11><P_12>23</P_12>"
    row = f"<FaWiersz>{before}<StanPrzed>1</StanPrzed></FaWiersz><FaWiersz>"
    void = understand(itemised.write_ksef().replace("<FaWiersz>", row, 1)).items[0]
    assert (void.kind, void.quantity, void.total, void.proof) == ("void", -300, Decimal("-37.50"), "-300 x 0.125")


def test_czech_taxes_state_their_gross_and_lines_what_they_cost_before():
    expense = understand(itemised.write_isdoc())
    assert items_of(expense) == said(((*BOLTS[:6], 21), (*WORK[:6], 12)))
    assert expense.items[1].discount == Decimal("-20.00")
    assert taxes_of(expense) == said_taxes(
        ((21, "25.00", "5.25", "30.25", "21 % of 25.00"), (12, "100.00", "12.00", "112.00", "12 % of 100.00"))
    )
    assert sums_of(expense)[0] == ("net", "125.00", "25.00 + 100.00")


@pytest.mark.parametrize("text", [itemised.write_cii("381"), itemised.write_ubl("CreditNote")])
def test_a_credit_note_gives_quantities_totals_and_taxes_back(text):
    expense = understand(text)
    assert expense.amount == Decimal("-135.00")
    assert [str(each.quantity) for each in expense.items[:2]] == ["-200", "-1.5"]
    assert [str(each.total) for each in expense.items] == ["-25.00", "-100.00", "10.00", "-5.00"]
    assert expense.items[1].proof == "-1.5 x 80.00 + 20.00"
    assert [str(each.tax) for each in expense.taxes] == ["-6.00", "-9.00"]
    assert [each.proof for each in expense.sums] == [
        "−25.00 − 100.00", "−25.00 − 100.00 + 10.00 − 5.00", "−6.00 − 9.00", "net -120.00 + tax -15.00",
    ]  # fmt: skip


def test_what_does_not_add_up_has_no_proof_and_is_shown_as_it_is():
    text = itemised.write_cii().replace("<p:LineTotalAmount>25.00<", "<p:LineTotalAmount>26.00<")
    expense = understand(text.replace("<p:CalculatedAmount>6.00<", "<p:CalculatedAmount>6.10<"))
    assert (expense.items[0].total, expense.items[0].proof) == (Decimal("26.00"), None)
    assert (expense.taxes[0].tax, expense.taxes[0].proof) == (Decimal("6.10"), None)
    assert [each.proof for each in expense.sums[:3]] == [None, "30.00 + 90.00", None]


def test_a_sum_of_changes_that_are_not_listed_is_one_item():
    text = itemised.write_ubl()
    start, end = text.index("<c:AllowanceCharge>"), text.index("<c:TaxTotal>")
    found = understand(text[:start] + text[end:]).items[2:]
    assert [(each.kind, each.description, str(each.total)) for each in found] == [
        ("discount", None, "-10.00"),
        ("fee", None, "5.00"),
    ]


def test_lines_that_only_group_others_are_no_items():
    line, document = "IncludedSupplyChainTradeLineItem", "AssociatedDocumentLineDocument"
    code = f"<p:{document}><p:LineStatusReasonCode>GROUP</p:LineStatusReasonCode></p:{document}>"
    product = "<p:SpecifiedTradeProduct><p:Name>All</p:Name></p:SpecifiedTradeProduct>"
    group = f"<p:{line}>{code}{product}</p:{line}><p:{line}>"
    expense = understand(itemised.write_cii().replace(f"<p:{line}>", group, 1))
    assert [each.description for each in expense.items[:2]] == ["Bolts", "Work"]


def test_a_simplified_italian_invoice_has_its_tax_in_its_lines():
    lines = "".join(
        f"<DatiBeniServizi><Descrizione>Parcheggio</Descrizione><Importo>{amount}</Importo><DatiIVA>"
        "<Aliquota>22.00</Aliquota></DatiIVA></DatiBeniServizi>"
        for amount in ("4.50", "3.00")
    )
    expense = understand(
        "<a:FatturaElettronicaSemplificata xmlns:a='urn:x'><FatturaElettronicaHeader><CedentePrestatore>"
        "<Denominazione>Autosilo Uno</Denominazione></CedentePrestatore></FatturaElettronicaHeader>"
        "<FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD07</TipoDocumento>"
        "<Divisa>EUR</Divisa><Data>2024-03-14</Data><Numero>S1</Numero></DatiGeneraliDocumento></DatiGenerali>"
        f"{lines}</FatturaElettronicaBody></a:FatturaElettronicaSemplificata>"
    )
    assert expense.amount == Decimal("7.50")
    assert taxes_of(expense) == said_taxes(((22, "6.15", "1.35", "7.50", "22 % in 7.50"),))
    assert expense.taxes[0].is_included is True


@pytest.mark.parametrize(
    ("code", "syntax", "unit"),
    [
        ("KGM", "CII", "kg"), ("HUR", "UBL", "h"), ("C62", "CII", None), ("H87", "UBL", None), ("XPP", "UBL", None),
        ("LTR", "CII", "l"), ("KWH", "UBL", "kWh"), ("MTK", "CII", "m²"), ("02", "Facturae", "h"),
        ("01", "Facturae", None),
        ("Stk", "ebInterface", None), ("KG", "FatturaPA", "kg"), ("rbh", "KSeF", "rbh"), (None, "UBL", None),
    ],
)  # fmt: skip
def test_units_are_short_and_pieces_have_none(code, syntax, unit):
    assert show_unit(code, syntax) == unit


def test_of_a_hundred_thousand_lines_the_first_are_kept_and_their_sum_stays_unproven():
    row = "<InvoiceRow><ArticleName>Call</ArticleName></InvoiceRow>"
    text = write_finvoice(PLAIN).replace("<EpiDetails>", f"{row * 100_000}<EpiDetails>")
    used, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    expense = understand(text)
    assert len(expense.items) == MOST_LINES
    assert [each.proof for each in expense.sums if each.name in ("subtotal", "net")] == [None, None]
    assert (expense.amount, expense.reasons) == (Decimal("120.00"), ())
    assert time.process_time() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 500_000


def test_an_older_polish_rate_is_the_one_on_the_line():
    text = (
        itemised.write_ksef().replace("<P_12>23<", "<P_12>22<").replace(">5.75<", ">5.50<").replace("145.75", "145.50")
    )
    assert taxes_of(understand(text))[0] == (22, Decimal("25.00"), Decimal("5.50"), None, "22 % of 25.00")


FIGURES = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**13), max_value=10**13, places=4).map(str),
    st.sampled_from(["0", "0.000000000001", "999999999999.999999999999", "1e9", "NaN", "-", "1,5", "", "7"]),
)


@settings(max_examples=200, deadline=None)
@given(st.tuples(FIGURES, FIGURES, FIGURES, FIGURES, FIGURES), st.sampled_from(["UBL", "FatturaPA", "Finvoice"]))
def test_no_figures_make_it_fail_and_a_proven_line_is_its_product(written, syntax):
    quantity, price, count, change, total = written
    if syntax == "UBL":
        text = itemised.write_ubl().replace('"C62">200<', f'"C62">{quantity}<').replace(">12.50<", f">{price}<")
        text = text.replace("BaseQuantity>100<", f"BaseQuantity>{count}<").replace(">25.00<", f">{total}<")
    elif syntax == "FatturaPA":
        text = itemised.write_fattura().replace(">200.00<", f">{quantity}<").replace(">0.125<", f">{price}<")
        discount = f"<ScontoMaggiorazione><Tipo>SC</Tipo><Percentuale>{change}</Percentuale></ScontoMaggiorazione>"
        text = text.replace("<PrezzoTotale>25.00", f"{discount}<PrezzoTotale>{total}")
    else:
        text = itemised.write_finvoice().replace(">200,00<", f">{quantity}<").replace(">12,50<", f">{price}<")
        text = text.replace(">100</UnitPriceBase", f">{count}</UnitPriceBase").replace(">25,00<", f">{total}<")
    first = understand(text).items[0]
    if first.proof is not None and syntax != "FatturaPA":
        figures = [Decimal(each.replace(",", ".") or "1") for each in (quantity, price, count)]
        made = figures[0] * figures[1] / figures[2]
        assert abs(made - first.total) <= Decimal("0.005")
