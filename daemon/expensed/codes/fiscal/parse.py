"""Parse a code in the dialect that it is written in."""

from __future__ import annotations

from collections.abc import Callable

from expensed.codes.fiscal.dialects import (
    adriatic,
    argentina,
    austria,
    brazil,
    bulgaria,
    china,
    croatia,
    egypt,
    germany,
    indonesia,
    poland,
    portugal,
    russia,
    saudi_arabia,
    slovenia,
    spain,
    taiwan,
    taxcore,
    turkey,
)
from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.model.reading import Code

_LONGEST = 2_000
_DIALECTS: tuple[Callable[[str, bytes], FiscalCode | None], ...] = (
    germany.parse,
    austria.parse,
    portugal.parse,
    spain.parse,
    croatia.parse,
    taxcore.parse,
    adriatic.parse,
    slovenia.parse,
    poland.parse,
    russia.parse,
    saudi_arabia.parse,
    egypt.parse,
    indonesia.parse,
    brazil.parse,
    taiwan.parse,
    china.parse,
    bulgaria.parse,
    turkey.parse,
    argentina.parse,
)


def parse_fiscal_code(code: Code) -> FiscalCode | None:
    """Parse what a fiscal code holds; None for any other code, and for one that breaks its own dialect's rules."""
    text = code.text.removeprefix("\ufeff").strip("\r\n ")
    if len(text) > _LONGEST:
        return None
    found = (parse(text, code.data) for parse in _DIALECTS)
    return next((each for each in found if each is not None), None)
