"""Names: whether a line of text can be the name of a business, and how it reads without what is printed around it."""

from __future__ import annotations

import re

from expensed.extraction.calendars import find_dates
from expensed.extraction.labels import compact
from expensed.extraction.legalforms import LEGAL_FORM, STRONG_LEGAL_FORM, mend_legal_form, without_legal_form
from expensed.extraction.money import find_money

LONGEST_NAME = 120
EDGE = " .,:;-–—_*#=~|/\\'\"<>≥≤•·+"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


BUSINESS = _any(
    r"restaura|restoran|ristorante|trattoria|osteria|pizz|caf[eé]|coffee|kopi|bakery|confection|b[aä]ckerei|boulanger|patisserie",
    r"bistro|brasserie|kitchen|noodle|grill|\bbar\b|\bpub\b|hotel|\binn\b|hostel|lodge|motel|mart\b|market|markt|kedai|pasar",
    r"supermar|hyper|store|shop|boutique|trading|perniagaan|syarikat|enterprise|marketing|hardware|electric|timber|pharmac",
    r"farmasi|apotheke|clinic|klinik|dental|hospital|books?\b|stationer|petrol|station|garage|motors?\b|auto|parking|airlines?",
    r"travel|tours|taxi|services?|solutions|systems|technolog|software|studio|salon|beauty|fashion|holding|group|supply|supplies",
    r"industries|foods?\b|catering|cash\s?&\s?carry|wholesale|retail|gallery|museum|theat|cinema|gym|fitness|telecom|energ|wasser",
    r"stadtwerke|bank|versicherung|insurance|gasthaus|gasthof|wirtshaus|schenke|konditorei|metzgerei|fleischerei|drogerie|kiosk",
    r"boucherie|papeterie|papeler|librairie|libreri|coiffeur|friseur|fleurs?\b|blumen|floris|garden|gärtnerei|jardin",
    r"ferramenta|farmacia|pharmacie|tabacch|gelater|panetteria|panader|pasticc|bodega|taberna|cervecer|mercado|mercat|march[ée]\b|supermarch|alimenta|grocer",
    r"winkel|fietsen|slager|bakkerij|apotheek|eetcafe|ksi[ęe]garnia|sklep|apteka|piekarnia|cukiernia|restauracja|hurtownia",
    r"ravintola|kahvila|apotek|bageri|butik|rörmokar|kanzlei|praxis|steuerberat|rechtsanw|notariat|verlag|werkst[aä]tt|werke\b",
    r"店|餐|堂|行|屋|館|药|書|超市|公司|レストラン|マート",
)
ADDRESS = _any(
    r"\bjalan\b|\bjln\b|\bjl\b|\blot\b|\bno\.?\s?\d|\btaman\b|lorong|\bbandar\b|seksyen|kampung|\bkg\.|persiaran|lebuh|\bblok\b",
    r"\bblock\b|\blevel\b|\bfloor\b|\bflr\b|\bunit\b|\bsuite\b|street|\bst\.|\bst\b$|\bave?(?:nue)?\b|\broad\b|\brd\b|\bblvd|boulevard",
    r"\bdrive\b|\bdr\.?(?:$|,|\s(?:#|suite|apt|unit))|\blane\b|\bln\b|highway|\bhwy\b|parkway|square|plaza|\bmall\b|stra(?:ß|ss)e\b|str\.|\bstr\b|\bweg\b|weg\s\d",
    r"platz|allee|gasse|\brue\b|\bplace\b|chemin|\bvia\b|piazza|\bcorso\b|\bcalle\b|avenida|\brua\b|\bplein\b|straat|\blaan\b",
    r"\bquai\b|\bimpasse\b|\bcours\s|\broute\sde|\ball[ée]e\b|\bulica\b|\bul\.|\bnám|\blargo\b|\bpra[çc]a\b|\bctra\b|\bpol\.\s?ind|\bpkwy\b",
    r"(?:stra(?:ß|ss)e|str|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|gata|gatan|vej)\.?\s?\d{1,4}\b",
    r"\bp\.?\s?o\.?\s?box|selangor|kuala lumpur|johor|malaysia$|germany|deutschland|singapore\s\d",
    r"\b\d{5}\b|\b[a-z]{2}\s\d{5}\b|\b\d{4}\s?[a-z]{2}\b|\b[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2}\b",
)
_GENERIC = frozenset(
    "restaurant restoran ristorante restaurante restaurang ravintola bar pub cafe café caffè kaffee coffee bistro bistrot brasserie pizzeria trattoria"
    " osteria gasthaus gasthof wirtshaus hotel pension hostel inn bakery bäckerei konditorei boulangerie patisserie pâtisserie"
    " panetteria panadería padaria pastelaria bakkerij piekarnia pharmacy pharmacie apotheke farmacia farmácia apotheek apteka"
    " supermarket supermarkt supermarché supermercado supermercato market markt marché mercado mercato store stores shop shops"
    " kiosk metzgerei fleischerei boucherie butcher florist blumen fleuriste fiori buchhandlung librairie libreria librería"
    " tankstelle station garage parking parkhaus parkplatz taxi friseur coiffeur salon studio kanzlei praxis rechtsanwälte"
    " rechtsanwalt steuerberater notar arzt zahnarzt dentist clinic klinik services service hardware stationery books clothing"
    " and und et e y & en i the la le les die der das il el de du di da do des city take away food foods drinks"
    " chinese thai indian italian mexican japanese korean vietnamese turkish greek french spanish asian seafood vegetarian"
    " bookshop bookstore print copy druck kopie alimentation générale generale alimentari optik opticians dental"
    " grill imbiss catering gastronomie ferramenta papelería papeleria papeterie droguerie drogerie księgarnia sklep".split()
)
_OUTLET = frozenset(
    "markt baumarkt baumärkte drogerie drogeriemarkt supermarkt supermarket supermarkets hypermarket supermarché supermercado supermercati"
    " hypermarché store stores superstore supercenter supercentre outlet shop filiale buchhandlung bücher buchhandlungen"
    " fachmarkt warenhaus kaufhaus handels handelsgesellschaft vertriebs retail deutschland germany france italia españa"
    " nederland suisse schweiz österreich polska international".split()
)
_TITLE = re.compile(
    r"^(?:simplified|full|copy|kopie|original|duplicate?|customer|merchant|cash|sales?|official|tax|vat|gst|proforma|credit"
    r"|your|e)*(?:taxinvoi?ce?|taxlnvoice|invoi?ces?|receipts?|cashbill|bill|rechnung|quittung|kassenbon|kassenzettel|beleg"
    r"|bon|facture|fattura|factura|fatura|ticket|tagihan|resit|invois|statement|order|quotation|creditnote|gutschrift"
    r"|kundenbeleg|customercopy|merchantcopy|copy|page|duplikat|deliveryorder|guestcheck|check|menu|back|help|factuur|kvitto"
    r"|kvittering|paragon|scontrino|documento)"
    r"(?:$|\d|n[or]|num|date|datum|copy|#|id|original|of|from|summary|total|details|tax|gst|bill|fiscal|commerciale)"
)
_NOT_A_NAME = _any(
    r"^(?:your|ihre?|votre|vos|su|tu|il\stuo|i\stuoi|jouw|uw|sua|tw[óo]j)\s",
    r"\b(?:welcome|thanks?|terima kasih|danke|merci|gracias|grazie|please|bitte|always|never|our|for|für|wir|scan)\b",
    r"^(?:rechnungsersteller|verkäufer|käufer|lieferant|seller|buyer|vendor|supplier|absender|empfänger)\W*$|^\(c\)|©",
    r"^(?:name|nummer|number|adresse|anschrift|address|\w*rechnung(?:s-?\s?korrektur)?)\W*$",
    r"\b(?:is|are)\s(?:an?|the|not)\b|\b(?:powered|software|developed|printed|designed|system)\s(?:by|von|par|provided)\b",
    r"\b(?:survey|feedback|to win|manager|mgr|cashier|kassierer?|bediente?|kellner|waiter|server|generated)\b",
    r"\b(?:guests?|table|tisch|thank ?you|register|contacte[rz]|contact|kontakte?|contacto|contatti|contattaci|impressum)\b",
    r"\w{4}(?:datum|dato)\b|\b(?:échéance|echeance|vencimiento|vencimento|scadenza)\b|\b(?:eur|euro|usd|rm)\s?/\s?(?:kg|st|l)\b",
    r"\bgoods\s?(?:sold|once)|\b(?:refund(?:ed|s|able)?|returned|returnable|umtausch|rückgabe)\b",
    r"\b(?:omschrijving|aantal|hoeveelheid|prijs|bedrag|grondslag|bezeichnung|beschreibung|descrizione|prezzo|quantit[àée]|importe|cantidad|concepto"
    r"|descripci[óo]n|descri[çc][ãa]o|d[ée]signation|libell[ée]|prix|montant|ilo[śs][ćc]|cena|warto[śs][ćc]|einzelpreis)\b|^(?:brutto|netto|eur)\W*$",
    r"\b(?:date|datum|time|uhr|qty|quantity|description|items?|artikel|menge|preis|price|amount|betrag|tel|phone)\b",
    r"\b(?:telefon|fax|hotline|h/?p|mobile|e-?mail|gst|vat|tax|sst|steuer|tva|siret|roc|brn|nif|cif|nip|gstin)\b",
    r"\b(?:account|customer|kunde|client|members?|visa|mastercard|paid|total|subtotal|summe|attn|attention)\b",
    r"\b(?:terminal|pos|payment|due|page|duplikat|dine\s?in|take\s?away|gesamt)\b|\bchange$|\beur$|\brm$|tel[.:]",
    r"www\.|https?:|@|\bopen(?:ing)?\s?(?:hours|daily|24)|öffnungszeit|\bid\s?[#:]|ust-?id|steuer-?n|\bmwst|\bcashier",
    r"\breg(?:istration)?\.?\s?n|\bco\.?\s?(?:reg|no)|company\s(?:reg|no)|(?:invoice|receipt|order|slip)\s?(?:no|num|#)",
    r"\bbill\s?(?:no|to)|doc(?:ument)?\s?no|trans(?:action)?\s?(?:id|no)|(?:shipped|ship|sold|invoiced?)\s?to\b",
)
_REGISTRATION = _any(
    r"\s*[(\[{]?\s?(?:co\.?\s?(?:reg\.?)?\s?no\.?|reg\.?\s?no\.?|roc|brn)?\s?[:.]?\s?"
    r"(?<![^\W_])[\dOIl]{4,14}\s?[-–]?\s?[a-z]{0,2}\d?\s?[)\]}]?\s*$",
)
_PREFIX = _any(
    r"^(?:service\s(?:clients?|abonn[ée]s?)|customer\s(?:service|care)|kundenservice|servizio\sclienti|klantenservice)\s",
    r"^(?:sold by|from|seller|vendor|supplier|merchant|owned by|operated by|dimiliki(?: oleh)?)\s*[:.]\s*")
