"""Find other mentions of the seller: web and mail domains, thanks, copyright, imprint, payee, trading name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from expensed.extraction.amount.labels import compact
from expensed.extraction.page.lines import Row
from expensed.extraction.vendor.legal_forms import without_legal_form

_MOST_ROWS = 400
_LONGEST_ROW = 300
_ENDINGS = (
    "com|net|org|info|biz|eu|de|at|ch|li|fr|it|es|nl|be|lu|pt|pl|cz|sk|hu|ro|dk|se|no|fi|is|ie|uk|us|ca|au|nz|za|my|sg|in|id"
    "|th|ph|hk|tw|cn|jp|kr|br|mx|ar|cl|tr|gr|shop|store|app|io|co|online|cafe|restaurant|example"
)
_BARE_ENDINGS = "com|net|org|de|ch|fr|nl|co\\.uk|eu|pl|cz|com\\.my|com\\.sg|com\\.au"
"""Domain endings that are not words, and so need no `www.` before them."""
_HOST = re.compile(
    rf"(?:https?:?//|www\s?[.,]\s?|wwww?\.|@)((?:[a-z0-9-]{{1,60}}\s?\.\s?){{1,4}}(?:{_ENDINGS}))(?![a-z0-9])"
    r"|www\s?\.\s?([a-z0-9-]{4,60}\s(?:com|corn|coni|con))(?![a-z0-9])"
    rf"|(?<![\w@.-])([a-z][a-z0-9-]{{2,60}}\.(?:{_BARE_ENDINGS}))(?![a-z0-9])",
    re.IGNORECASE,
)
_NOT_THE_SELLER = frozenset(
    "gmail googlemail hotmail yahoo ymail outlook live msn icloud me mac gmx web aol freenet bluewin proton protonmail"
    " orange wanadoo laposte libero tiscali ziggo kpnmail mail email facebook fb instagram twitter youtube linkedin"
    " tripadvisor google goo bit tinyurl whatsapp wa paypal stripe square squareup visa mastercard amex".split()
)
_ACCOUNT = re.compile(
    r"(?:facebook|fb|instagram|twitter|tiktok)\s?[.,]\s?(?:com|me)\s?/\s?@?([a-z][\w.]{2,40})"
    r"|(?:facebook|instagram|twitter|tiktok|\bfb|\big)\W{1,3}@([a-z][\w.]{2,40})",
    re.IGNORECASE,
)
"""The seller's account in a social network."""
_SECOND_LEVEL = frozenset("co com org net gov edu ac or ne gob gouv".split())
_PLACES = frozenset("www shop store mail email my kasse online m web info".split())
"""Parts of a host that precede the name."""


def _sentence(*starts: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(starts)})\s*[:,]?\s+(?P<name>\S.{{1,70}})", re.IGNORECASE)


