"""What is particular to one national dialect: corrections, tax withheld, advances, envelopes, pro-forma invoices."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.documents.drawing import write_pdf
from tests.documents.drawn_invoices import PLAIN, Rate
from tests.documents.einvoices import attach, encode_xml
from tests.documents.national import (
    KSEF,
    write_ebinterface,
    write_facturae,
    write_finvoice,
    write_isdoc,
    write_ksef,
    write_peppol,
)

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.formats.ends.reader import Ending, Reader
from expensed.formats.ends.xml import judge_xml
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions

LAID_OUT = "ReimbursableExpenses"
POLISH = replace(PLAIN, currency="PLN", rates=(Rate("23", 10_000, 2_300),))
SOAP = (
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header/>'
    "<SOAP-ENV:Body><Manifest/></SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
)


def understand(content):
    data = content if isinstance(content, bytes) else encode_xml(content)
    options = ExtractionOptions(today=date(2025, 1, 1))
    return extract_expense(read_document(data, ReadingOptions()), options).expense


def swap(text, *pairs):
    """Return the text with each part replaced, which must be in it."""
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def test_a_polish_correction_goes_by_its_sign():
    more = swap(write_ksef(POLISH), ("<RodzajFaktury>VAT", "<RodzajFaktury>KOR"))
    assert (understand(more).kind, understand(more).amount) == ("invoice", Decimal("123.00"))


def test_polish_charges_that_the_total_includes_are_no_contradiction():
    sums = "<Rozliczenie><SumaObciazen>5.00</SumaObciazen></Rozliczenie><Platnosc>"
    expense = understand(swap(write_ksef(POLISH), (">123.00<", ">128.00<"), ("<Platnosc>", sums)))
    assert (expense.amount, expense.amount_due, expense.reasons) == (Decimal("128.00"), None, ())
    assert expense.fields["amount"].proof == "e-invoice XML: net 100.00 + tax 23.00 + other 5.00"


def test_nothing_is_due_on_a_polish_invoice_that_was_paid_whatever_was_settled():
    sums = "<Rozliczenie><SumaObciazen>5.00</SumaObciazen><DoZaplaty>128.00</DoZaplaty></Rozliczenie><Platnosc>"
    text = swap(write_ksef(POLISH), ("<Platnosc>", f"{sums}<Zaplacono>1</Zaplacono>"))
    expense = understand(text)
    assert (expense.amount, expense.amount_due, expense.reasons) == (Decimal("123.00"), Decimal("0.00"), ())


def test_a_polish_receipt_that_states_only_its_total_is_enough():
    expense = understand(swap(write_ksef(POLISH), ("<P_13_1>100.00</P_13_1><P_14_1>23.00</P_14_1>", "")))
    assert (expense.amount, expense.tax, expense.reasons) == (Decimal("123.00"), None, ())


def test_a_polish_farmers_invoice_is_another_document():
    with pytest.raises(Exception, match="not an e-invoice in a known dialect"):
        understand(f'<Faktura xmlns="{KSEF[3]}"><Naglowek/><FakturaRR/></Faktura>')


def test_tax_withheld_in_spain_is_off_the_total():
    expense = understand(write_facturae(PLAIN, withheld=1_500))
    assert (expense.amount, expense.tax, expense.amount_due) == (
        Decimal("105.00"),
        Decimal("20.00"),
        Decimal("105.00"),
    )
    assert expense.reasons == ()
    assert expense.fields["amount"].proof == "e-invoice XML: net 100.00 + tax 20.00 − other 15.00"


@pytest.mark.parametrize(
    "laid_out",
    [
        "<TotalReimbursableExpenses>7.00</TotalReimbursableExpenses>",
        f"<{LAID_OUT}><{LAID_OUT}><{LAID_OUT}Amount>7.00</{LAID_OUT}Amount></{LAID_OUT}></{LAID_OUT}>",
    ],
)
def test_what_a_spanish_seller_laid_out_and_what_is_kept_back_change_only_what_is_due(laid_out: str):
    kept = "<AmountsWithheld><WithholdingReason>Garantia</WithholdingReason><WithholdingAmount>2.00</WithholdingAmount>"
    text = swap(write_facturae(PLAIN), ("</InvoiceTotals>", f"{kept}</AmountsWithheld>{laid_out}</InvoiceTotals>"))
    expense = understand(swap(text, ("<TotalExecutableAmount>120.00", "<TotalExecutableAmount>125.00")))
    assert (expense.amount, expense.amount_due, expense.reasons) == (Decimal("120.00"), Decimal("125.00"), ())


def test_the_surcharge_that_spanish_retailers_pay_is_tax():
    surcharge = "<EquivalenceSurchargeAmount><TotalAmount>5.20</TotalAmount></EquivalenceSurchargeAmount></Tax>"
    text = swap(write_facturae(PLAIN), ("</Tax>", surcharge), (">120.00<", ">125.20<"))
    text = swap(text, ("<TotalTaxOutputs>20.00", "<TotalTaxOutputs>25.20"))
    expense = understand(text)
    assert (expense.amount, expense.tax, expense.reasons) == (Decimal("125.20"), Decimal("25.20"), ())


def test_a_spanish_person_is_named_by_first_name_and_surnames():
    company = "<LegalEntity><CorporateName>Adler Werkzeug</CorporateName></LegalEntity>"
    names = "<Name>Ada</Name><FirstSurname>Vega</FirstSurname><SecondSurname>Ruiz</SecondSurname>"
    person = f"<Individual>{names}</Individual>"
    assert understand(swap(write_facturae(PLAIN), (company, person))).vendor == "Ada Vega Ruiz"


@pytest.mark.parametrize(("method", "is_looked_at"), [("01", True), ("02", False)])
def test_a_spanish_invoice_that_states_an_earlier_one_again_goes_to_a_person(method: str, is_looked_at: bool):
    correction = (
        f"<Corrective><InvoiceNumber>F-1</InvoiceNumber><CorrectionMethod>{method}</CorrectionMethod></Corrective>"
    )
    expense = understand(swap(write_facturae(PLAIN), ("</InvoiceHeader>", f"{correction}</InvoiceHeader>")))
    assert any("replaces the invoice F-1" in reason for reason in expense.reasons) is is_looked_at


def test_several_spanish_invoices_in_one_file_go_to_a_person():
    text = write_facturae(PLAIN)
    start, end = text.index("<Invoice>"), text.index("</Invoices>")
    other = swap(text[start:end], ("7/2024", "8/2024"))
    expense = understand(text[:end] + other + text[end:])
    assert any("2 e-invoices" in reason for reason in expense.reasons)


def test_the_first_ebinterface_states_only_a_total():
    expense = understand(write_ebinterface(PLAIN, "4p0"))
    assert expense.fields["payment_method"].value == "bank transfer"
    assert expense.fields["payment_reference"].value == PLAIN.reference
    assert (expense.amount, expense.tax, expense.amount_due, expense.reasons) == (
        Decimal("120.00"),
        Decimal("20.00"),
        None,
        (),
    )


def test_another_austrian_tax_is_in_the_total():
    text = swap(write_ebinterface(PLAIN), ("</Tax>", "<OtherTax><TaxAmount>5.00</TaxAmount></OtherTax></Tax>"))
    assert understand(swap(text, (">120.00<", ">125.00<"))).reasons == ()


def test_an_austrian_document_that_cancels_another_goes_to_a_person():
    cancelled = "<CancelledOriginalDocument><InvoiceNumber>6/2024</InvoiceNumber></CancelledOriginalDocument><Delivery>"
    expense = understand(swap(write_ebinterface(PLAIN), ("<Delivery>", cancelled)))
    assert any("cancels the document 6/2024" in reason for reason in expense.reasons)


def test_a_czech_request_for_an_advance_goes_to_a_person():
    expense = understand(swap(write_isdoc(PLAIN), ("<DocumentType>1<", "<DocumentType>4<")))
    assert any("request for an advance" in reason for reason in expense.reasons)


@pytest.mark.parametrize("name", ["faktura.isdoc", "FAKTURA.ISDOC"])
def test_an_isdoc_attached_to_a_pdf_speaks_for_it(name: str):
    page = ((60, 60, "Adler Werkzeug"), (60, 90, "14.03.2024"), (60, 120, "Celkem EUR 120,00"))
    expense = understand(attach(write_pdf([page]), (name, encode_xml(write_isdoc(PLAIN)))))
    assert (expense.vendor, expense.amount, expense.reasons) == ("Adler Werkzeug", Decimal("120.00"), ())


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (("INV01", "INV06"), "a pro-forma invoice"),
        (("INV01", "INV08"), "a reminder"),
        (("<OriginCode>Original", "<OriginCode>Cancel"), "cancels an invoice"),
    ],
)
def test_a_finvoice_that_is_not_an_invoice_goes_to_a_person(pair: tuple[str, str], words: str):
    assert any(words in reason for reason in understand(swap(write_finvoice(PLAIN), pair)).reasons)


def test_a_comma_in_a_finvoice_never_counts_thousands():
    expense = understand(swap(write_finvoice(PLAIN), (">120,00<", ">120,000<")))
    assert (expense.amount, expense.reasons) == (Decimal("120.00"), ())


def test_a_finnish_total_may_have_been_rounded_already():
    rounded = (
        '<InvoiceTotalRoundoffAmount AmountCurrencyIdentifier="EUR">0,05</InvoiceTotalRoundoffAmount><PaymentTerms'
    )
    text = swap(write_finvoice(PLAIN), (">120,00<", ">120,05<"), ("<PaymentTerms", rounded))
    assert understand(text).reasons == ()


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-15"])
def test_a_finvoice_behind_its_soap_envelope_is_read(declared: str):
    data = SOAP.encode() + encode_xml(write_finvoice(PLAIN).replace("Adler", "Äyräs"), declared)
    assert (understand(data).vendor, understand(data).reasons) == ("Äyräs Werkzeug", ())


def test_a_finvoice_behind_its_soap_envelope_is_complete_only_with_its_own_end(tmp_path):
    data = SOAP.encode() + encode_xml(write_finvoice(PLAIN))
    for length, ending in ((len(data), Ending.COMPLETE), (len(data) - 20, Ending.CUT_OFF)):
        (tmp_path / "a.xml").write_bytes(data[:length])
        with (tmp_path / "a.xml").open("rb") as file:
            assert judge_xml(Reader(file.fileno(), length)).ending is ending


def test_yen_have_no_decimals():
    expense = understand(write_peppol(replace(PLAIN, currency="JPY"), accounting="JPY"))
    assert (str(expense.amount), expense.currency, expense.reasons) == ("120", "JPY", ())


def test_a_danish_invoice_of_the_older_kind_states_its_tax_where_others_state_the_net():
    text = write_peppol(PLAIN)
    text = swap(text, ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "OIOUBL-2.1"))
    text = swap(
        text, ('<cbc:TaxExclusiveAmount currencyID="EUR">100.00', '<cbc:TaxExclusiveAmount currencyID="EUR">20.00')
    )
    assert (understand(text).amount, understand(text).reasons) == (Decimal("120.00"), ())
