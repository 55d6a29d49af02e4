"""The business that sold: name candidates from the head of the page, legal forms and domains; not the customer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from expensed.extraction.calendars import find_dates
from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.labels import compact
from expensed.extraction.lines import Cell, Row, clean_text, join_boxes
from expensed.extraction.money import find_money
from expensed.model import Box

LONGEST_NAME = 120
_HEAD_ROWS = 14
_FOOT_ROWS = 120
_WRAPPED_ROWS = 3
_READABLE = 0.8

_LEGAL = re.compile(
    r"(?<![^\W_])(?:s[do0]n\.?\s?\.?b[hn][do0]|s/b|berhad|bhd|gmbh(?:\s?&\s?co\.?\s?(?:kg|ohg)?)?|ag|e\.?\s?k(?:fm)?\.?|ohg|kg|ug|mbh|se|"
    r"inc|incorporated|llc|l\.l\.c|ltd|limited|plc|corp(?:oration)?|co\.|pte|pty|llp|lp|s\.?a\.?s?|s\.?a\.?r\.?l|s\.?r\.?l|s\.?p\.?a|"
    r"sociedad|s\.?l\.?u?|lda|b\.?v|n\.?v|a/s|aps|ab|asa?|oyj?|kft|d\.o\.o|sp\.? z o\.?o|s\.r\.o|a\.s|pvt)\.?(?![^\W_])",
    re.IGNORECASE,
)
_STRONG_LEGAL = re.compile(
    r"s[do0]n\.?\s?\.?b[hn][do0]|s/b\b|berhad|gmbh|\bohg\b|\binc\b|\bllc\b|\bltd\b|limited|\bplc\b|\bcorp|\bpte\b|s\.?a\.?r\.?l\b|s\.r\.l|s\.p\.a|"
    r"\bb\.v|\bpvt\b|\bag$|\bsas?$|incorporated|\blda\b",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"restaura|restoran|ristorante|trattoria|osteria|pizz|caf[eé]|coffee|kopi|bakery|confection|backerei|bäckerei|boulanger|patisserie|"
    r"bistro|brasserie|kitchen|noodle|grill|\bbar\b|\bpub\b|hotel|\binn\b|hostel|lodge|motel|mart\b|market|markt|mini\s?mart|kedai|pasar|"
    r"supermar|hyper|store|shop|boutique|trading|perniagaan|syarikat|enterprise|marketing|hardware|electric|timber|pharmac|farmasi|apotheke|"
    r"clinic|klinik|dental|hospital|books?\b|stationer|bookstore|petrol|station|garage|motors?\b|auto|parking|airlines?|travel|tours|taxi|"
    r"services?|solutions|systems|technolog|software|studio|salon|beauty|fashion|holding|group|supply|supplies|industries|foods?\b|catering|"
    r"cash\s?&\s?carry|wholesale|retail|gallery|museum|theat|cinema|gym|fitness|telecom|energ|wasser|stadtwerke|bank|versicherung|insurance",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:simplified|full|copy|original|duplicate?|customer|merchant|cash|sales?|official|tax|vat|gst|pro|proforma|credit|your|the|our|e)*"
    r"(?:taxinvoi?ce?|taxlnvoice|invoi?ces?|receipts?|cashbill|bill|rechnung|quittung|kassenbon|kassenzettel|beleg|bon|facture|fattura|factura|"
    r"fatura|ticket|tagihan|resit|invois|statement|order|quotation|creditnote|gutschrift|kundenbeleg|customercopy|merchantcopy|copy|page\d*|"
    r"duplikat|quotation|deliveryorder|guestcheck|check|checkno|menu|back|help|factuur|kvitto|kvittering|paragon|scontrino|documento.*)"
)
_NOT_A_NAME = re.compile(
    r"welcome|thank|terima kasih|danke|merci|gracias|please|bitte|www\.|https?:|@|open(?:ing)?\s?(?:hours|daily|24)|save money|live better|low prices|"
    r"see back|scan |survey|feedback|for your chance|\bto win\b|\bid\s?[#:]|manager|\bmgr\b|cashier|kassier|bediente|kellner|waiter|server|"
    r"\bguest|\btable\b|tisch|\bdate\b|datum|\btime\b|uhr\b|\bqty\b|quantity|description|\bitem|artikel|menge|preis|price|amount|betrag|"
    r"\btel\b|tel[.:]|phone|telefon|telp|\bfax\b|hotline|\bh/?p\b|mobile|\be-?mail|\bgst\b|\bvat\b|\btax\b|\bsst\b|ust-?id|steuer|\btva\b|siret|"
    r"\breg(?:istration)?\.?\s?n|\bco\.?\s?(?:reg|no)|company\s(?:reg|no)|\broc\b|\bbrn\b|\bnif\b|\bcif\b|\bnip\b|gstin|\bmwst|always|never|our |"
    r"invoice\s?(?:no|num|date|#)|receipt\s?(?:no|#)|order\s?(?:no|#|num)|bill\s?(?:no|to)|doc(?:ument)?\s?no|trans(?:action)?\s?(?:id|no)|slip\s?no|"
    r"terminal|register|\bpos\b|\bst#|\bop#|account|customer|kunde|client\b|member|visa|mastercard|paid|\btotal\b|subtotal|summe|change\b|"
    r"ship(?:ped)?\s?to|sold\s?to|attn|attention|payment|due\b|page\s?\d|\bpage\b|wir |für |for |\beur\b$|\brm\b$|duplikat|dine\s?in|take\s?away",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\bjalan\b|\bjln\b|\bjl\b|\blot\b|\bno\.?\s?\d|\btaman\b|lorong|\bbandar\b|seksyen|kampung|\bkg\.|persiaran|lebuh|\bblok\b|\bblock\b|\blevel\b|"
    r"\bfloor\b|\bflr\b|\bunit\b|\bsuite\b|street|\bst\.|\bst\b$|\bave?(?:nue)?\b|\broad\b|\brd\b|\bblvd|boulevard|\bdrive\b|\bdr\b|\blane\b|\bln\b|"
    r"highway|\bhwy\b|parkway|square|plaza|\bmall\b|stra(?:ß|ss)e\b|str\.|\bstr\b|\bweg\b|weg\s\d|platz|allee|gasse|\brue\b|\bplace\b|chemin|"
    r"\bvia\b|piazza|\bcorso\b|\bcalle\b|avenida|\brua\b|\bplein\b|straat|\blaan\b|\bp\.?\s?o\.?\s?box|selangor|kuala lumpur|johor|"
    r"\b\d{5}\b|\b[a-z]{2}\s\d{5}\b|\b\d{4}\s?[a-z]{2}\b|\b[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2}\b|malaysia$|germany|deutschland|singapore\s\d",
    re.IGNORECASE,
)
_CUSTOMER = re.compile(
    r"^(?:bill(?:ed)?to|invoice(?:d)?to|soldto|shipto|deliverto|to$|customer|client|kunde|rechnungan|lieferadresse|adressede|facturea|"
    r"factureA|cliente|klant|exmos|factuuradres|afleveradres|rechnungsadresse|lieferanschrift|destinataire|facturation|livraison|spett|attn|deliveryaddress|shippingaddress|billingaddress|empfanger|an$|recipient|member|patient|guest)"
)
_SELLER = re.compile(r"^(?:from|soldby|seller|vendor|supplier|remitto|payableto|merchant|verkaufer|issuedby|von$)")
_OWNER = re.compile(r"^(?:owne[dr]by|operatedby|dimiliki)")
_REGISTRATION = re.compile(
    r"\s*[(\[{]?\s?(?:co\.?\s?(?:reg\.?)?\s?no\.?|reg\.?\s?no\.?|roc|brn)?\s?[:.]?\s?(?<![^\W_])[\dOIl]{4,14}\s?[-–]?\s?[a-z]{0,2}\d?\s?[)\]}]?\s*$",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"(?:www\.|@|https?://)([a-z0-9-]{3,40})\.(?:[a-z]{2,12})", re.IGNORECASE)
_FREE_MAIL = frozenset("gmail hotmail yahoo outlook icloud gmx web live aol googlemail".split())
_SDN_BHD = re.compile(r"(?<![^\W_])s[do0i1l]{1,2}n?[\W_]{0,3}[be8][hnm][duo0z](?![^\W_])", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:sold by|from|seller|vendor|supplier|merchant|owned by|operated by|dimiliki(?: oleh)?)\s*[:.]\s*", re.IGNORECASE)
_SUFFIX = re.compile(r"\s(?:tax invoice|invoice|receipt|rechnung|facture|quittung)$", re.IGNORECASE)
_DIGIT_IN_WORD = re.compile(r"(?<=[A-Z-])0(?=[\sA-Z]|$)|(?<![^\W_])0(?=[A-Z]{2})")
_OPEN_END = re.compile(r"(?:&|\band|\bund|\bet|\bof|\by|-)$", re.IGNORECASE)
_EDGE = " .,:;-–—_*#=~|/\\'\"<>≥≤•·+"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that might be (the start of) a name."""

    index: int
    cell: Cell
    height: float
    text: str


