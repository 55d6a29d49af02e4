"""E-invoices in every dialect, from bytes to the expense."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.documents.drawing import draw_receipt, encode, write_pdf
from tests.documents.einvoices import (
    UBL,
    attach,
    encode_xml,
    write_cii,
    write_fattura,
    write_ubl,
    write_zugferd1,
)

from expensed.errors import NoSuchPage, TooLarge, UnsupportedKind
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.categories import Categories, OwnCategory
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions
from expensed.reading.whole_pictures.page_picture import draw_page

OPTIONS = ReadingOptions(engine="paddle")
TODAY = date(2024, 6, 1)
PRINTED = ((60, 60, "Kesselring Werkzeuge GmbH"), (60, 90, "14.03.2024"), (60, 120, "Gesamtbetrag EUR 59,50"))


def understand(content, *, today=TODAY):
    data = content if isinstance(content, bytes) else encode_xml(content)
    return extract_expense(read_document(data, OPTIONS), ExtractionOptions(today=today)).expense


def signed(code, sign):
    """Return a CII document of that kind whose sums all have that sign."""
    return write_cii(code=code, net=f"{sign}50.00", tax=f"{sign}9.50", total=f"{sign}59.50", due=f"{sign}59.50")


def facts(expense):
    return expense.vendor, str(expense.amount), str(expense.date), expense.currency, expense.kind


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (write_cii(), ("Kesselring Werkzeuge GmbH", "59.50", "2024-03-14", "EUR", "invoice")),
        (write_cii(prefix="a"), ("Kesselring Werkzeuge GmbH", "59.50", "2024-03-14", "EUR", "invoice")),
        (write_zugferd1(), ("Nordlicht Kaffee e.K.", "59.50", "2024-03-14", "EUR", "invoice")),
        (write_ubl(), ("Birkenhof Bakery Ltd", "60.00", "2024-03-14", "GBP", "invoice")),
        (write_ubl(root="CreditNote"), ("Birkenhof Bakery Ltd", "-60.00", "2024-03-14", "GBP", "credit-note")),
        (write_fattura(), ("Trattoria Lucciola S.r.l.", "61.00", "2024-03-14", "EUR", "invoice")),
        (write_fattura(prefix="ns3"), ("Trattoria Lucciola S.r.l.", "61.00", "2024-03-14", "EUR", "invoice")),
        (write_fattura(prefix=""), ("Trattoria Lucciola S.r.l.", "61.00", "2024-03-14", "EUR", "invoice")),
        (write_fattura(kind="TD04"), ("Trattoria Lucciola S.r.l.", "-61.00", "2024-03-14", "EUR", "credit-note")),
    ],
)
def test_every_dialect_is_understood_and_needs_nobody(xml, said):
    expense = understand(xml)
    assert facts(expense) == said
    assert expense.reasons == ()
    assert not expense.needs_review
    assert expense.fields["amount"].proof.startswith("e-invoice XML")
    assert expense.fields["date"].proof == "e-invoice XML"


def test_number_tax_what_is_due_when_and_how_come_along():
    expense = understand(write_ubl(more_sums="<cbc:PrepaidAmount>25.00</cbc:PrepaidAmount>", due="35.00"))
    assert (expense.invoice_number, expense.tax, expense.amount_due) == ("U-9", Decimal("10.00"), Decimal("35.00"))
    assert expense.amount == Decimal("60.00")
    assert expense.fields["due_date"].value == "2024-04-14"
    assert expense.fields["payment_method"].value == "card"
    assert not expense.needs_review


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("code", ["381", "396"])
def test_a_credit_note_is_negative_whatever_sign_its_xml_uses(sign, code):
    expense = understand(signed(code, sign))
    assert (expense.kind, expense.amount, expense.tax, expense.amount_due) == (
        "credit-note",
        Decimal("-59.50"),
        Decimal("-9.50"),
        Decimal("-59.50"),
    )
    assert not expense.needs_review


@pytest.mark.parametrize(("sign", "kind"), [("", "invoice"), ("-", "credit-note")])
def test_a_correction_goes_by_its_sign(sign, kind):
    expense = understand(signed("384", sign))
    assert (expense.kind, expense.amount) == (kind, Decimal(f"{sign}59.50"))


@pytest.mark.parametrize(
    "day",
    [
        '<udt:DateTimeString format="102">20240314</udt:DateTimeString>',
        '<udt:DateTimeString format="203">202403141530</udt:DateTimeString>',
        '<udt:DateTimeString format="204">20240314153000</udt:DateTimeString>',
        '<udt:DateTimeString format="101">240314</udt:DateTimeString>',
        '<udt:DateTimeString format="201">2403141530</udt:DateTimeString>',
        "<udt:DateTimeString> 20240314 </udt:DateTimeString>",
        "<udt:DateTimeString>2024-03-14</udt:DateTimeString>",
        "<udt:DateTime>2024-03-14T00:00:00Z</udt:DateTime>",
    ],
)
def test_dates_of_every_format_are_read(day):
    assert understand(write_cii(day=day)).date == date(2024, 3, 14)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ('<udt:DateTimeString format="610">202403</udt:DateTimeString>', "is no date"),
        ('<udt:DateTimeString format="102">20240230</udt:DateTimeString>', "is no date"),
        ('<udt:DateTimeString format="102">99999999</udt:DateTimeString>', "is no date"),
        ('<udt:DateTimeString format="102">20240603</udt:DateTimeString>', "is later than 2024-06-01"),
        ("<udt:DateTimeString>../../2024</udt:DateTimeString>", "is no date"),
    ],
)
def test_what_is_no_date_or_lies_ahead_goes_to_a_person(day, why):
    expense = understand(write_cii(day=day))
    assert expense.date is None
    assert any(why in reason for reason in expense.reasons)


@pytest.mark.parametrize("day", ["2024-03-14Z", "2024-03-14+01:00"])
def test_a_time_zone_after_a_date_does_no_harm(day):
    assert understand(write_ubl(day=day)).date == date(2024, 3, 14)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", None),
        ("utf-8-sig", "utf-8"),
        ("utf-16", None),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("iso-8859-1", None),
        ("windows-1252", None),
        ("iso-8859-15", None),
        ("utf-8", "utf-16"),
        ("utf-8", "UTF-8-W/O-BOM"),
        ("utf-8", "no-such-encoding"),
    ],
)
def test_every_encoding_is_read_even_one_that_misnames_itself(encoding, declared):
    expense = understand(encode_xml(write_ubl(seller="Café Möwe"), encoding, declared))
    assert expense.vendor == "Café Möwe"


def test_the_registered_name_wins_over_the_trading_name_which_stands_in_for_it():
    assert understand(write_ubl(trade_name="The Bakery")).vendor == "Birkenhof Bakery Ltd"
    assert understand(write_ubl(seller="", trade_name="The Bakery")).vendor == "The Bakery"


def test_an_italian_person_is_named_by_first_name_and_surname():
    assert understand(write_fattura(who="<Nome>Ada</Nome><Cognome>Verdi</Cognome>")).vendor == "Ada Verdi"


def test_without_its_total_an_italian_invoice_is_the_sum_of_its_summary():
    expense = understand(write_fattura(total=None))
    assert (expense.amount, expense.tax, expense.needs_review) == (Decimal("61.00"), Decimal("11.00"), False)


def test_stamp_duty_explains_an_italian_total():
    stamp = "<DatiBollo><ImportoBollo>2.00</ImportoBollo></DatiBollo>"
    assert not understand(write_fattura(total="63.00", more=stamp)).needs_review
    assert understand(write_fattura(total="63.00")).needs_review


def test_a_simplified_italian_invoice_is_the_sum_of_its_lines():
    lines = "".join(
        f"<DatiBeniServizi><Descrizione>Parcheggio</Descrizione><Importo>{amount}</Importo></DatiBeniServizi>"
        for amount in ("4.50", "3.00")
    )
    expense = understand(
        "<a:FatturaElettronicaSemplificata xmlns:a='urn:x'><FatturaElettronicaHeader><CedentePrestatore>"
        "<Denominazione>Autosilo Uno</Denominazione></CedentePrestatore></FatturaElettronicaHeader>"
        "<FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD07</TipoDocumento>"
        "<Divisa>EUR</Divisa><Data>2024-03-14</Data><Numero>S1</Numero></DatiGeneraliDocumento></DatiGenerali>"
        f"{lines}</FatturaElettronicaBody></a:FatturaElettronicaSemplificata>"
    )
    assert facts(expense) == ("Autosilo Uno", "7.50", "2024-03-14", "EUR", "invoice")
    assert not expense.needs_review


def test_several_invoices_in_one_file_go_to_a_person():
    expense = understand(write_fattura(bodies=3))
    assert expense.invoice_number == "F-1"
    assert any("3 e-invoices" in reason for reason in expense.reasons)


def test_an_envelope_around_the_invoice_is_looked_into():
    envelope = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    header = (
        "<s:StandardBusinessDocumentHeader><s:HeaderVersion>1.0</s:HeaderVersion></s:StandardBusinessDocumentHeader>"
    )
    wrapped = f'<s:StandardBusinessDocument xmlns:s="{envelope}">{header}{write_ubl()}</s:StandardBusinessDocument>'
    assert understand(wrapped).amount == Decimal("60.00")


def test_the_tax_in_the_tax_offices_currency_is_another_matter():
    own = '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">11.70</cbc:TaxAmount></cac:TaxTotal>'
    expense = understand(write_ubl(more=own))
    assert (expense.tax, expense.needs_review) == (Decimal("10.00"), False)


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (write_ubl(total="61.00", due="61.00"), "net 50.00 + tax 10.00 is not 61.00"),
        (write_ubl(due="75.00"), "75.00 is to be paid, not 60.00"),
        (
            write_ubl(more_sums="<cbc:PrepaidAmount>10.00</cbc:PrepaidAmount>", due="60.00"),
            "60.00 is to be paid, not 50.00",
        ),
        (
            write_cii(more_sums="<ram:LineTotalAmount>70.00</ram:LineTotalAmount>"),
            "its lines make 70.00, not 50.00",
        ),
        (write_cii(currency="euro"), "currency is not known: 'euro'"),
        (write_cii(code="325"), "a pro-forma invoice"),
        (write_cii(more_sums="<ram:GrandTotalAmount>9.00</ram:GrandTotalAmount>"), "names 2 different totals"),
        (write_ubl(more_sums="<cbc:TaxInclusiveAmount>9.00</cbc:TaxInclusiveAmount>"), "names 2 different totals"),
        (write_ubl(net="0.00", tax="0.00", total="0.00", due="0.00"), "total is zero"),
        (write_ubl(total="NaN"), "total is no number: 'NaN'"),
        (write_ubl(net="1.234,56"), "A sum in the e-invoice is no number: '1.234,56'"),
        (write_fattura(tax="11,0O"), "A sum in the e-invoice is no number: '11,0O'"),
        (write_ubl(total="1e999"), "total is no number"),
        (write_ubl(total="9" * 400), "total is no number"),
        (write_ubl(seller="..."), "No vendor was found."),
    ],
)
def test_what_contradicts_itself_or_is_no_value_goes_to_a_person_with_the_reason(xml, why):
    expense = understand(xml)
    assert expense.needs_review
    assert any(why in reason for reason in expense.reasons), expense.reasons


def test_less_may_be_due_where_a_profile_has_no_room_for_what_was_paid():
    expense = understand(write_ubl(due="15.00"))
    assert (expense.amount, expense.amount_due, expense.needs_review) == (Decimal("60.00"), Decimal("15.00"), False)


def test_a_comma_that_may_count_thousands_is_left_to_a_person():
    expense = understand(write_fattura(total="1,234"))
    assert expense.amount is None
    assert expense.needs_review


def test_the_category_comes_from_what_was_sold():
    sold = (("Lithium batteries", "20.00"), ("Screwdriver set", "30.00"))
    assert understand(write_cii(seller="Zett GmbH", items=sold)).category == "Equipment & Hardware"


def test_the_category_may_be_one_of_the_settings():
    data = encode_xml(write_cii(seller="Zett GmbH", items=(("Screwdriver set", "30.00"), ("Wolle rot", "20.00"))))
    known = Categories(
        (OwnCategory("Hobby", words=("wolle",)), OwnCategory("Tools", instead_of="Equipment & Hardware"))
    )
    options = ExtractionOptions(today=TODAY, categories=known)
    found = extract_expense(read_document(data, OPTIONS), options).expense
    assert (found.category, found.fields["category"].text) == ("Hobby", "Wolle rot")
    renamed = replace(options, categories=replace(known, own=known.own[1:]))
    assert extract_expense(read_document(data, OPTIONS), renamed).expense.category == "Tools"


def test_a_surname_makes_no_category_likely():
    """Müller is a surname and the name of several chains; Müllabfuhr is waste collection."""
    assert understand(write_cii(seller="Müller GmbH", items=())).fields["category"].confidence < 0.5
    assert understand(write_cii(seller="Müllabfuhr Nord GmbH", items=())).category == "Rent & Facilities"


def test_the_text_holds_what_the_xml_says_and_no_embedded_file():
    embedded = (
        "<cac:AdditionalDocumentReference><cac:Attachment><cbc:EmbeddedDocumentBinaryObject>"
        f"{'QUJD' * 100}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    reading = read_document(encode_xml(write_ubl(more=embedded)), OPTIONS)
    assert (reading.kind, reading.engine, reading.pages) == ("application/xml", "none", ())
    assert "RegistrationName: Birkenhof Bakery Ltd" in reading.text
    assert "QUJD" not in reading.text


@pytest.mark.parametrize("root", ["note", "rss", "Order", "svg", "html"])
def test_an_xml_that_is_no_invoice_is_refused_by_the_name_of_its_root(root):
    with pytest.raises(UnsupportedKind, match=f"'{root}'"):
        read_document(f'<?xml version="1.0"?><{root} xmlns="{UBL}:Order-2"><ID>1</ID></{root}>'.encode(), OPTIONS)


def test_an_xml_has_no_page_to_draw():
    with pytest.raises(NoSuchPage, match="no pages"):
        draw_page(encode_xml(write_ubl()), 1, OPTIONS)


@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "invoice.XML"])
def test_a_pdf_is_what_the_xml_in_it_says_and_keeps_its_own_text(name):
    data = attach(write_pdf([PRINTED]), ("terms.txt", b"terms"), (name, encode_xml(write_cii())))
    reading = read_document(data, OPTIONS)
    assert "Gesamtbetrag EUR 59,50" in reading.text
    expense = understand(data)
    assert facts(expense) == ("Kesselring Werkzeuge GmbH", "59.50", "2024-03-14", "EUR", "invoice")
    assert not expense.needs_review


def test_a_scanned_page_beside_the_xml_needs_no_ocr():
    scan = encode(draw_receipt(["Gesamtbetrag | 59,50"]).convert("RGB"), "PDF")
    reading = read_document(attach(scan, ("factur-x.xml", encode_xml(write_cii()))), OPTIONS)
    assert (reading.engine, reading.warnings, len(reading.pages)) == ("none", (), 1)
    assert "GrandTotalAmount: 59.50" in reading.text


def test_a_broken_page_beside_a_good_xml_is_left_out_with_a_warning():
    vast = write_pdf([PRINTED]).replace(b"[0 0 595 842]", b"[0 0 900000 842]")
    with pytest.raises(TooLarge):
        read_document(vast, OPTIONS)
    expense = understand(attach(vast, ("factur-x.xml", encode_xml(write_cii()))))
    assert expense.amount == Decimal("59.50")
    assert any("Page 1 was left out" in reason for reason in expense.reasons)


def test_an_explanation_says_that_the_xml_said_so():
    reading = read_document(encode_xml(write_ubl()), OPTIONS)
    choices = extract_expense(reading, ExtractionOptions(today=TODAY, explain=True)).choices
    assert (choices["date"][0].value, choices["date"][0].why) == ("2024-03-14", "e-invoice XML")


def test_a_total_that_is_not_on_the_pages_goes_to_a_person():
    other = (*PRINTED[:2], (60, 120, "Gesamtbetrag EUR 9.059,50"))
    expense = understand(attach(write_pdf([other]), ("factur-x.xml", encode_xml(write_cii()))))
    assert "The e-invoice's total 59.50 is not printed on its pages." in expense.reasons


def test_what_the_xml_leaves_out_is_taken_from_the_pages():
    without = write_cii(currency="")
    expense = understand(attach(write_pdf([PRINTED]), ("factur-x.xml", encode_xml(without))))
    assert (expense.currency, expense.amount) == ("EUR", Decimal("59.50"))
    assert expense.fields["currency"].page == 1 or expense.fields["currency"].proof is None


def test_a_total_that_the_pages_had_to_supply_is_looked_at():
    expense = understand(attach(write_pdf([PRINTED]), ("factur-x.xml", encode_xml(write_cii(total="?", due="?")))))
    assert expense.amount == Decimal("59.50")
    assert expense.needs_review


@pytest.mark.parametrize(
    "content",
    [
        b"<rsm:CrossIndustryInvoice>",
        b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>',
        encode_xml("<order/>"),
        b"no xml at all",
        b"",
    ],
)
def test_an_attachment_that_cannot_be_used_leaves_the_pages_to_speak(content):
    plain, carrying = write_pdf([PRINTED]), attach(write_pdf([PRINTED]), ("factur-x.xml", content))
    assert understand(carrying) == understand(plain)


def test_the_same_invoice_in_two_dialects_is_one():
    files = (("ZUGFeRD-invoice.xml", write_zugferd1()), ("factur-x.xml", write_cii()))
    expense = understand(attach(write_pdf([PRINTED]), *((name, encode_xml(text)) for name, text in files)))
    assert expense.invoice_number == "R-77"
    assert any("2 e-invoices" in reason for reason in expense.reasons), "their numbers differ"
    same = write_zugferd1().replace("Z-1", "R-77")
    files = (("ZUGFeRD-invoice.xml", same), ("factur-x.xml", write_cii()))
    assert not understand(attach(write_pdf([PRINTED]), *((n, encode_xml(t)) for n, t in files))).needs_review
