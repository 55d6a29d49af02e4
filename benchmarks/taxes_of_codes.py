"""Measures whether the taxes by rate of e-invoices and of fiscal codes are exact: rate, net and tax of each.

    PYTHONPATH=daemon:. nice .venv/bin/python -m benchmarks.taxes_of_codes [FOLDER ...] [--count 50] [-v]

FOLDER holds e-invoices, as XML or attached to PDFs; what they say is read here once more, with paths of its own. Drawn
e-invoices and the codes of invented receipts come with what they were written from.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError  # only the types: defusedxml parses

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from tests.documents import national
from tests.documents.drawn_invoices import FEATURES, Drawn, draw
from tests.documents.einvoices import encode_xml
from tests.documents.fiscal_codes import KIN, WRITERS, Sample, Share
from tests.documents.readings import make_reading

from expensed.errors import DocumentError
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.breakdown import TaxLine
from expensed.model.expense import Expense
from expensed.model.reading import Code, Reading
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions

TODAY = date(2026, 11, 28)
CREDIT = frozenset("81 83 261 262 296 308 381 396 420 458 532".split())
Rates = Counter[tuple[Decimal | None, Decimal | None, Decimal | None]]
"""Rate, net and tax of each line."""


@dataclass
class Tally:
    """How many documents and tax lines of one kind were right."""

    documents: int = 0
    right: int = 0
    lines: int = 0
    lines_right: int = 0
    proven: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, found: Iterable[TaxLine], true: Rates) -> None:
        lines = tuple(found)
        got: Rates = Counter((each.rate, each.net, each.tax) for each in lines)
        self.documents += 1
        self.right += got == true
        self.lines += true.total()
        self.lines_right += (got & true).total()
        self.proven += sum(each.proof is not None for each in lines)
        if got != true:
            self.wrong.append(f"{name}: found {sorted(map(str, got))}, stated {sorted(map(str, true))}")


def number(text: str | None) -> Decimal | None:
    try:
        return Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None


def strip(data: bytes) -> Element:
    """The tree without namespaces."""
    root: Element = fromstring(data.lstrip(b"\xef\xbb\xbf \r\n"), forbid_dtd=True)
    for node in root.iter():
        node.tag = re.sub(r"^\{.*\}", "", str(node.tag))
    return root


def first(node: Element, *paths: str) -> str | None:
    return next((text for path in paths if (text := (node.findtext(path) or "").strip())), None)


def triples(nodes: Iterable[Element], rate: tuple[str, ...], net: str, tax: str, sign: int) -> Rates:
    found: Rates = Counter()
    for node in nodes:
        base, charged = number(first(node, net)), number(first(node, tax))
        key = (
            number(first(node, *rate)),
            None if base is None else sign * base,
            None if charged is None else sign * charged,
        )
        found[key] += 1
    return found


def turn(is_credit: bool, total: str | None) -> int:
    return -1 if is_credit and (number(total) or 0) > 0 else 1


def state_cii(root: Element) -> Rates:
    settlement = next(
        each
        for each in root.iter()
        if re.fullmatch("Applicable.*TradeSettlement", each.tag) and not each.tag.startswith("SpecifiedLine")
    )
    kind = next((first(each, "TypeCode") for each in root if each.tag.endswith("ExchangedDocument")), None)
    total = next((each.text for each in settlement.iter("GrandTotalAmount")), None)
    sign = turn(kind in CREDIT, total)
    rate = ("RateApplicablePercent", "ApplicablePercent")
    return triples(settlement.findall("ApplicableTradeTax"), rate, "BasisAmount", "CalculatedAmount", sign)


def state_ubl(root: Element) -> Rates:
    kind = first(root, "InvoiceTypeCode", "CreditNoteTypeCode")
    total = first(root, "LegalMonetaryTotal/TaxInclusiveAmount", "LegalMonetaryTotal/PayableAmount")
    sign = turn(root.tag == "CreditNote" or kind in CREDIT, total)
    currency = first(root, "DocumentCurrencyCode")
    for total_node in root.findall("TaxTotal"):
        amount = total_node.find("TaxAmount")
        if amount is not None and amount.get("currencyID") == currency:
            rate = ("TaxCategory/Percent",)
            return triples(total_node.findall("TaxSubtotal"), rate, "TaxableAmount", "TaxAmount", sign)
    return Counter()


def state_fattura(root: Element) -> Rates:
    body = root.find("FatturaElettronicaBody")
    if body is None:
        return Counter()
    document = "DatiGenerali/DatiGeneraliDocumento"
    total = first(body, f"{document}/ImportoTotaleDocumento") or "1"
    sign = turn(first(body, f"{document}/TipoDocumento") == "TD04", total)
    parts = body.findall("DatiBeniServizi/DatiRiepilogo")
    return triples(parts, ("AliquotaIVA",), "ImponibileImporto", "Imposta", sign)


STATE: dict[str, Callable[[Element], Rates]] = {
    "CrossIndustryInvoice": state_cii,
    "CrossIndustryDocument": state_cii,
    "Invoice": state_ubl,
    "CreditNote": state_ubl,
    "FatturaElettronica": state_fattura,
}
NAMES: dict[Callable[[Element], Rates], str] = {state_cii: "CII", state_ubl: "UBL", state_fattura: "FatturaPA"}


def xml_of(path: Path) -> bytes | None:
    """The XML, or that attached to a PDF; the newer one of two."""
    if path.suffix == ".xml":
        return path.read_bytes()
    document = pdfium.PdfDocument(path)
    files = [document.get_attachment(index) for index in range(document.count_attachments())]
    known = {each.get_name().lower(): each for each in files}
    for name in ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", *known):
        if name in known and name.endswith(".xml"):
            return bytes(known[name].get_data())
    return None


def understand(data: bytes) -> Expense:
    return extract_expense(read_document(data, ReadingOptions()), ExtractionOptions(today=TODAY)).expense


def measure_folder(folder: Path, tallies: dict[str, Tally]) -> None:
    for path in sorted(each for each in folder.rglob("*") if each.suffix in (".xml", ".pdf")):
        xml = xml_of(path)
        try:
            root = strip(re.sub(rb"^\s*<\?xml[^>]*\?>", b"", xml or b"") if folder.name == "broken" else xml or b"")
        except (ParseError, DefusedXmlException) as error:
            tallies["not well-formed"].wrong.append(f"{path.name}: {error}")
            tallies["not well-formed"].documents += 1
            continue
        is_draft = root.tag == "Invoice" and root.find("HeaderExchangedDocument") is not None
        state = state_cii if is_draft else STATE.get(root.tag)
        if state is None:
            tallies["no invoice"].documents += 1
            continue
        try:
            found = understand(path.read_bytes()).taxes
        except DocumentError as error:
            tallies["refused"].wrong.append(f"{path.name}: {error.message}")
            tallies["refused"].documents += 1
            continue
        tallies[f"{folder.name}: {NAMES[state]}"].add(path.name, found, state(root))


WRITERS_OF: dict[str, tuple[Callable[[Drawn, int], str], tuple[str, ...], str]] = {
    "KSeF": (lambda drawn, seed: national.write_ksef(drawn, 2 + seed % 2), ("23", "8", "5", "4", "0"), "PLN"),
    "Facturae": (lambda drawn, seed: national.write_facturae(drawn), ("21", "10", "4", "0"), "EUR"),
    "ebInterface": (
        lambda drawn, seed: national.write_ebinterface(drawn, national.EBINTERFACE[1 + seed % 6]),
        ("20", "10", "13", "0"),
        "EUR",
    ),
    "ISDOC": (lambda drawn, seed: national.write_isdoc(drawn), ("21", "12", "15", "0"), "CZK"),
    "Finvoice": (lambda drawn, seed: national.write_finvoice(drawn), ("25.5", "14", "10", "0"), "EUR"),
    "FatturaPA": (lambda drawn, seed: national.write_drawn_fattura(drawn), ("22", "10", "5", "4", "0"), "EUR"),
    "UBL": (lambda drawn, seed: national.write_peppol(drawn), ("25", "12", "6", "0"), "EUR"),
}  # fmt: skip


def measure_drawn(count: int, tallies: dict[str, Tally]) -> None:
    for name, (write, percents, home) in WRITERS_OF.items():
        for seed in range(count):
            drawn = draw(FEATURES[seed % len(FEATURES)], seed, percents=percents, home=home, foreign="USD")
            if name == "ebInterface" and 1 + seed % 6 < 4:
                drawn = replace(drawn, added=0)
            sign = -1 if drawn.is_credit else 1
            true: Rates = Counter(
                (Decimal(each.percent), Decimal(sign * each.base) / 100, Decimal(sign * each.tax) / 100)
                for each in drawn.rates
            )
            tallies[f"drawn: {name}"].add(f"{seed}", understand(encode_xml(write(drawn, seed))).taxes, true)


def measure_codes(count: int, tallies: dict[str, Tally]) -> None:
    for writer in (*WRITERS, *KIN):
        for seed in range(count):
            sample = writer(random.Random(seed))
            found = extract_expense(_page(sample), ExtractionOptions(today=TODAY)).expense.taxes
            tally = tallies[f"code: {sample.dialect}"]
            tally.add(f"{seed}", found, Counter(share[:3] for share in sample.taxes))
            if Counter(_share(each) for each in found) != Counter(sample.taxes):
                tally.wrong.append(f"{seed}: the gross amounts differ")


def _page(sample: Sample) -> Reading:
    """A page with the code and, if it holds one, its total."""
    total = [] if sample.total is None else [f"Total {sample.currency} | {sample.total}"]
    reading = make_reading("Test Shop", *total, *([f"{sample.day}"] if sample.day else []))
    return replace(reading, codes=(Code(sample.text, 1, (0.4, 0.8, 0.6, 0.9), sample.text.encode()),))


def _share(line: TaxLine) -> Share:
    return line.rate, line.net, line.tax, line.gross


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folders", nargs="*", type=Path)
    options.add_argument("--count", type=int, default=50)
    options.add_argument("-v", action="store_true")
    chosen = options.parse_args()
    tallies: dict[str, Tally] = defaultdict(Tally)
    for folder in chosen.folders:
        measure_folder(folder, tallies)
    measure_drawn(chosen.count, tallies)
    measure_codes(chosen.count, tallies)
    print(f"{'':34}{'documents':>10}{'right':>7}{'taxes':>7}{'right':>7}{'proven':>8}")
    for name, each in tallies.items():
        print(f"{name:34}{each.documents:10}{each.right:7}{each.lines:7}{each.lines_right:7}{each.proven:8}")
        for line in each.wrong if chosen.v else ():
            print(f"    {line}")
    return 1 if any(each.right < each.documents for name, each in tallies.items() if ": " in name) else 0


if __name__ == "__main__":
    sys.exit(main())