_SUFFIX = _any(
    r"\s(?:service\s(?:clients?|abonn[ée]s?|consommateurs?)|customer\s(?:service|care|support)s?|kundenservice|kundendienst"
    r"|servizio\sclienti|atenci[oó]n\sal\scliente|klantenservice|(?:billing|accounts?)\s(?:dept|department|receivable)\.?)$",
    r"\s(?:tax invoice|invoice|receipt|rechnung|facture|quittung)$",
)
_DIGIT_IN_WORD = re.compile(r"(?<=[A-Z-])0(?=[\sA-Z]|$)|(?<![^\W_])0(?=[A-Z]{2})")
_ONE_FOR_L = re.compile(r"(?<=[^\W\d_]{2})1(?!\d)")
_GARBLED = re.compile(
    r"[a-zà-ÿ][A-ZÀ-Ý](?![a-zà-ÿ])(?!$)|[A-ZÀ-Ý]{2}[a-zà-ÿ]+[A-ZÀ-Ý]|[A-ZÀ-Ý]{3}[a-zà-ÿ]{1,2}[A-ZÀ-Ý]?$|(?<![^\W_])[a-zà-ÿ]{2,}[A-ZÀ-Ý]{2}"
    r"|[a-zà-ÿ][A-ZÀ-Ý]\w*[a-zà-ÿ][A-ZÀ-Ý]|^[a-zà-ÿ]{3,}\d|[a-zà-ÿ]\d+[a-zà-ÿ]|(?<![^\W_])\d+[a-zà-ÿ]{4}|[A-ZÀ-Ý]\d[a-zà-ÿ]|\w[!|{}\[\]~<>]\w"
)
_STREET = re.compile(
    r"^[^\d\n]{4,40}[ .,]\d{1,4}\s?[a-zA-Z]?$|^\d{1,5}[a-zA-Z]?,?\s[^\W\d_]{3}|^\D?\d{4,6}\s[^\W\d_]{3}"
)
_BRACES = str.maketrans("{}[]", "()()")
_AROUND_BRACKETS = re.compile(r"(?<=[^\W\d_]{3})(?=\([^\W\d_]{2})|(?<=[^\W\d_]\))(?=[^\W\d_]{3})")
_STRAY = re.compile(r"(?<=\w{3})\s+[^\w\s(]*[<>|~=^][^a-zA-Z]*$")
"""Signs behind a name that are the edge of a logo."""
_DIVIDERS = frozenset(",;|·•–")
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|B\.V|S\.A)$")


