"""Tell customer and seller apart by the blocks of lines under `Bill to`, `Kunde`, `From`, `Verkäufer` and the like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from expensed.extraction.amount.labels import compact
from expensed.extraction.page.lines import Cell, Row
from expensed.languages.vocabulary import vocabulary_of

_CUSTOMER = re.compile(
    # English
    r"bill(?:ed|ing)?(?:to|address)|invoice[ds]?(?:to|address)|soldto|ship(?:ped|ping)?(?:to|address)"
    r"|deliver(?:ed|y)?(?:to|address)|customer|client|buyer|purchaser|consignee|att(?:n|ention)(?![a-z]*ant)|recipient"
    r"|member(?!ship)|patient|guest(?!house)|tenant|student|preparedfor|issuedto|chargeto|orderedby|receivedfrom|payer"
    r"|paidby|accountholder|companyname|yourdetails"
    # German
    r"|rechnungan(?!schrift)|rechnungs(?:empfanger|adresse|anschrift)|(?:waren|leistungs)?empfanger|kunde(?!n)|kaufer"
    r"|liefer(?:adresse|anschrift|ungan)|auftraggeber|besteller|mandant|mieter|gast(?![a-z])|zuhanden"
    # French
    r"|factureea?|facture(?:a|pour)(?![a-z])|adressed(?:e|el)(?:facturation|livraison|installation)|acheteur"
    r"|destinataire|livre[ea]|alattention|adressea|nomdelabonne|titulaire"
    # Italian, Spanish, Portuguese
    r"|spett|destinatari|cessionario|committente|intestatario|fatturatoa|cliente|factura(?:r|do)a|comprador|adquirente"
    r"|enviara|datosdelcliente|direcciond|senor(?:es)?(?![a-z])|exmos|faturadoa|moradad|receptor"
    # Dutch, Polish, Czech, the North, others
    r"|klant|factuuradres|factuuraan|(?:afl|b)everadres|bezorgadres|debiteur|koper|tav(?![a-z])"
    r"|nabywca|odbiorca|klient|kupujacy|odberatel|zakaznik|kund(?![a-z])|kopare|fakturerings?adress|leverans|kober"
    r"|fakturatil|fakturamottaker|asiakas|ostaja|vevo(?![a-z])|cumparator|musteri|alici"
    r"|客户|客戶|买方|購買方|购买方|買受人|抬头|收货人|お客様"
)
_SELLER = re.compile(
    r"soldby|soldandshippedby|seller|vendor(?!no)|supplier|merchant(?!id|copy|no)|remit(?:to|tance)|pay(?:able)?to|issuedby"
    r"|billfrom|shipfrom|provider|verkaufer|lieferant|rechnungs(?:steller|ersteller|aussteller)|leistungserbringer"
    r"|absender|anbieter|auftragnehmer|aussteller|vendeur|vendupar|fournisseur|emetteur|prestataire|venditore|fornitore"
    r"|cedente|emittente|mittente|vendedor|vendidopor|emisor|emitente|proveedor|prestador|fornecedor|emissor|verkoper"
    r"|leverancier|afzender|sprzedawca|sprzedajacy|wystawca|dostawca|dodavatel|prodavajici|saljare|leverantor|selger"
    r"|saelger|sælger|myyja|elado|szallito|furnizor|vanzator|satici|卖方|賣方|销售方|銷售方|発行者"
)
_WHOLE = {
    "customer": frozenset("to an aan herrn herr frau firma".split()),
    "seller": frozenset("from von van".split()),
}
"""Words that are a label only if they are alone in the cell."""
_LEGIBLE = 0.6
"""Specks on a photo are read as such a short word, too, but with less confidence."""
_NO_LABEL = re.compile(
    r"s?(?:copy|kopie|service|care|support|hotline|no(?![a-z])|nr|num|id(?![a-z])|ref|code|check|sign|unter|feedback|survey"
    r"|rating|display|since|benefit|reward|point|account(?!s)|vat|tax|order|po(?![a-z])|contact|relation|loyal|club"
    r"|discount|price|sav|count|s?\d)"
)
"""Words that turn a label into something else: `Customer copy`, `Client no. 7`."""
_SALUTED = re.compile(
    r"^(?:(?:mrs?|ms|herrn?|frau|mme|mlle|dhr|mevr)\.?|(?:m|sig|sig\.ra|sra?|mw)\.)\s+[^\W\d_]{2}", re.IGNORECASE
)
_LONGEST_LABEL = 26
_BLOCK_ROWS = 6
_NEAR = 0.12
"""How far apart the left edges of a label and its lines may be, in page widths."""
_MOST_GAP = 3.0
"""In letter heights; a block ends at a wider gap."""


@dataclass(frozen=True, slots=True)
class Parties:
    """The cells, by `id`, that belong to the customer and to the seller according to the labels."""

    customer: frozenset[int]
    seller: frozenset[int]


def find_parties(rows: Sequence[Row]) -> Parties:
    """Return the labelled blocks in these rows; a cell in both belongs to the seller."""
    found: dict[str, set[int]] = {"customer": set(), "seller": set()}
    labels = {id(cell): party for row in rows for cell in row.cells if (party := _party(cell))}
    labels = _decided(labels)
    for place, row in enumerate(rows):
        for column, cell in enumerate(row.cells):
            if party := labels.get(id(cell)):
                beside = row.cells[column + 1] if column + 1 < len(row.cells) else None
                block = _block(rows[place + 1 : place + 1 + _BLOCK_ROWS], cell, labels)
                if beside is not None and id(beside) not in labels and (not block or cell.text.rstrip()[-1:] == ":"):
                    block += [beside, *_block(rows[place + 1 : place + 1 + _BLOCK_ROWS], beside, labels)]
                found[party].update(map(id, [cell, *block]))
            elif place > 1 and is_saluted(cell.text) and (above := _above(rows[place - 1], cell)):
                found["customer"].update((id(above), id(cell)))
    return Parties(frozenset(found["customer"] - found["seller"]), frozenset(found["seller"]))


def _decided(labels: Mapping[int, str]) -> dict[int, str]:
    """Return the labels with a party for those of either: the first is the customer's, the last the seller's.

    So it is on the invoices of China, which call both names `名称`.
    """
    either = [cell for cell, party in labels.items() if party == "either"]
    decided = {cell: "seller" for cell in either[-1:] if len(either) > 1} | dict.fromkeys(either[:-1], "customer")
    return {cell: decided.get(cell, party) for cell, party in labels.items() if party != "either" or cell in decided}


def is_label(text: str) -> bool:
    """Whether this is a label alone, without a name after it."""
    label = compact(text[:40])
    return any(
        label in _WHOLE[party] or ((match := words.match(label)) is not None and match.end() == len(label))
        for party, words in (("customer", _CUSTOMER), ("seller", _SELLER))
    )


def is_saluted(text: str) -> bool:
    """Whether this addresses a person: `Mrs Jane Doe`, `Herrn Max Muster`."""
    return bool(_SALUTED.match(text))


def _party(cell: Cell) -> str | None:
    """Return `customer` or `seller` for a label or a line that begins with one, else None."""
    text = cell.text
    label = compact(text[:40])[:_LONGEST_LABEL]
    for party, words in (("customer", _CUSTOMER), ("seller", _SELLER)):
        if label in _WHOLE[party] and cell.confidence >= _LEGIBLE:
            return party
        match = words.match(label)
        if match and not _NO_LABEL.match(label, match.end()):
            return party
    return _party_in_scripts(text[:40])


def _party_in_scripts(text: str) -> str | None:
    """Return the same for a label in another script than the Latin, alone or with a colon after it."""
    words = vocabulary_of(text)
    if words is None:
        return None
    head, colon, _ = text.partition(":")
    return words.parties.whole(head if colon else text)


def _above(row: Row, cell: Cell) -> Cell | None:
    """Return the line right above in the same column: a company whose employee is addressed below its name."""
    for above in row.cells:
        gap = cell.box[1] - above.box[3]
        if abs(above.box[0] - cell.box[0]) < _NEAR and gap < cell.box[3] - cell.box[1]:
            return None if any(sign.isdigit() for sign in above.text) else above
    return None


def _block(below: Sequence[Row], head: Cell, labels: Mapping[int, str]) -> list[Cell]:
    """Return the cells under one in its column, up to a gap or the next label."""
    block: list[Cell] = []
    last = head
    for row in below:
        for cell in row.cells:
            if cell.page == head.page and abs(cell.box[0] - head.box[0]) < _NEAR:
                if id(cell) in labels or cell.box[1] - last.box[3] > _MOST_GAP * (cell.box[3] - cell.box[1]):
                    return block
                block.append(cell)
                last = cell
                break
    return block