def find_vendors(rows: Sequence[Row]) -> list[Candidate[str]]:
    """Every name that might be the seller's, best first."""
    lines = _lines(rows)
    if not lines:
        return []
    usual = median(line.height for line in lines)
    customers = _customer_lines(lines)
    domains = _domains(rows)
    first = next((line.index for line in lines if line.cell.confidence >= _READABLE and _is_name(line.text)), 0)
    found: dict[str, Candidate[str]] = {}
    taken: set[int] = set()
    for position, line in enumerate(lines):
        if position in taken or not _is_name(line.text):
            continue
        if line.index >= _HEAD_ROWS and not _STRONG_LEGAL.search(line.text):
            continue
        parts = _wrapped(lines, position)
        taken.update(parts)
        name, box = _joined([lines[part] for part in parts])
        if len(re.findall(r"[^\W\d_]", name)) < 2:
            continue
        score = _score(name, line, usual, first, domains) - 5.0 * (position in customers)
        score += 2.0 * _follows(lines, position, _SELLER) - 2.5 * _follows(lines, position, _OWNER)
        if name not in found or score > found[name].score:
            found[name] = Candidate("vendor", name, score, line.cell.page, box, line.cell.text, "at the head of the page")
    return best_first(found.values())


def _lines(rows: Sequence[Row]) -> list[_Line]:
    """Cells of the first page's rows (and of its foot), in reading order."""
    page = rows[0].page if rows else 1
    chosen = [row for row in rows if row.page == page][:_FOOT_ROWS]
    return [
        _Line(row.index, cell, cell.box[3] - cell.box[1], _tidy(cell.text)) for row in chosen for cell in row.cells
    ]


