"""Use a fiscal code on the page as proof and as source of total, date, currency, seller and number.

What the code names and the page prints is proven; what they name differently is for a person, with both values. A code
with more than one total, as on two receipts side by side, proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role
from expensed.extraction.candidates import Candidate
from expensed.extraction.codes import witness as codes
from expensed.extraction.codes.witness import FISCAL, Witness, has_code_proof, is_only_in_code
from expensed.extraction.date.written_dates import find_dates
from expensed.extraction.fiscalcode.dialects.austria import find_in_line
from expensed.extraction.fiscalcode.fiscal_code import FiscalCode
from expensed.extraction.fiscalcode.parse import parse_fiscal_code
from expensed.extraction.page.lines import Row, clean_text
from expensed.model.reading import Box, Code

_LONGEST_NUMBER = 60
_LINE_START = "_R1-AT"
_ROWS_OF_LINE = 12
_STEPS = (Role.TIP, Role.ROUNDING, Role.DISCOUNT, Role.BALANCE)


@dataclass(frozen=True, slots=True)
class Stamped:
    """A fiscal code with its place; `is_printed` if its text was read by an engine, letter by letter."""

    code: FiscalCode
    page: int
    box: Box
    is_printed: bool = False

    @property
    def sentence(self) -> str:
        """What the code says, in words."""
        money = None if self.code.total is None else f"{self.code.currency} {self.code.total}"
        days = " or ".join(each.isoformat() for each in self.code.days)
        says = " on ".join(each for each in (money, days) if each)
        return f"{self.code.kind}: {says}" if says else self.code.kind

    @property
    def witness(self) -> Witness:
        """The code as evidence."""
        return Witness(FISCAL, self.sentence, self.page, self.box)


def find_fiscal_codes(seen: Sequence[Code], rows: Sequence[Row], today: date) -> list[Stamped]:
    """Return the fiscal codes, each once: the QR codes', and a line's if there is none; none of the future."""
    found: dict[FiscalCode, Stamped] = {}
    for each in seen:
        code = parse_fiscal_code(each)
        if code is not None:
            found.setdefault(code, Stamped(code, each.page, each.box))
    if not found:
        found = {each.code: each for each in _find_lines(rows)}
    latest = today + timedelta(days=1)
    return [each for each in found.values() if not each.code.days or min(each.code.days) <= latest]


def _find_lines(rows: Sequence[Row]) -> list[Stamped]:
    for index, row in enumerate(rows):
        if _LINE_START in row.text:
            line = "".join(each.text for each in rows[index : index + _ROWS_OF_LINE] if each.page == row.page)
            code = find_in_line(line)
            if code is not None:
                return [Stamped(code, row.page, row.box, is_printed=True)]
    return []


def prove_amounts(found: AmountFound, stamped: Sequence[Stamped]) -> AmountFound:
    """Add the code's proof to the total that it names; one that is nowhere else is added.

    A printed one comes first, whatever its label. But an amount that is the total with its tip stays, and so does what
    was handed over less the change.
    """
    valid = _with_total(stamped)
    if len({each.code.total for each in valid}) != 1:
        return found
    first, total = valid[0], valid[0].code.total or Decimal(0)
    is_there = any(abs(each.value) == abs(total) for each in found.candidates)
    if not total or (first.is_printed and not is_there) or _is_explained(found, total):
        return found
    best = next(iter(found.candidates), None)
    proofs = found.proofs.get(best.value, ()) if best is not None and abs(best.value) != abs(total) else ()
    if any(proof.kind == "change" for proof in proofs):
        return found
    proven = codes.prove_amount(codes.supply_amount(found, total, first.witness), total, first.witness)
    return codes.put_first(proven, total) if is_there else proven


def _with_total(stamped: Sequence[Stamped]) -> list[Stamped]:
    return [each for each in stamped if each.code.total is not None and each.code.remark is None]


def _is_explained(found: AmountFound, total: Decimal) -> bool:
    """Whether the best amount is the code's total with a printed tip, rounding, discount or earlier payment."""
    best = next(iter(found.candidates), None)
    steps = {abs(each.value) for each in found.paper.having(*_STEPS) if each.value}
    return best is not None and abs(abs(best.value) - abs(total)) in steps


def find_doubts(
    found: AmountFound,
    dates: Sequence[Candidate[date]],
    currency: str | None,
    stamped: Sequence[Stamped],
    *,
    is_credit: bool,
) -> list[str]:
    """Return what the codes say against the amount, the date, the currency, or a purchase at all, as sentences."""
    doubts = [each.code.remark for each in stamped if each.code.remark is not None]
    doubts += _amount_doubts(found, stamped, is_credit=is_credit)
    doubts += _date_doubts(dates, stamped)
    if currency is not None and (own := _currency(found, stamped)) is not None and own != currency:
        doubts.append(f"The fiscal code on it is in {own}, but the total reads {currency}.")
    return list(dict.fromkeys(doubts))


