"""FatturaPA, Italy's e-invoice: ordinary invoices, several of which may share a file, and simplified ones."""

from __future__ import annotations

from expensed.model.reading import EInvoice
from expensed.reading.einvoice.tree import Node

_ROOTS = frozenset(("FatturaElettronica", "FatturaElettronicaSemplificata"))
_CREDIT_NOTES = frozenset(("TD04", "TD08"))
_DOCUMENT = "DatiGenerali/DatiGeneraliDocumento"
_SUMMARY = "DatiBeniServizi/DatiRiepilogo"
_LINES = "DatiBeniServizi/DettaglioLinee"
_PAYMENT = "DatiPagamento/DettaglioPagamento"
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
    simple = body.all("DatiBeniServizi") if body.first(_SUMMARY) is None else []
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
        taxes=(
            *((each.text("ImponibileImporto"), each.text("Imposta")) for each in body.all(_SUMMARY)),
            *((each.text("Importo"), None) for each in simple),
        ),
        extras=(
            *document.texts("Arrotondamento"),
            *body.texts(f"{_SUMMARY}/Arrotondamento"),
            *document.texts("DatiBollo/ImportoBollo"),
        ),
        items=(*body.texts(f"{_LINES}/Descrizione"), *body.texts("DatiBeniServizi/Descrizione")),
        payment_method=_MEANS.get(body.text(f"{_PAYMENT}/ModalitaPagamento") or ""),
        payment_reference=body.text(f"{_PAYMENT}/CodicePagamento"),
    )


def _name(party: Node) -> str | None:
    """Return a company's name, or a person's first name and surname."""
    person = (party.text("Nome"), party.text("Cognome"))
    return party.text("Denominazione") or " ".join(part for part in person if part) or None
