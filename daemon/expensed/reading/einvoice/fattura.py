"""FatturaPA, Italy's e-invoice: ordinary invoices, several of which may share a file, and simplified ones."""

from __future__ import annotations

from expensed.model.reading import Change, EInvoice, InvoiceLine, InvoiceTax
from expensed.reading.einvoice.lines import changes_of_line, read_changes, read_lines
from expensed.reading.einvoice.tree import Node

_ROOTS = frozenset(("FatturaElettronica", "FatturaElettronicaSemplificata"))
_CREDIT_NOTES = frozenset(("TD04", "TD08"))
_DOCUMENT = "DatiGenerali/DatiGeneraliDocumento"
_SUMMARY = "DatiBeniServizi/DatiRiepilogo"
_LINES = "DatiBeniServizi/DettaglioLinee"
_PAYMENT = "DatiPagamento/DettaglioPagamento"
_CHANGE = "ScontoMaggiorazione"
_SURCHARGE = "MG"
_NAME = "IVA"
_FUND, _EXPENSES = "Contributo cassa previdenziale", "Spese accessorie"
_MEANS = {
    "MP01": "cash",
    "MP02": "cheque",
    "MP03": "cheque",
    "MP05": "bank transfer",
    "MP08": "card",
    "MP09": "direct debit",
    "MP10": "direct debit",
    "MP11": "direct debit",
    "MP16": "direct debit",
    "MP19": "direct debit",
    "MP20": "direct debit",
    "MP21": "direct debit",
    "MP22": "offset",
}


def is_fattura(root: Node) -> bool:
    """Whether this element is a FatturaPA invoice."""
    return root.name in _ROOTS


def read_fattura(root: Node) -> tuple[EInvoice, ...]:
    """Return every invoice in it, without its text."""
    seller = root.first("FatturaElettronicaHeader/CedentePrestatore") or Node("")
    name = _name(seller.first("DatiAnagrafici/Anagrafica") or seller)
    return tuple(_read_body(body, name) for body in root.all("FatturaElettronicaBody"))


def _read_body(body: Node, seller: str | None) -> EInvoice:
    document = body.first(_DOCUMENT) or Node("")
    kind = document.text("TipoDocumento")
    simple = body.all("DatiBeniServizi") if body.first(_SUMMARY) is None and body.first(_LINES) is None else []
    lines, left_out = read_lines(simple, _simple_line) if simple else read_lines(body.all(_LINES), _line)
    return EInvoice(
        syntax="FatturaPA",
        is_credit_note=kind in _CREDIT_NOTES,
        seller=seller,
        number=document.text("Numero"),
        issue_date=document.text("Data"),
        due_date=body.text(f"{_PAYMENT}/DataScadenzaPagamento"),
        currency=document.text("Divisa"),
        total=document.text("ImportoTotaleDocumento"),
        dues=body.texts(f"{_PAYMENT}/ImportoPagamento"),
        taxes=(*map(_tax, body.all(_SUMMARY)), *map(_simple_tax, simple)),
        extras=(
            *document.texts("Arrotondamento"),
            *body.texts(f"{_SUMMARY}/Arrotondamento"),
            *document.texts("DatiBollo/ImportoBollo"),
        ),
        lines=lines,
        lines_left_out=left_out,
        changes=(
            *read_changes(document.all(_CHANGE), _change),
            *read_changes(document.all("DatiCassaPrevidenziale"), _fund),
            *read_changes([each for each in body.all(_SUMMARY) if each.text("SpeseAccessorie")], _expenses),
        ),
        payment_method=_MEANS.get(body.text(f"{_PAYMENT}/ModalitaPagamento") or ""),
        payment_reference=body.text(f"{_PAYMENT}/CodicePagamento"),
    )


def _line(line: Node) -> InvoiceLine:
    """Return one line; its discounts are those of the price of a unit."""
    return InvoiceLine(
        description=line.text("Descrizione"),
        quantity=line.text("Quantita"),
        unit=line.text("UnitaMisura"),
        price=line.text("PrezzoUnitario"),
        changes=changes_of_line(line.all(_CHANGE), _change),
        is_per_unit=True,
        total=line.text("PrezzoTotale"),
        rate=line.text("AliquotaIVA"),
        category=line.text("Natura"),
        kind=line.text("TipoCessionePrestazione"),
    )


def _simple_line(line: Node) -> InvoiceLine:
    return InvoiceLine(
        description=line.text("Descrizione"),
        total=line.text("Importo"),
        rate=line.text("DatiIVA/Aliquota"),
        category=line.text("Natura"),
        is_gross=True,
    )


def _change(change: Node) -> Change:
    is_charge = change.text("Tipo") == _SURCHARGE
    return Change(is_charge, change.text("Importo"), change.text("Percentuale"))


def _fund(fund: Node) -> Change:
    """Return what a professional charges for the pension fund."""
    rate, category = fund.text("AliquotaIVA"), fund.text("Natura")
    return Change(
        is_charge=True, amount=fund.text("ImportoContributoCassa"), reason=_FUND, rate=rate, category=category
    )


def _expenses(summary: Node) -> Change:
    """Return the extra costs that are in the base of a rate, but on no line."""
    rate, category = summary.text("AliquotaIVA"), summary.text("Natura")
    return Change(
        is_charge=True, amount=summary.text("SpeseAccessorie"), reason=_EXPENSES, rate=rate, category=category
    )


def _tax(summary: Node) -> InvoiceTax:
    return InvoiceTax(
        base=summary.text("ImponibileImporto"),
        tax=summary.text("Imposta"),
        rate=summary.text("AliquotaIVA"),
        category=summary.text("Natura"),
        exemption=summary.text("RiferimentoNormativo"),
        name=_NAME,
    )


def _simple_tax(line: Node) -> InvoiceTax:
    return InvoiceTax(
        gross=line.text("Importo"),
        tax=line.text("DatiIVA/Imposta"),
        rate=line.text("DatiIVA/Aliquota"),
        category=line.text("Natura"),
        exemption=line.text("RiferimentoNormativo"),
        name=_NAME,
    )


def _name(party: Node) -> str | None:
    """Return a company's name, or a person's first name and surname."""
    person = (party.text("Nome"), party.text("Cognome"))
    return party.text("Denominazione") or " ".join(part for part in person if part) or None
