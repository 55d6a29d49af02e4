"""Tell whether a line of text can be the name of a business, and tidy it of what is printed around it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from expensed.extraction.amount.labels import compact
from expensed.extraction.amount.numerals import find_money
from expensed.extraction.date.written_dates import find_dates
from expensed.extraction.kind.words import title_share
from expensed.extraction.page.addresses import has_address_words
from expensed.extraction.vendor.legal_forms import LEGAL_FORM, STRONG_LEGAL_FORM, mend_legal_form, without_legal_form
from expensed.extraction.vendor.trade_words import is_generic, says_trade
from expensed.languages.scripts import MARKS, drop_old_accents, script_of
from expensed.languages.vocabulary import vocabulary_of

LONGEST_NAME = 120
EDGE = " @.,:;-–—_*#=~|/\\'\"<>≥≤•·+"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


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
    r"^(?:to|an|à|aan)\s*:|\b(?:ricevuta|scontrino|kassenbon|kassenzettel|bonnetje|kassabon|rachunek|[úu]čtenka)\b",
    r"\b(?:is|are)\s(?:an?|the|not)\b",
    r"\b(?:powered|software|developed|printed|designed|system)\s(?:by|von|par|provided)\b",
    r"\b(?:survey|feedback|to win|manager|mgr|cashier|kassierer?|bediente?|kellner|waiter|server|generated)\b",
    r"^(?:operat(?:or|ore|eur|ör)|opérateur|operador|bediener)\b\W*(?:[:#\d]|$)|^(?:served|prepared|processed)\sby\b",
    r"\b(?:guests?|table|tisch|thank ?you|register|impressum)\b",
    r"\b(?:ansprechpartner|sachbearbeiter|bearbeiter|w[äa]hrung|currency|devise|valuta|seite\s?\d|globale\snummer)\b",
    r"\b(?:zahlungs\w*bedingung\w*|lieferschein\w*|bestell(?:nummer|nr|ung)|auftrags?(?:nummer|nr)?|projekt\w*)\b",
    r"\b(?:contacte[rz]|contact|kontakte?|contacto|contatti|contattaci)\b",
    r"\w{4}(?:datum|dato)\b|\b(?:échéance|echeance|vencimiento|vencimento|scadenza)\b",
    r"\b(?:eur|euro|usd|rm)\s?/\s?(?:kg|st|l)\b",
    r"\bgoods\s?(?:sold|once)|\b(?:refund(?:ed|s|able)?|returned|returnable|umtausch|rückgabe)\b",
    r"\b(?:omschrijving|aantal|hoeveelheid|prijs|bedrag|grondslag|bezeichnung|beschreibung|descrizione|prezzo|quantit[àée]|importe|cantidad|concepto|descripci[óo]n|descri[çc][ãa]o|d[ée]signation|libell[ée]|prix|montant|ilo[śs][ćc]|cena|warto[śs][ćc]|einzelpreis)\b",
    r"^(?:brutto|netto|eur)\W*$",
    r"\b(?:date|datum|time|uhr|qty|quantity|description|items?|artikel|menge|preis|price|amount|betrag|tel|phone)\b",
    r"\b(?:telefon|fax|hotline|h/?p|mobile|e-?mail|gst|vat|tax|sst|steuer|tva|siret|roc|brn|nif|cif|nip|gstin)\b",
    r"\b(?:account|customer|kunde|client|members?|visa|mastercard|paid|total|subtotal|summe|attn|attention)\b",
    r"\b(?:terminal|pos|payment|due|page|duplikat|dine\s?in|take\s?away|gesamt)\b|\bchange$|\beur$|\brm$|tel[.:]",
    r"www\.|https?:|@|\bopen(?:ing)?\s?(?:hours|daily|24)|öffnungszeit|\bid\s?[#:]|ust-?id|steuer-?n|\bmwst|\bcashier",
    r"\breg(?:istration)?\.?\s?n|\bco\.?\s?(?:reg|no)|company\s(?:reg|no)",
    r"(?:invoice|receipt|order|slip)\s?(?:no|num|#)",
    r"\bbill\s?(?:no|to)|doc(?:ument)?\s?no|trans(?:action)?\s?(?:id|no)|(?:shipped|ship|sold|invoiced?)\s?to\b",
)
_REGISTRATION = _any(
    r"\s*[(\[{]?\s?(?:co\.?\s?(?:reg\.?)?\s?no\.?|reg\.?\s?no\.?|roc|brn)?\s?[:.]?\s?"
    r"(?<![^\W_])[\dOIl]{4,14}\s?[-–]?\s?[a-z]{0,2}\d?\s?[)\]}]?\s*$",
)
_DEPARTMENT = _any(
    r"^(?:service\s(?:clients?|abonn[ée]s?)|customer\s(?:service|care)|kundenservice|servizio\sclienti|klantenservice)\s",
)
_PREFIX = _any(
    r"^(?:welcome\sto|willkommen\s(?:bei|im|in)|bienvenue\s(?:[àa]u?|chez)|bienvenid[oa]s?\sa|benvenut[oi]\s(?:da|in|al?)"
    r"|welkom\sbij|bem-?vindo\s(?:ao?|à))\s(?!(?:our|the|unser\w*)\b)",
    r"^(?:verkocht door|vendu par|venduto da|vendido (?:por|pela?)|verkauft (?:von|durch)|sprzedan[eoy] przez"
    r"|s[åa]lt av|solgt (?:av|af))\s*:?\s+(?=\w{3})",
    r"^(?:sold by|from|seller|vendor|supplier|merchant|owned by|operated by|dimiliki(?: oleh)?)\s*[:.]\s*",
)
_SUFFIX = _any(
    r"\s(?:service\s(?:clients?|abonn[ée]s?|consommateurs?)|customer\s(?:service|care|support)s?|kundenservice|kundendienst"
    r"|servizio\sclienti|atenci[oó]n\sal\scliente|klantenservice|(?:billing|accounts?)\s(?:dept|department|receivable)\.?)$",
    r"\s(?:tax invoice|invoice|receipt|rechnung|facture|quittung)$",
)
_AT_THE_END = _any(r"\s(?:\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?|reg(?:ister)?\s?#?\s?\d{1,3}|tm|®)$")
"""A time, a register, a trade mark's sign."""
_DIGIT_IN_WORD = re.compile(r"(?<=[A-Z-])0(?=[\sA-Z]|$)|(?<![^\W_])0(?=[A-Z]{2})")
_GARBLED = re.compile(
    r"[a-zà-ÿ][A-ZÀ-Ý](?![a-zà-ÿ])(?!$)|[A-ZÀ-Ý]{2}[a-zà-ÿ]+[A-ZÀ-Ý]|[A-ZÀ-Ý]{3}[a-zà-ÿ]{1,2}[A-ZÀ-Ý]?$|(?<![^\W_])[a-zà-ÿ]{2,}[A-ZÀ-Ý]{2}"
    r"|[a-zà-ÿ][A-ZÀ-Ý]\w*[a-zà-ÿ][A-ZÀ-Ý]|^[a-zà-ÿ]{3,}\d|[a-zà-ÿ]\d+[a-zà-ÿ]|(?<![^\W_])\d+[a-zà-ÿ]{4}|[A-ZÀ-Ý]\d[a-zà-ÿ]|\w[!|{}\[\]~<>]\w"
)
_BRACES = str.maketrans("{}[]", "()()")
_AROUND_BRACKETS = re.compile(r"(?<=[^\W\d_]{3})(?=\([^\W\d_]{2})|(?<=[^\W\d_]\))(?=[^\W\d_]{3})")
_STRAY = re.compile(r"(?<=\w{3})\s+[^\w\s(]*[<>|~=^][^a-zA-Z]*$")
"""Characters after a name that are the edge of a logo."""
_STREET = re.compile(
    r"(?<=[^\W\d_]{3})\W+[^\W\d_]{2,}(?:stra(?:ß|ss)e|gasse|platz|straat|laan|gatan?|gaten|gade|v[aä]gen|veien|vej|katu|kuja)"
    r"\.?\s\d{1,4}\b.*$",
    re.IGNORECASE,
)
"""A street in one word with a house number, and what follows it, after a name in the same line."""
_MANY_WORDS, _MOST_NAMED, _FEWEST_OF_TITLE = 8, 4, 3
_LONGEST_LABEL, _FEWEST_LETTERS = 14, 3
_RUN_BY = _any(
    r"^(?:(?:run|owne?d?|operated|managed)\sby|a?\s?unit\sof|soci[ée]t[ée]|raison\ssociale|rag(?:ione|\.)\ssoc(?:iale|\.)"
    r"|raz[óo]n\ssocial|raz[ãa]o\ssocial|firm[ay]?|betreiber(?:in)?|inhaber(?:in)?)\W*$",
)
"""What stands before the company that runs a shop."""
_ANY_YEAR = 2020
_CLOSES = re.compile(r"^[^(]*\)|^\([^)]*\)\W*co\b", re.IGNORECASE)
"""The rest of a name that begins in the line above: `North) Ltd`, `(North) Co. Ltd`."""
_HOST_IN_SENTENCE = re.compile(r"\w\s+\w+\s+[\w.-]+\.(?:com|net|org)\b|\.(?:com|net|org)/", re.IGNORECASE)
_DIVIDERS = frozenset(",;|·•–")
_MISREAD_FORM = re.compile(r"[A-Z0-9]{1,4}\W?\s([\"«„“][^\W\d_].+)$")
_POINTED = re.compile(r"\.[^\W\d_]$")
_FIGURES_AT_END = re.compile(r"(?<=[^\W\d_]{2})(?:\s\d{1,6})+$")
"""The number of a branch; or what engines make of an ornament beside letters that they know less well."""
QUOTED = re.compile(r"[\"«„“”][^\W\d_][^\"«»„“”]{1,40}[\"»“”]")
"""A name in quotation marks, as companies bear it after their legal form or their trade."""
_TIME_OR_PRICE = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)|\d[.,]\d{2}(?!\d)")
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|B\.V|S\.A)$")