def _amount_doubts(found: AmountFound, stamped: Sequence[Stamped], *, is_credit: bool) -> list[str]:
    best, valid = next(iter(found.candidates), None), _with_total(stamped)
    totals = list(dict.fromkeys(each.code.total for each in valid if each.code.total is not None))
    if len(totals) > 1:
        return [f"The fiscal codes on it name different totals: {', '.join(map(str, totals))}."]
    if best is None or not totals:
        return []
    doubts = []
    if totals[0] < 0 and not is_credit and best.value > 0:
        doubts.append(f"It may be a refund: the fiscal code on it names {totals[0]}.")
    if is_only_in_code(best) and has_code_proof(found, FISCAL):
        printed = next((each.value for each in found.candidates if each.is_total and not is_only_in_code(each)), None)
        if printed is None:
            return [*doubts, "The amount was found in the fiscal code only."]
        return [*doubts, f"The fiscal code on it names {totals[0]}, but the total reads {printed}."]
    if has_code_proof(found, FISCAL):
        other = _also_proven(found)
        return [*doubts, f"The fiscal code on it names {totals[0]}, but {other} adds up."] if other else doubts
    if valid[0].is_printed or _is_explained(found, totals[0]):
        return doubts
    return [*doubts, f"The fiscal code on it names {totals[0]}, not {best.value}."]


def _also_proven(found: AmountFound) -> Decimal | None:
    """Return a larger printed total that arithmetic proves as well."""
    best = found.candidates[0].value
    proven = (
        each.value
        for each in found.candidates[1:]
        if each.is_total
        and each.value > abs(best)
        and not _is_explained(found, each.value)
        and any(proof.kind in codes.ARITHMETIC for proof in found.proofs.get(each.value, ()))
    )
    return next(proven, None)


def _date_doubts(dates: Sequence[Candidate[date]], stamped: Sequence[Stamped]) -> list[str]:
    days, best = _days(stamped), next(iter(dates), None)
    if not days or best is None or all(each.is_printed for each in stamped):
        return []
    shown = " or ".join(each.isoformat() for each in days)
    if best.why == FISCAL:
        printed = next((each.value for each in dates if each.why != FISCAL), None)
        if printed is None:
            return []
        return [f"The fiscal code on it is of {shown}, but the date reads {printed}."]
    return [] if best.value in days else [f"The fiscal code on it is of {shown}, not of {best.value}."]


def _days(stamped: Sequence[Stamped]) -> tuple[date, ...]:
    """Return the days that all the codes may mean; none if they differ, or are not of a purchase."""
    choices = [each.code.days for each in stamped if each.code.days and each.code.remark is None]
    return tuple(day for day in choices[0] if all(day in days for days in choices)) if choices else ()


def prove_dates(found: list[Candidate[date]], stamped: Sequence[Stamped]) -> list[Candidate[date]]:
    """Return the dates with the code's day proven, or supplied if it is not printed."""
    days = _days(stamped)
    first = next((each for each in stamped if set(days) <= set(each.code.days)), None)
    found = [_reread(each, days) for each in found]
    if not days or first is None or (first.is_printed and not any(each.value in days for each in found)):
        return found
    return codes.prove_date(found, days, first.witness)


def _reread(candidate: Candidate[date], days: Sequence[date]) -> Candidate[date]:
    """Return the date with day and month the other way round if only that is the code's."""
    for written in find_dates(candidate.text):
        readings = (written.first, written.second)
        if candidate.value in readings and candidate.value not in days:
            others = [each for each in readings if each is not None and each in days]
            return replace(candidate, value=others[0]) if others else candidate
    return candidate


def is_dated(dates: Sequence[Candidate[date]], stamped: Sequence[Stamped]) -> bool:
    """Whether a code leaves no day but the best date."""
    return bool(dates) and _days(stamped) == (dates[0].value,)


def prove_currencies(
    found: list[Candidate[str]], amounts: AmountFound, stamped: Sequence[Stamped]
) -> list[Candidate[str]]:
    """Return the currencies with the code's own first if the total is its own, too, and no other alone is printed."""
    currency = _currency(amounts, stamped)
    is_settled = any(each.features.get("beside") and each.features.get("at_total") for each in found)
    printed = {each.value for each in found if each.features.get("beside") or each.features.get("printed")}
    if currency is None or (is_settled and currency not in printed):
        return found
    return codes.prove_currency(found, currency, _with_total(stamped)[0].witness)


def _currency(amounts: AmountFound, stamped: Sequence[Stamped]) -> str | None:
    """Return the currency of the codes that prove the amount."""
    currencies = {each.code.currency for each in _with_total(stamped)}
    return next(iter(currencies)) if len(currencies) == 1 and has_code_proof(amounts, FISCAL) else None


def prove_vendors(found: list[Candidate[str]], stamped: Sequence[Stamped]) -> list[Candidate[str]]:
    """Return the names including the seller's, where a code holds it."""
    for each in stamped:
        if each.code.seller is not None:
            return codes.prove_vendor(found, each.code.seller, each.witness)
    return found


def document_number(stamped: Sequence[Stamped]) -> str | None:
    """Return the number of the invoice in the code; none if there are several codes."""
    numbers = [clean_text(each.code.number or "", _LONGEST_NUMBER) for each in stamped if not each.is_printed]
    return numbers[0] or None if len(numbers) == 1 else None


def tax_of(found: AmountFound, stamped: Sequence[Stamped]) -> Decimal | None:
    """Return the tax in the total, if a code that names the amount also names its tax."""
    taxes = {each.code.tax for each in _with_total(stamped)}
    return next(iter(taxes)) if len(taxes) == 1 and has_code_proof(found, FISCAL) else None