_THANKS = _sentence(
    r"(?:shopping|shop|stopping|dining|dined|visiting|visited|visit|staying|stay|purchas\w+|business|choosing|flying|eating|ordering"
    r"|custom|order|parking)(?:\s+with\s+us)?\s+(?:at|with|from|to|in)",
    r"(?:receipt|invoice|bill|order|purchase|payment|refund)\s+(?:from|at|to)|(?:rechnung|quittung|bestellung)\s+von",
    r"thank(?:s| ?you)\s+(?:for\s+)?(?:choosing|visiting|using|supporting|joining|from)",
    r"(?:welcome|back|return)\s+to|willkommen\s+(?:bei|im|in)|bienvenue\s+(?:chez|à|au)|bienvenid[oa]s?\s+a|benvenut[oi]\s+(?:da|in|al?)"
    r"|welkom\s+bij|bem-?vindo\s+(?:ao?|à)",
    r"(?:einkauf|besuch|aufenthalt|bestellung)\s+(?:bei|im|in)|danke?\s+sagt|ihr(?:e)?\s+team\s+(?:von|vom|der|des)",
    r"(?:visite|achat|confiance|commande)\s+(?:chez|à|au)|l['’]équipe\s+(?:de|du)|merci\s+d['’]avoir\s+choisi",
    r"(?:compra|visita)\s+(?:en|a|na|no|em)|aver\s+scelto|acquisto\s+(?:da|presso)|bezoek\s+(?:aan|bij)|aankoop\s+bij",
)
_THANKS_IN_ARABIC = re.compile(r"ن?ش[كک]ر\S*\s+ل\S+?[كک]م\s+(?:(?:في|فى|لدى|مع)\s+|ب)(?P<name>\S.{2,60})")
"""`شكرا لزيارتكم` and the like, thanks for coming or shopping, with `at` and a name."""
_YEARS = r"(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)\d\d)?)?"
_COPYRIGHT = re.compile(
    rf"(?:©|\(c\)|copyright|all rights reserved)\s*(?:\(c\)|©)?\s*(?:by\s+)?{_YEARS}[\s,]*(?:by\s+)?"
    r"(?P<name>[^\W\d_].{1,60}?)(?:[.,]\s|\s(?:19|20)\d\d|$)",
    re.IGNORECASE,
)
_PAYEE = _sentence(
    r"(?:cheques?|checks?|payments?|remittances?|transfer|p\.?o\.?)\s+(?:payable|made out|out)?\s*(?:to|in favou?r of)"
    r"|pay(?:able)?\s+to(?:\s+the\s+order\s+of)?|in\s+favou?r\s+of|crossed\s+(?:and|&)\s+made\s+payable\s+to",
    r"(?:account|a/c|acct|bank account)\s+(?:name|holder|title)\s*[:.]|beneficiary(?:\s+name)?\s*[:.]",
    r"kontoinhaber(?:in)?",
    r"(?:zahlungs)?empfänger\s*:|à\s+l['’]ordre\s+de|titulaire\s+du\s+compte|titular(?:\s+de\s+la\s+cuenta)?\s*:"
    r"|intestato\s+a|beneficiari[oa]\s*:|rekeninghouder|t\.n\.v\.|ten\s+name\s+van|odbiorca\s*:",
)
_ALIAS = _sentence(r"(?:trading|doing\s+business)\s+as|t/a|d/b/a|dba|d\.b\.a\.")
_IMPRINT = re.compile(
    r"^[\W_]*(?P<name>[^\W\d_][^\n]{1,60}?)(?:\s*[-–,·|.]\s*|\s+)(?:(?:s\.?a\.?s?\.?u?|sarl|eurl|snc)\s+)?"
    r"(?:au\s+capital|registered\s+(?:in|office|company)|is\s+(?:a\s+trading|the\s+trading|a\s+registered|registered|an?\s+\w+\s+registered)"
    r"|rcs\s|hrb\s|amtsgericht|handelsregister|gesch[äa]ftsf[üu]hrer|sitz\s+der|cap(?:itale)?\.?\s*soc|capitale\s+sociale|inscrita\s+en"
    r"|company\s+(?:no|number|reg)|incorporated\s+in)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s{2}.*$|\s*(?:[.!?;|©]|,\s|\s[-–·•]\s|\s(?:and|und|et|y|e|en)\s+(?:we|wir|auf|hope|look|see)\b|\bplease\b|\bwe\s|\bcome\b|\bhave\b|\bagain\b"
    r"|\btoday\b|\bsee\s+you\b|\bwww\b|https?:|\bauf\b|\bà\s+bient).*$",
    re.IGNORECASE,
)
_CUES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "thanks",
        _THANKS,
        (
            "thank receipt invoice bill order purchase payment rechnung quittung"
            " shopp stopp visit dining dined stay welcome back return willkommen bienv benven welkom vindo einkauf"
            " besuch aufenthalt bestell danke team achat confiance commande quipe merci compra scelto acquisto"
            " bezoek aankoop"
        ),
    ),
    ("thanks", _THANKS_IN_ARABIC, "شكر شکر"),
    ("copyright", _COPYRIGHT, "© (c) copyright reserved"),
    (
        "payee",
        _PAYEE,
        (
            "pay cheque check remit account acct favo beneficia kontoinhaber empfänger ordre titular intestato rekening"
            " t.n.v name van odbiorca"
        ),
    ),
    ("alias", _ALIAS, "trading doing t/a d/b/a dba d.b.a"),
    (
        "imprint",
        _IMPRINT,
        "capital registered trading rcs hrb amtsgericht handelsreg führer fuhrer sitz inscrita company incorporated",
    ),
)
"""Each pattern with its stems, one of which must be in the document; most patterns are skipped by that."""
_OPEN_END = re.compile(
    r"\b(?:to|at|bei|chez|from|with|shopping|visiting|choosing|einkauf|besuch|visite|visita|bij|aan|by)\s*[:.]?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Witness:
    """One place that names the seller: its `kind`, and the name in compact letters (`key`) and as printed (`text`)."""

    kind: str
    key: str
    text: str
    row: Row


def find_witnesses(rows: Sequence[Row]) -> list[Witness]:
    """Return all witnesses in reading order; a name that appears twice in one kind counts once."""
    looked_at = rows[:_MOST_ROWS]
    texts = [row.text[:_LONGEST_ROW] for row in looked_at]
    whole = "\n".join(texts).lower()
    patterns = [(kind, pattern) for kind, pattern, stems in _CUES if any(stem in whole for stem in stems.split())]
    found: dict[tuple[str, str], Witness] = {}
    for place, (row, text) in enumerate(zip(looked_at, texts, strict=True)):
        named = [("domain", name) for name in find_domains(text)]
        said = text
        if _OPEN_END.search(text) and place + 1 < len(texts) and len(row.cells) == 1:
            said = f"{text} {texts[place + 1]}"
        named += [(kind, name) for kind, pattern in patterns if (name := _name(pattern.search(said)))]
        for kind, name in named:
            key = compact(without_legal_form(name))
            if len(key) >= 2:
                found.setdefault((kind, key), Witness(kind, key, name, row))
    return list(found.values())


def _name(match: re.Match[str] | None) -> str:
    """Return the matched name without the rest of the sentence."""
    return _TAIL.sub("", match["name"]).strip(" .,:;!*-–\"'")[:60] if match else ""


def find_domains(text: str) -> list[str]:
    """Return the names in the hosts of a line: `shop.fernbrook.co.uk` contains `fernbrook`."""
    names = [re.sub(r"[\W_]+", "", first or second).lower() for first, second in _ACCOUNT.findall(text)]
    if "." not in text:
        return names
    for with_mark, spaced, bare in _HOST.findall(text):
        parts = [part.strip().lower() for part in (with_mark or bare or spaced.replace(" ", ".")).split(".")][:-1]
        if len(parts) > 1 and parts[-1] in _SECOND_LEVEL:
            parts.pop()
        while len(parts) > 1 and parts[0] in _PLACES:
            parts.pop(0)
        name = parts[-1].replace("-", "") if parts else ""
        if len(name) >= 2 and name not in _NOT_THE_SELLER:
            names.append(name)
    return names