_SPACE_BEFORE_MARK = re.compile(rf"\s+(?=[{MARKS}])")
_LOOSE_MARK = re.compile(rf"(?:^|\s)[{MARKS}]")
"""A Thai or Indian vowel without its letter: a piece of a word."""


@lru_cache(maxsize=2_000)
def tidy_name(text: str) -> str:
    """Strip registration numbers, addresses, titles and ornaments from the ends, and repair legal forms."""
    name = _without_department(drop_old_accents(text[:200]).translate(_BRACES).strip(EDGE))
    name = _after_label(_PREFIX.sub("", name))
    name = _cut_after_legal_form(_quoted(mend_legal_form(_AROUND_BRACKETS.sub(" ", name))))
    name = _closed_up(name)
    name = _STRAY.sub("", _SUFFIX.sub("", _REGISTRATION.sub("", _AT_THE_END.sub("", _STREET.sub("", name)))))
    name = _with_quote(_DIGIT_IN_WORD.sub("O", name).strip(EDGE), text)
    if (script_of(name) is not None) and not is_generic(bare := _FIGURES_AT_END.sub("", name)):
        name = bare
    is_short = _ABBREVIATED.search(name) or (_POINTED.search(name) and script_of(name) is not None)
    return f"{name}." if is_short and f"{name}." in text else name