def tidy_name(text: str) -> str:
    """The text without registration numbers, addresses, titles and ornaments at its ends, legal forms mended."""
    name = _PREFIX.sub("", text[:200].translate(_BRACES).strip(EDGE))
    name = _cut_after_legal_form(mend_legal_form(_AROUND_BRACKETS.sub(" ", name)))
    name = _STRAY.sub("", _SUFFIX.sub("", _REGISTRATION.sub("", name)))
    name = _DIGIT_IN_WORD.sub("O", name).strip(EDGE)
    return f"{name}." if _ABBREVIATED.search(name) and f"{name}." in text else name


def is_name(text: str) -> bool:
    """True for text that is a name by its form: letters, and none of the words that other lines are made of."""
    if len(STRONG_LEGAL_FORM.sub("", text).strip(EDGE + "()")) < 2 or len(text) > LONGEST_NAME:
        return False
    letters = sum(sign.isalpha() for sign in text)
    if letters < 2 or letters < 0.55 * len(text.replace(" ", "")):
        return False
    if _TITLE.match(compact(text)) and not LEGAL_FORM.search(text):
        return False
    if _NOT_A_NAME.search(text):
        return False
    if any(sign.isdigit() for sign in text) and (find_dates(text) or any(money.exact for money in find_money(text))):
        return False
    return not (ADDRESS.search(_ONE_FOR_L.sub("l", text)) and not STRONG_LEGAL_FORM.search(text))


