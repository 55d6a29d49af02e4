"""The words in names that say what kind of business it is, or that it is a shop of a chain."""

from __future__ import annotations

import re
from functools import lru_cache

from expensed.extraction.vendor.legal_forms import without_legal_form
from expensed.extraction.word_lists import load_word_lists
from expensed.languages.vocabulary import vocabulary_of

_TRADES = (
    r"restaura|restoran|ristorante|trattoria|osteria|pizz|caf[eé]|coffee|kopi|bakery|confection|b[aä]ckerei|boulanger",
    r"patisserie|bistro|brasserie|kitchen|noodle|grill|\bbar\b|\bpub\b|hotel|\binn\b|hostel|lodge|motel|mart\b|market",
    r"markt|kedai|pasar|supermar|hyper|store|shop|boutique|trading|perniagaan|syarikat|enterprise|marketing|hardware",
    r"electric|timber|pharmac|farmasi|apotheke|clinic|klinik|dental|hospital|books?\b|stationer|petrol|station|garage",
    r"motors?\b|auto|parking|airlines?|travel|tours|taxi|services?|solutions|systems|technolog|software|studio|salon",
    r"beauty|fashion|holding|group|supply|supplies|industries|foods?\b|catering|cash\s?&\s?carry|wholesale|retail",
    r"gallery|museum|theat|cinema|gym|fitness|telecom|energ|wasser|stadtwerke|bank|versicherung|insurance|gasthaus",
    r"gasthof|wirtshaus|schenke|konditorei|metzgerei|fleischerei|drogerie|kiosk|boucherie|papeterie|papeler|librairie",
    r"libreri|coiffeur|friseur|fleurs?\b|blumen|floris|garden|gärtnerei|jardin|ferramenta|farmacia|pharmacie|tabacch",
    r"gelater|panetteria|panader|pasticc|bodega|taberna|cervecer|mercado|mercat|march[ée]\b|supermarch|alimenta|grocer",
    r"winkel|boekhandel|fietsen|slager|bakkerij|apotheek|eetcafe|ksi[ęe]garnia|sklep|apteka|piekarnia|cukiernia|restauracja",
    r"hurtownia|ravintola|konditori|kahvila|apotek|bageri|butik|rörmokar|kanzlei|praxis|steuerberat|rechtsanw|notariat|verlag",
    r"werkst[aä]tt|werke\b|店|餐|堂|行|屋|館|药|書|超市|公司|レストラン|マート",
)
_LISTS = load_word_lists("vendor", "words")
GENERIC_WORDS = frozenset(_LISTS["generic"])
REPAIRED = frozenset(_LISTS["repaired"])
_OFFERED = frozenset(_LISTS["offered"])
_OUTLET = frozenset(_LISTS["outlet"])
_NUMBERED = re.compile(r"\W+(?:[^\W\d_]{1,2}\W*)?\d+\W*$")
"""The number of a shop in another script: `Аптека № 5`, of which OCR may read `АПТЕКА Н 5`."""
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"(?<!\S)(?=\S*\d\S*\d)\S+")
"""The number of a shop, or its code of letters and digits."""
_TRADE = re.compile("|".join(_TRADES), re.IGNORECASE)


@lru_cache(maxsize=2_000)
def says_trade(text: str) -> bool:
    """Whether a word says what kind of business it is."""
    if _TRADE.search(text):
        return True
    words = vocabulary_of(text)
    return words is not None and words.trades.is_in(text)


def begins_with_trade(text: str) -> bool:
    """Whether the first word says what kind of business it is, so that the line continues the name above."""
    if _TRADE.match(text):
        return True
    words = vocabulary_of(text)
    return words is not None and words.trades.begins(text)


def is_generic(text: str) -> bool:
    """Whether the words only say what kind of business it is: `Bakery`, `Café - Restaurant`."""
    if (in_script := vocabulary_of(text)) is not None and in_script.trades.whole(_NUMBERED.sub("", text) or text):
        return True
    words = _words(text)
    return bool(words) and all(word in GENERIC_WORDS for word in words)


def is_tagline(text: str) -> bool:
    """Whether several words only say what is offered: `Seafood Steak Crabhouse`."""
    words = _words(text)
    return len(words) > 1 and all(word in GENERIC_WORDS or word in _OFFERED for word in words) and not is_generic(text)


def is_outlet(text: str) -> bool:
    """Whether the words only say that it is a shop of a chain, or where: `Supercenter`, `Markt`, `Deutschland`."""
    return all(word in _OUTLET for word in _words(text))


def is_branch(text: str) -> bool:
    """Whether the words only say which shop of a chain it is: `Store #337`, `Superstore`, `Store AB0710`.

    No legal form is among them: with it, they belong to the name of a company.
    """
    return without_legal_form(text) == text and is_outlet(_CODE.sub("", text))


def _words(text: str) -> list[str]:
    return _WORD.findall(without_legal_form(text).casefold())