def _without_department(name: str) -> str:
    """Return the name without the seller's department before it, unless hardly a name would be left."""
    rest = _DEPARTMENT.sub("", name)
    is_bare = STRONG_LEGAL_FORM.search(rest) and len(without_legal_form(rest).split()) < 2
    return name if is_bare else rest


def _with_quote(name: str, text: str) -> str:
    """Return the name with the quotation mark that closes it: `ООО "Ромашка"`."""
    is_cut = name.count('"') % 2 and f'{name.rsplit(maxsplit=1)[-1]}"' in text and script_of(name) is not None
    return f'{name}"' if is_cut else name


def _closed_up(name: str) -> str:
    """Return a company's name without the spaces that OCR sets before Thai vowels: `จ ํากัด`."""
    if name.isascii():
        return name
    closed = _SPACE_BEFORE_MARK.sub("", name)
    return closed if closed != name and STRONG_LEGAL_FORM.search(closed) else name


def _quoted(name: str) -> str:
    """Return the name without what was misread as figures or as Latin letters for a legal form: `108 "ВИШНЯ"`."""
    match = None if name.isascii() else _MISREAD_FORM.match(name)
    return match[1] if match and script_of(name) is not None else name


def _after_label(name: str) -> str:
    """Return the company after a label: any in another script, in Latin letters one such as `Run by:`."""
    label, colon, rest = name.partition(":")
    if not colon or len(label) > _LONGEST_LABEL or (script_of(label) is None and not _RUN_BY.match(label)):
        return name
    is_company = STRONG_LEGAL_FORM.search(rest) and _count_letters(without_legal_form(rest)) >= _FEWEST_LETTERS
    return rest.strip() if is_company else name