def _tidy(text: str) -> str:
    """The text without registration numbers and ornaments at its ends, legal forms mended."""
    name = _PREFIX.sub("", text[:200].strip(_EDGE))
    name = _SDN_BHD.sub("SDN BHD", _REGISTRATION.sub("", name))
    name = _DIGIT_IN_WORD.sub("O", _SUFFIX.sub("", _cut_after_legal_form(name))).strip(_EDGE)
    return f"{name}." if re.search(r"\b(?:Inc|Ltd|Co|Corp|B\.V|S\.A)$", name) and f"{name}." in text else name


def _cut_after_legal_form(name: str) -> str:
    """The name up to its legal form, where numbers or an address follow in the same line."""
    match = _STRONG_LEGAL.search(name)
    if match is None or match.start() == 0:
        return name
    rest = name[match.end() :]
    return name[: match.end()] if any(sign.isdigit() for sign in rest) else name


def _is_name(text: str) -> bool:
    """True for text that is a name by its form: letters, and none of the words that other lines are made of."""
    if len(_STRONG_LEGAL.sub("", text).strip(_EDGE + "()")) < 2:
        return False
    letters = sum(sign.isalpha() for sign in text)
    if letters < 2 or letters < 0.55 * len(text.replace(" ", "")) or len(text) > LONGEST_NAME:
        return False
    if _TITLE.match(compact(text)) and not _LEGAL.search(text):
        return False
    if _NOT_A_NAME.search(text) or find_dates(text) or any(money.exact for money in find_money(text)):
        return False
    return not (_ADDRESS.search(text) and not _STRONG_LEGAL.search(text))


