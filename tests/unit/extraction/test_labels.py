import pytest

from expensed.extraction.amount.labels import Role, role_of


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Grand Total", Role.FINAL),
        ("Round d Total (RM):", Role.FINAL),
        ("Rechnungsbetrag", Role.FINAL),
        ("Net à payer", Role.FINAL),
        ("TOTAL", Role.TOTAL),
        ("T0TAL", Role.TOTAL),
        ("IUIAL", Role.TOTAL),
        ("Total (Inclusive of GST)", Role.TOTAL),
        ("SUMME EUR", Role.TOTAL),
        ("Sub-Total", Role.SUBTOTAL),
        ("Zwischensumme", Role.SUBTOTAL),
        ("Zwischentotal", Role.SUBTOTAL),
        ("Total Sales (Excluding GST)", Role.NET),
        ("Total HT", Role.NET),
        ("MwSt. 19%", Role.TAX),
        ("GST payable (6%)", Role.TAX),
        ("TOTAL INCLUDES GST OF", Role.TAX),
        ("Total Qty", Role.COUNT),
        ("Artikelanzahl", Role.COUNT),
        ("Anzahlung", Role.BALANCE),
        ("Round ing Adj", Role.ROUNDING),
        ("Cash", Role.CASH),
        ("CASHIER", Role.NONE),
        ("Change Due", Role.CHANGE),
        ("Rückgeld EUR", Role.CHANGE),
        ("Visa", Role.CARD),
        ("Total in Euro", Role.FOREIGN),
        ("YOU SAVED", Role.BALANCE),
        ("PREVIOUS UNPAID BALANCE", Role.BALANCE),
        ("Chicken rice", Role.NONE),
        ("NET TOTAL", Role.FINAL),
        ("Rechnungssumme Netto (excl. USt.)", Role.NET),
        ("Bruttosumme", Role.FINAL),
        ("Gesamtbetrag der Abschläge", Role.DISCOUNT),
        ("Gesamtbetrag der Zuschläge", Role.SERVICE),
        ("Ecke", Role.NONE),
        ("Amount Incl. GST", Role.TOTAL),
        ("Delivery address Tetal Amount Including VAT", Role.TOTAL),
        ("Amt Exc. GST", Role.NET),
        ("Service Tax @ 4.94%", Role.TAX),
        ("SRV.TAX", Role.TAX),
        ("Service charge", Role.SERVICE),
    ],
)
def test_a_label_says_what_its_amount_is(label, role):
    assert role_of(label) is role
