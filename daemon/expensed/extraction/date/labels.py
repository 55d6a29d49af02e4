"""Tell from the words beside a date what it is, in the main European languages, Malay, Chinese, Japanese and Korean.

Words are compared as compact text: lower case, no accents, no spaces.
"""

from __future__ import annotations

import re
from enum import StrEnum

from expensed.extraction.amount.labels import compact
from expensed.extraction.languages.vocabulary import vocabulary_of


class DateRole(StrEnum):
    """The meaning of a date, by its label."""

    ISSUED = "issued"
    """The date of the invoice, the receipt or the purchase."""
    DATED = "dated"
    """The label only says that it is a date."""
    RELATED = "related"
    """The date of the order, the delivery or the print: near the purchase, and better than none."""
    DUE = "due"
    OTHER = "other"
    """The date of an expiry, a birth, points, a contract or a period."""
    NONE = "none"


_DUE = (
    r"due|fallig|fllig|f.llig|zahlbar|zahlungsziel|zahlungsfrist|echeance|chance$|apayeravant|vencimiento|vencimento|scadenza|verval|"
    r"pay(?:able|ment)?(?:by|until|before)|splatn|forfall|forfald|betalingsfrist|betalingsdato|forfallo|frfallo|erapaiva|erapvm|erpiv|"
    r"terminplatnosci|terminzaplaty|fizetesihatarido|hatarido|sonodeme|vadetarihi|vade$|ληξη|scadent|dospij|dospec|rokplac|"
    r"zapad|支払期限|繳費期限|납부기한|срокоплаты|оплатитьдо"
)
_OTHER = (
    r"contract|agreement|vertrag|expir|exp$|valid|gultig|validade|until|till|"
    r"before|bis$|effective|deliver(?!ed)|shipdate|lieferung|lieferdatum|arriv|depart|checkin|checkout|birth|geburt|dob|joined|"
    r"membersince|since|best|prelev|period|zeitraum|bestellung|reklamation|schreiben|gemass|printed?date|next|return|training|"
    r"stand$|punktestand|lastupdate|version|rev$|copyright|warranty|start|end$|from$|points?|per$|billing?period|abgebucht|"
    r"registered|established|platnost|gyldig|giltig|voimassa|waznosci|ervenyes|gecerli|lejarat|garanti|szuletes|naissance|nacimiento|"
    r"nascita|fodsel|syntyma|urodzen|narozen|poang|bonus|medlem|有効期限|有效"
)
_RELATED = (
    r"(?:leistungs?|liefer(?:schein)?|bestell|auftrags?|versand|print(?:ed)?|order|delivery|service)(?:date|datum)$"
    r"|uskutecnen.{0,12}|duzp$|leveransdatum$|leveringsdato$|toimituspaiva$|datasprzedazy$|datawykonania$|teljesiteskelte$"
)
_ISSUED = (
    r"(?:invoice|bill|receipt|issue|tax|purchase|transaction|trans|txn|sale)s?.?(?:date|datum)|dateofissue|rechnungsdatum|"
    r"belegdatum|ausstellungsdatum|datedefacture|datefacture|dateemission|facturele|rechnungvom$|"
    r"n(?:[or]|ummer)[a-z]{0,3}[0-9]{3,20}(?:vom|du|del|of|dated)$|factuurdatum|fechadefactura|fechafactura|datafattura|"
    r"fecha(?:de)?(?:emision|expedicion)|dataemiss|datadaemiss|datadeemiss|datadafatura|factuur.{0,12}du$|datefact|emisele|"
    r"datumvystaven|fakturadatum|fakturadato|laskunp|laskupaiva|datawystawienia|szamlakelte|kiallitas|kelte$|"
    r"datafacturii|dataemiterii|ημερομηνιαεκδοσ|faturatarihi|duzenlemetarihi|fistarihi|datumracuna|datumizdav|датасчета|"
    r"請求日|発行日|取引日|開票日期|开票日期|발행일|작성일자|거래일"
)
_DATED = (
    r"date|datum|datim|fecha|data|dato|pvm|paivays|paiva|tarikh|tarih|kelt|issued|invoiced|ausgestellt|dated|emis|du$|"
    r"leistungsdatum|日期|日付|날짜|일시|purchase|order|bill|trans|da[tf71i]e|dete|vom$|issuedat$|ημερ|дата|vystaveno"
)
_NEAR, _FAR = 24, 40
"""How many letters before the date count."""


def _pattern(words: str) -> re.Pattern[str]:
    """Compile a pattern without accents, as in the labels."""
    folded = "|".join(part if part.isascii() else compact(part) for part in words.split("|"))
    return re.compile(folded)


_RULES = (
    (DateRole.RELATED, _pattern(_RELATED), _NEAR),
    (DateRole.DUE, _pattern(_DUE), _NEAR),
    (DateRole.OTHER, _pattern(_OTHER), _NEAR),
    (DateRole.ISSUED, _pattern(_ISSUED), _FAR),
    (DateRole.DATED, _pattern(_DATED), _NEAR),
)


def date_role_of(label: str) -> DateRole:
    """Return the role that the words before a date give it."""
    if (role := _role_in_scripts(label)) is not None:
        return role
    text = compact(label)
    return next((role for role, pattern, reach in _RULES if pattern.search(text[-reach:])), DateRole.NONE)


def _role_in_scripts(label: str) -> DateRole | None:
    """Return the role by words of other scripts than the Latin; None if none is known."""
    words = vocabulary_of(label[-_FAR:])
    found = {DateRole(role) for _, role in words.dates.in_text(label[-_FAR:])} if words is not None else set()
    return next((role for role, _, _ in _RULES if role in found), None)