def is_generic(text: str) -> bool:
    """True for words that only say what kind of business it is: `Bakery`, `Café - Restaurant`."""
    words = re.findall(r"[^\W\d_]+", without_legal_form(text).casefold())
    return bool(words) and all(word in _GENERIC for word in words)


def is_outlet(text: str) -> bool:
    """True for words that only say that it is a shop of a chain, or where: `Supercenter`, `Markt`, `Deutschland`."""
    words = re.findall(r"[^\W\d_]+", without_legal_form(text).casefold())
    return all(word in _OUTLET for word in words)


def garbled_words(text: str) -> int:
    """How many words are no words by their letters: case that jumps about, digits in the middle."""
    return sum(bool(_GARBLED.search(word)) for word in without_legal_form(text).split())


def is_address(text: str) -> bool:
    """True for a line of an address: a street with its number, a postal code with its town."""
    return bool(_STREET.search(text) or ADDRESS.search(text))


def is_slogan(text: str) -> bool:
    """True for a sentence: several words and a full stop or an exclamation mark, without a legal form."""
    stripped = text.strip()
    return (
        stripped[-1:] in ".!?"
        and (len(stripped.split()) >= 2 or stripped[-1:] in "!?")
        and not LEGAL_FORM.search(stripped)
    )


def _cut_after_legal_form(name: str) -> str:
    """The name up to its legal form, where numbers or an address follow in the same line."""
    match = STRONG_LEGAL_FORM.search(name)
    if match is None:
        return name
    rest = name[match.end() :]
    is_other = any(sign.isdigit() for sign in rest) or rest.lstrip()[:1] in _DIVIDERS or len(rest.strip(EDGE)) <= 2
    return name[: match.end()] if rest.strip() and is_other else name
