"""Tell whether amounts have three decimals, as those of dinars and of Oman's rial, or thousands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.extraction.country.countries import find_country
from expensed.extraction.country.decimals import ends_in_thousandths
from expensed.extraction.country.facts import load_countries
from expensed.extraction.page.lines import Row
from expensed.languages.signs import read_sign
from expensed.model.money import currencies_of_decimals

_WORD = re.compile(r"(?<![^\W_])(?:[A-Z]{2,3}|[A-Z]\.[A-Z]\.?)(?![^\W_])")
_LIKELY = 0.5


def has_thousandths(rows: Sequence[Row]) -> bool:
    """Whether most sums end their rows with three decimals and the country or a currency on the paper has as many."""
    if not ends_in_thousandths([row.text for row in rows]):
        return False
    written = {read_sign(word) for row in rows for word in _WORD.findall(row.text)}
    codes = currencies_of_decimals(3)
    if written & codes:
        return True
    shares = find_country(rows).shares
    return sum(share for code, share in shares.items() if load_countries()[code].currency in codes) >= _LIKELY