@lru_cache(maxsize=2_000)
def is_name(text: str) -> bool:
    """Whether text has the form of a name: letters, and none of the words that make up other lines."""
    if len(STRONG_LEGAL_FORM.sub("", text).strip(EDGE + "()")) < 2 or len(text) > LONGEST_NAME:
        return False
    letters = _count_letters(text)
    if letters < 2 or letters < 0.55 * len(text.replace(" ", "")):
        return False
    if _TITLE.match(compact(text)) and not LEGAL_FORM.search(text):
        return False
    if _NOT_A_NAME.search(text) or is_other_in_script(text):
        return False
    if any(sign.isdigit() for sign in text) and (_has_day(text) or any(money.exact for money in find_money(text))):
        return False
    if (_CLOSES.search(text) and STRONG_LEGAL_FORM.search(text)) or _HOST_IN_SENTENCE.search(text) or _is_title(text):
        return False
    if STRONG_LEGAL_FORM.search(text) or not has_address_words(text):
        return True
    return says_trade(text) and not any(sign.isdigit() for sign in text)  # a café on a square may be named after it


def _has_day(text: str) -> bool:
    """Whether a date stands in the text, or ends it without a year; shops are called by days, too: `Bar 1 de Mayo`."""
    return bool(find_dates(text) or (not says_trade(text) and find_dates(f"{text} {_ANY_YEAR}")))


def _is_title(text: str) -> bool:
    """Whether it is only what a paper calls itself, in several words of any language; one word may be a name."""
    return len(text.split()) >= _FEWEST_OF_TITLE and title_share(text) == 1.0 and not LEGAL_FORM.search(text)


def is_named_like_a_label(text: str) -> bool:
    """Whether a few words in capitals end in a legal form or a trade, so that one of them may be a label elsewhere.

    `Phone Shop Ltd`, `Thank You Bakery`.
    """
    words = text.split()
    if not 2 <= len(words) <= _MOST_NAMED or not all(word[0].isupper() and word.isalpha() for word in words):
        return False
    if STRONG_LEGAL_FORM.search(text):
        return _count_letters(without_legal_form(text)) >= _FEWEST_LETTERS
    return says_trade(words[-1]) and not says_trade(words[0])


def _count_letters(text: str) -> int:
    """Count the letters, and the vowels that are marks around them."""
    if text.isascii():
        return sum(map(str.isalpha, text))
    return sum(sign.isalpha() or unicodedata.category(sign)[0] == "M" for sign in text)


def is_other_in_script(text: str) -> bool:
    """Whether words of another script than the Latin say that this is a title, a label, or a greeting."""
    words = vocabulary_of(text)
    if words is None:
        return False
    if _LOOSE_MARK.search(text) or _TIME_OR_PRICE.search(text) or words.others.misread(text):
        return True
    if words.sums.whole(text) or words.dates.whole(text) or words.parties.whole(text):
        return True
    return words.others.is_in(text) or (words.titles.begins(text) and not LEGAL_FORM.search(text))


def garbled_words(text: str) -> int:
    """Count the words that cannot be words: case that jumps about, digits inside, half a bracket."""
    is_half = script_of(text) is not None and text.count("(") != text.count(")")
    return sum(bool(_GARBLED.search(word)) for word in without_legal_form(text).split()) + 2 * is_half


def is_slogan(text: str) -> bool:
    """Whether it is a sentence: very many words, or several with a full stop or exclamation mark, and no legal form."""
    stripped = text.strip()
    words = len(stripped.split())
    is_sentence = stripped[-1:] in "!?" or (stripped[-1:] == "." and words >= 2) or words >= _MANY_WORDS
    return is_sentence and not LEGAL_FORM.search(stripped)


def _cut_after_legal_form(name: str) -> str:
    """Cut the name after its legal form, or its quotation marks, if something else follows in the same line."""
    match = STRONG_LEGAL_FORM.search(name)
    if match is None:
        return name
    rest = name[match.end() :]
    if quoted := QUOTED.match(rest.lstrip()):
        return name[: match.end()] + rest[: rest.index(quoted[0]) + len(quoted[0])]
    is_other = any(sign.isdigit() for sign in rest) or rest.lstrip()[:1] in _DIVIDERS or len(rest.strip(EDGE)) <= 2
    return name[: match.end()] if rest.strip() and is_other else name
