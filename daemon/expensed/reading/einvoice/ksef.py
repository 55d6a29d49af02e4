"""Poland's structured invoice as KSeF delivers it: FA(2) and FA(3), and what of FA(1) is the same.

P_13 holds the net of each kind of rate, P_14 its tax, P_15 the total. A correction states differences, so its sign
decides.
"""

from __future__ import annotations

from expensed.model.reading import EInvoice
from expensed.reading.einvoice.amounts import NOTHING, add, negate, unless_missing
from expensed.reading.einvoice.tree import Node

_NAMESPACE = "http://crd.gov.pl/wzor/"
_TAXED = ("P_13_1", "P_13_2", "P_13_3", "P_13_4", "P_13_5")
_UNTAXED = ("P_13_6", "P_13_6_1", "P_13_6_2", "P_13_6_3", "P_13_7", "P_13_8", "P_13_9", "P_13_10", "P_13_11")
"""Zero rates, exempt, abroad, reverse charge; P_13_11 is sold at a margin, whose tax nobody may deduct."""
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
            items=body.texts("FaWiersz/P_7"),
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


def _taxes(body: Node) -> tuple[tuple[str | None, str | None], ...]:
    taxed = [(body.text(name), body.text(name.replace("13", "14", 1))) for name in _TAXED]
    untaxed = [(body.text(name), NOTHING) for name in _UNTAXED]
    return (*(pair for pair in taxed if any(pair)), *(pair for pair in untaxed if pair[0]))
