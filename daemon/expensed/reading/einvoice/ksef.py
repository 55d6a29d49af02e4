"""Poland's structured invoice as KSeF delivers it: FA(2) and FA(3), and what of FA(1) is the same.

P_13 holds the net of each kind of rate, P_14 its tax, P_15 the total. A correction states differences, so its sign
decides.
"""

from __future__ import annotations

from expensed.model.reading import Change, EInvoice, InvoiceLine, InvoiceTax
from expensed.reading.einvoice.amounts import NOTHING, add, negate, unless_missing
from expensed.reading.einvoice.lines import read_lines
from expensed.reading.einvoice.tree import Node

_NAMESPACE = "http://crd.gov.pl/wzor/"
_TAXED = {
    "P_13_1": ("23", "22"),
    "P_13_2": ("8", "7"),
    "P_13_3": ("5",),
    "P_13_4": ("4", "3"),
    "P_13_5": (),
}
"""With the rates that the schema names for each, the one in force first; P_13_5 is taxed in another country."""
_UNTAXED = {
    "P_13_6": "0",
    "P_13_6_1": "0 KR",
    "P_13_6_2": "0 WDT",
    "P_13_6_3": "0 EX",
    "P_13_7": "zw",
    "P_13_8": "np I",
    "P_13_9": "np II",
    "P_13_10": "oo",
    "P_13_11": "margin",
}
"""Zero rates, exempt, abroad, reverse charge; P_13_11 is sold at a margin, whose tax nobody may deduct."""
_NAME = "VAT"
_PARTIAL = "ZaplataCzesciowa/KwotaZaplatyCzesciowej"
_PARTIAL_MEANS = "ZaplataCzesciowa/FormaPlatnosci"
_YES = "1"
_MEANS = {"1": "cash", "2": "card", "4": "cheque", "6": "bank transfer", "7": "online payment"}


def is_ksef(root: Node) -> bool:
    """Whether this element is an invoice for KSeF, be it one that ends before its body; a farmer's has another body."""
    if root.name != "Faktura" or root.first("Podmiot1") is None:
        return False
    return root.first("Fa") is not None or (
        root.namespace.startswith(_NAMESPACE) and not any(each.name.startswith("Faktura") for each in root.children)
    )


def read_ksef(root: Node) -> tuple[EInvoice, ...]:
    """Return the one invoice in it, without its text."""
    nothing = Node("")
    body = root.first("Fa") or nothing
    payment = body.first("Platnosc") or nothing
    settled = body.first("Rozliczenie") or nothing
    total = body.text("P_15")
    charges, deductions = settled.text("SumaObciazen"), settled.text("SumaOdliczen")
    payable = _payable(settled, total)
    lines, left_out = read_lines(body.all("FaWiersz"), _line)
    paid = payable if payment.text("Zaplacono") == _YES else add(payment.texts(_PARTIAL))
    return (
        EInvoice(
            syntax="KSeF",
            is_credit_note=False,
            seller=_seller(root.first("Podmiot1/DaneIdentyfikacyjne") or nothing),
            number=body.text("P_2"),
            issue_date=body.text("P_1"),
            due_date=payment.text("TerminPlatnosci/Termin") or payment.text("TerminyPlatnosci/TerminPlatnosci"),
            currency=body.text("KodWaluty"),
            total=total,
            prepaid=add((deductions, paid)),
            rounding=charges,
            dues=unless_missing(add((payable, negate(paid))) if payable and paid else payable),
            taxes=_taxes(body),
            extras=tuple(text for text in (charges, negate(deductions)) if text),
            lines=lines,
            lines_left_out=left_out,
            payment_method=_MEANS.get(payment.text("FormaPlatnosci") or payment.text(_PARTIAL_MEANS) or ""),
            payment_reference=payment.text("IPKSeF"),
        ),
    )


def _seller(party: Node) -> str | None:
    """Return the name; FA(1) splits a person's."""
    person = (party.text("ImiePierwsze"), party.text("Nazwisko"))
    return party.text("Nazwa|PelnaNazwa") or " ".join(part for part in person if part) or None


def _payable(settled: Node, total: str | None) -> str | None:
    """Return what the buyer owes; unknown if only charges or deductions are stated, and not their result."""
    return settled.text("DoZaplaty") or negate(settled.text("DoRozliczenia")) if settled.children else total


def _line(line: Node) -> InvoiceLine:
    """Return one line, whose price and total are either without tax or with it."""
    net, discount = line.text("P_11"), line.text("P_10")
    rate = line.text("P_12") or line.text("P_12_XII")
    return InvoiceLine(
        description=line.text("P_7"),
        quantity=line.text("P_8B"),
        unit=line.text("P_8A"),
        price=line.text("P_9B" if net is None and line.text("P_11A") else "P_9A"),
        changes=(Change(is_charge=False, amount=discount),) if discount else (),
        total=net or line.text("P_11A"),
        rate=rate,
        category=rate,
        is_gross=net is None and line.text("P_11A") is not None,
        is_before=line.text("StanPrzed") == _YES,
    )


def _taxes(body: Node) -> tuple[InvoiceTax, ...]:
    written = frozenset(body.texts("FaWiersz/P_12"))
    taxed = [_taxed(body, name, rates, written) for name, rates in _TAXED.items()]
    untaxed = [_untaxed(body, name, kind) for name, kind in _UNTAXED.items()]
    return tuple(each for each in (*taxed, *untaxed) if each is not None)


def _taxed(body: Node, name: str, rates: tuple[str, ...], written: frozenset[str]) -> InvoiceTax | None:
    """Return one kind of rate: of those that the schema names for it, the one that is on a line."""
    base, tax = body.text(name), body.text(name.replace("13", "14", 1))
    rate = next((each for each in rates if each in written), next(iter(rates), None))
    if not rates:
        abroad = frozenset(body.texts("FaWiersz/P_12_XII"))
        rate = next(iter(abroad)) if len(abroad) == 1 else None
    return InvoiceTax(base, tax, rate, name=_NAME) if base or tax else None


def _untaxed(body: Node, name: str, kind: str) -> InvoiceTax | None:
    """Return what is sold without tax; the reason is written once for all that is exempt."""
    base = body.text(name)
    reason = body.text("Adnotacje/Zwolnienie/P_19A|P_19B|P_19C") if kind == "zw" else None
    return InvoiceTax(base, NOTHING, "0", kind, reason, _NAME) if base else None
