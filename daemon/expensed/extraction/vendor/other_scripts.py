"""Pages in another script than the Latin: where their head ends, which lines are labels, which names are beyond doubt.

OCR knows fewer words there, so lines are told apart by their form as well: a label before a long number, a time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from expensed.extraction.amount.labels import compact
from expensed.extraction.amount.numerals import find_money
from expensed.extraction.page.addresses import is_eastern_address
from expensed.extraction.page.lines import Row
from expensed.extraction.vendor.legal_forms import STRONG_LEGAL_FORM
from expensed.extraction.vendor.name_likeness import likeness
from expensed.extraction.vendor.names import is_other_in_script
from expensed.extraction.vendor.trade_words import is_generic, says_trade
from expensed.languages.scripts import Script, count_letters, script_of

_FEWEST_LETTERS = 20
"""A page with fewer letters of a script is not in it."""
_MOST_ROWS, _MOST_TEXT = 120, 4_000
_LATIN_SHARE = 0.4
"""The letters that a script needs for each Latin one; engines take stamps and ornaments for letters of any script."""
_ONE_LETTER = 0.25
"""A letter with a larger share is an ornament: a row of asterisks is often read as one of Han letters."""
_HEAD_ROWS = 14
_READ_WELL = 0.7
_ALIKE = 0.85
_LABELLED_NUMBER = re.compile(r"^\W*(?:[^\W\d_]{1,10}\W{0,3}\d[\d ()+-]{6,}|\d[\d ()+-]{6,}\W*[^\W\d_]{0,4})\W*$")
"""`ЙН 123456789012` or `Mob:01227109393`: a number with hardly more than its label, which OCR may have misread."""
_LABELLED = re.compile(r"^[^:]{2,20}:\s*[^\W_]")
_WHOLE_PRICE = re.compile(r"^(?:[¥₩]\s?\d{1,3}|\d{1,3}(?=[,.]))(?:[,.]\d{3})*$")
"""A price in a currency without cents."""
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z &'.-]{2,}$")
_ALPHABETS_ALIKE = frozenset((Script.CYRILLIC, Script.GREEK))
"""Scripts whose words an engine may take for Latin ones."""
_WORD = re.compile(r"[^\W\d_]{2}")
_CLEAR = 0.97
_FIRST_ROWS = 2
_PERSIAN_LETTERS = frozenset("پچژگ")
_PERSIAN_SHARE = 0.015
_IN_ARABIC = str.maketrans("کیےہھ", "كييهه")
"""Letters of Persian and Urdu that engines take for those of Arabic, which are drawn alike."""


def page_script(rows: Sequence[Row]) -> Script | None:
    """Return the script of the first page; None if it is in Latin letters, or nearly so."""
    text = "".join(row.text for row in rows[:_MOST_ROWS] if row.page == rows[0].page)
    if (script := script_of(text)) is None:
        return None
    letters = Counter(sign for sign in text[:_MOST_TEXT] if sign.isalpha())
    own, latin = count_letters(text)[script], sum(count for sign, count in letters.items() if sign.isascii())
    if script is Script.EASTERN and letters.most_common(1)[0][1] >= _ONE_LETTER * letters.total():
        return None
    return script if own >= _FEWEST_LETTERS and own >= _LATIN_SHARE * latin else None


def is_arabic(rows: Sequence[Row]) -> bool:
    """Whether the page in Arabic letters is in Arabic: Persian and Urdu have letters of their own throughout."""
    text = "".join(row.text for row in rows[:_MOST_ROWS])
    own = sum(sign in _PERSIAN_LETTERS for sign in text)
    return own < _PERSIAN_SHARE * max(count_letters(text)[Script.ARABIC], 1)


def in_arabic_letters(name: str) -> str:
    """Return a name with the letters that Arabic has."""
    return name.translate(_IN_ARABIC)


def end_of_head(rows: Sequence[Row]) -> int:
    """Return the index of the first row with a price or with the labels of columns; below it are goods, no names.

    Above a price without a label stand the goods that it is for.
    """
    first = next((row for row in rows if _is_of_table(row)), None)
    if first is None:
        return len(rows)
    return first.index - (_WORD.search(first.text) is None)


def _is_of_table(row: Row) -> bool:
    if _WHOLE_PRICE.match(row.cells[-1].text):
        return True
    labels = sum(is_other_in_script(cell.text) for cell in row.cells)
    return labels >= 2 or any(money.exact for money in find_money(row.text))


def is_other_line(text: str) -> bool:
    """Whether this is a number with at most its label, something else after a label, or an Eastern address."""
    if _LABELLED_NUMBER.match(text) or _LABELLED.match(text):
        return True
    return is_eastern_address(text) and not says_trade(text)


def is_beyond_doubt(name: str, text: str, rows: Sequence[Row], legibility: float) -> bool:
    """Whether a name from a line of a page in another script is read well, and something says that it is one.

    That is its legal form, a word of its trade beside others, or the name again in another row.
    """
    script = page_script(rows)
    if script is None:
        return True
    if legibility < _READ_WELL or is_generic(name):
        return False
    is_clear = legibility >= _CLEAR and any(row.text == text for row in rows[:_FIRST_ROWS])
    if is_clear and script not in _ALPHABETS_ALIKE and _LATIN_NAME.match(name):
        return True
    return bool(STRONG_LEGAL_FORM.search(name)) or says_trade(name) or _is_again(name, text, rows)


def _is_again(name: str, text: str, rows: Sequence[Row]) -> bool:
    plain = compact(name)
    return any(likeness(compact(row.text), plain) >= _ALIKE for row in rows[:_HEAD_ROWS] if row.text != text)