def _wrapped(lines: Sequence[_Line], position: int) -> list[int]:
    """The position with those of the lines that continue its name."""
    parts = [position]
    for following in range(position + 1, min(position + 1 + _WRAPPED_ROWS * 2, len(lines))):
        if lines[following].index == lines[parts[-1]].index:
            continue  # another column
        if len(parts) > _WRAPPED_ROWS or not _continues([lines[part] for part in parts], lines[following]):
            break
        parts.append(following)
    return parts


def _joined(parts: list[_Line]) -> tuple[str, Box]:
    name = clean_text(" ".join(part.text for part in parts), LONGEST_NAME)
    return name, join_boxes([part.cell.box for part in parts])


def _continues(parts: list[_Line], following: _Line) -> bool:
    last = parts[-1]
    so_far = " ".join(part.text for part in parts)
    if following.index != last.index + 1 or following.cell.page != last.cell.page:
        return False
    if not 0.6 < following.height / max(last.height, 1e-6) < 1.6:
        return False
    if following.cell.box[1] - last.cell.box[3] > 0.9 * last.height or not _is_aligned(last.cell.box, following.cell.box):
        return False
    if so_far.count("(") > so_far.count(")") and ")" in following.text[:30]:
        return True
    if _STRONG_LEGAL.search(so_far):
        return False
    if len(_STRONG_LEGAL.sub("", following.text).strip(_EDGE + "()")) < 4 and _STRONG_LEGAL.search(following.text):
        return True
    if not _is_name(following.text) or _ADDRESS.search(following.text):
        return False
    return bool(_OPEN_END.search(so_far)) or (
        bool(_BUSINESS.match(following.text)) and last.text.isupper() == following.text.isupper()
    )


def _is_aligned(upper: Box, lower: Box) -> bool:
    middle = abs((upper[0] + upper[2]) - (lower[0] + lower[2])) / 2
    return middle < 0.12 or abs(upper[0] - lower[0]) < 0.06


def _score(name: str, line: _Line, usual: float, first: int, domains: set[str]) -> float:
    score = 3.0 - 0.45 * min(max(line.index - first, 0), 10)
    if line.index >= _HEAD_ROWS:
        score -= 2.0
    if _STRONG_LEGAL.search(name):
        score += 3.0
    elif _LEGAL.search(name):
        score += 1.2
    if _BUSINESS.search(name):
        score += 1.4
    score += max(-0.8, min(2.0, 1.6 * (line.height / usual - 1)))
    score += 0.3 * name.isupper()
    score -= 1.2 * (len(name) < 4) + 0.3 * name.islower()
    score += 2.2 * _fits_domain(name, domains)
    score += 1.5 * _is_sender_line(line)
    return score - 12.0 * max(0.0, 0.9 - line.cell.confidence)


def _is_sender_line(line: _Line) -> bool:
    """`Name - Street 1 - 12345 Town`, the small line above the recipient in a window envelope."""
    rest = line.cell.text[len(line.text) :]
    return len(rest) > 12 and rest.lstrip()[:1] in "-–·•|,*" and any(sign.isdigit() for sign in rest)


def _domains(rows: Sequence[Row]) -> set[str]:
    text = " ".join(row.text for row in rows)[:20_000].lower()
    return {match.replace("-", "") for match in _DOMAIN.findall(text)} - _FREE_MAIL


def _fits_domain(name: str, domains: set[str]) -> bool:
    plain = compact(_LEGAL.sub("", name))
    return len(plain) >= 3 and any(plain in domain or (len(domain) >= 5 and domain in plain) for domain in domains)


def _customer_lines(lines: Sequence[_Line]) -> set[int]:
    """The positions of lines that stand under `Bill to` and the like, in its column."""
    found: set[int] = set()
    for position, line in enumerate(lines):
        if not _CUSTOMER.match(compact(line.cell.text)[:24]):
            continue
        found.add(position)
        for other in range(position + 1, min(position + 14, len(lines))):
            below = lines[other]
            if below.index <= line.index + 5 and abs(below.cell.box[0] - line.cell.box[0]) < 0.12:
                found.add(other)
    return found


def _follows(lines: Sequence[_Line], position: int, words: re.Pattern[str]) -> bool:
    """True where those words stand in the line before, or at the start of this one."""
    return any(words.match(compact(line.cell.text)[:24]) for line in lines[max(0, position - 1) : position + 1])
