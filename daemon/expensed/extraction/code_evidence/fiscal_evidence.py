"""Use a fiscal code on the page as proof and as source of total, date, currency, seller and number.

What the code names and the page prints is proven; what they name differently is for a person, with both values. Codes
with different totals, as on two receipts side by side, prove nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from expensed.codes.fiscal.dialects.austria import find_in_line
from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.parse import parse_fiscal_code
from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role
from expensed.extraction.candidates import UNLABELLED, Candidate
from expensed.extraction.code_evidence import witness as codes
from expensed.extraction.code_evidence.witness import FISCAL, Witness, has_code_proof, is_only_in_code
from expensed.extraction.country.currency import find_codes_beside
from expensed.extraction.date.written_dates import find_dates
from expensed.extraction.page.lines import Row, clean_text
from expensed.model.reading import Box, Code

_LONGEST_NUMBER = 60
_LINE_START = "_R1-AT"
_ROWS_OF_LINE = 12
_TO_MORE = (Role.TIP, Role.ROUNDING, Role.BALANCE)
_TO_LESS = (Role.DISCOUNT, Role.ROUNDING, Role.BALANCE)
"""What may lead from the code's total to a larger or a smaller amount."""
_MOST_STEPS = 6
_ADDS_UP = codes.ARITHMETIC | {"included", "net"}


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
    """Return the fiscal codes, each once: the QR codes', and a line's if there is none; none of the future.

    Two different texts are two codes, even if they hold the same: they may be of two receipts.
    """
    found: dict[tuple[str, bytes], Stamped] = {}
    for each in seen:
        code = parse_fiscal_code(each)
        if code is not None:
            found.setdefault((each.text, each.data), Stamped(code, each.page, each.box))
    latest = today + timedelta(days=1)
    stamped = list(found.values()) or _find_lines(rows)
    return [each for each in stamped if not each.code.days or min(each.code.days) <= latest]


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
    was handed over less the change. A code read as a line of text, whose digits may be wrong, only proves a total.
    """
    valid = with_total(stamped)
    if len({each.code.total for each in valid}) != 1:
        return found
    first, total = valid[0], valid[0].code.total or Decimal(0)
    is_there = any(
        abs(each.value) == abs(total) and (each.is_total or not first.is_printed) for each in found.candidates
    )
    if not total or (first.is_printed and not is_there) or _is_explained(found, total):
        return found
    best = next(iter(found.candidates), None)
    proofs = found.proofs.get(best.value, ()) if best is not None and abs(best.value) != abs(total) else ()
    if any(proof.kind == "change" for proof in proofs):
        return found
    proven = codes.prove_amount(codes.supply_amount(found, total, first.witness), total, first.witness)
    return codes.put_first(proven, total) if is_there and not first.is_printed else proven


def with_total(stamped: Sequence[Stamped]) -> list[Stamped]:
    """Return the codes of a purchase or a refund that state its total."""
    return [each for each in stamped if each.code.total is not None and each.code.remark is None]


def _is_explained(found: AmountFound, total: Decimal) -> bool:
    """Whether the best amount is the code's total and a printed tip, or less a discount, or rounded, or partly paid."""
    best = next(iter(found.candidates), None)
    return best is not None and _is_step(found, abs(total), abs(best.value))


def _is_step(found: AmountFound, total: Decimal, amount: Decimal) -> bool:
    """Whether printed steps lead from the code's total to the amount."""
    printed = found.paper.having(*(_TO_MORE if amount > total else _TO_LESS))
    steps = list(dict.fromkeys(abs(each.value) for each in printed if each.value))[:_MOST_STEPS]
    reachable = {Decimal(0)}
    for step in steps:
        reachable |= {reached + step for reached in reachable}
    return amount != total and abs(amount - total) in reachable


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
    kinds = [each.code.kind for each in stamped if each.code.remark is None]
    if len(set(kinds)) < len(kinds):
        doubts.append("It may be more than one receipt: several fiscal codes of one kind stand on it.")
    doubts += _amount_doubts(found, stamped, is_credit=is_credit)
    doubts += _date_doubts(dates, stamped)
    doubts += _currency_doubts(found, currency, stamped)
    return list(dict.fromkeys(doubts))


def _currency_doubts(found: AmountFound, currency: str | None, stamped: Sequence[Stamped]) -> list[str]:
    own = _currency(found, stamped)
    if own is None or currency is None:
        return []
    beside = sorted(find_codes_beside(found.sums, found.candidates[0].value))
    others = beside if beside and own not in beside else [currency] if currency != own else []
    return [f"The fiscal code on it is in {own}, but the total reads {others[0]}."] if others else []


def _amount_doubts(found: AmountFound, stamped: Sequence[Stamped], *, is_credit: bool) -> list[str]:
    best, valid = next(iter(found.candidates), None), with_total(stamped)
    totals = list(dict.fromkeys(each.code.total for each in valid if each.code.total is not None))
    if len(totals) > 1:
        return [f"The fiscal codes on it name different totals: {', '.join(map(str, totals))}."]
    if best is None or not totals:
        return []
    doubts = _refund_doubts(best.value, totals[0], valid, is_credit=is_credit)
    if is_only_in_code(best) and has_code_proof(found, FISCAL):
        printed = next((each.value for each in found.candidates if each.is_total and not is_only_in_code(each)), None)
        if printed is None:
            return [*doubts, "The amount was found in the fiscal code only."]
        return [*doubts, f"The fiscal code on it names {totals[0]}, but the total reads {printed}."]
    if has_code_proof(found, FISCAL):
        if (other := _larger_total(found) or _discounted_total(found)) is not None:
            doubts.append(f"The fiscal code on it names {totals[0]}, but {other} may be the total.")
        return doubts
    if valid[0].is_printed or _is_explained(found, totals[0]):
        return doubts
    return [*doubts, f"The fiscal code on it names {totals[0]}, not {best.value}."]


def _refund_doubts(amount: Decimal, total: Decimal, valid: Sequence[Stamped], *, is_credit: bool) -> list[str]:
    if total < 0 < amount and not is_credit:
        return [f"It may be a refund: the fiscal code on it names {total}."]
    if amount < 0 < total and (not is_credit or any(each.code.tells_refunds for each in valid)):
        return [f"It may not be a refund: the fiscal code on it names {total}."]
    return []


def _larger_total(found: AmountFound) -> Decimal | None:
    """Return a larger printed sum that a label or arithmetic makes a total, unless a discount or the like leads down.

    Tax, service or a tip do not explain it: then the code is without them. If no label says what the code's amount is,
    any larger sum without a label counts: the code may be of another receipt, and its amount that of an item.
    """
    best, is_bare = abs(found.candidates[0].value), found.candidates[0].why == codes.PRINTED_TOO[FISCAL]
    larger = (
        each.value
        for each in found.candidates[1:]
        if each.value > best
        and not is_only_in_code(each)
        and not _is_step(found, each.value, best)
        and (
            each.is_total
            or (is_bare and each.why == UNLABELLED)
            or any(proof.kind in _ADDS_UP for proof in found.proofs.get(each.value, ()))
        )
    )
    return next(larger, None)


def _discounted_total(found: AmountFound) -> Decimal | None:
    """Return a smaller printed total if a discount leads to it, as one that was taken off after the till's total."""
    best = abs(found.candidates[0].value)
    discounts = {abs(each.value) for each in found.paper.having(Role.DISCOUNT) if each.value}
    return next((each.value for each in found.candidates[1:] if each.is_total and best - each.value in discounts), None)


def _date_doubts(dates: Sequence[Candidate[date]], stamped: Sequence[Stamped]) -> list[str]:
    days, best = _days(stamped), next(iter(dates), None)
    if not days and any(each.code.days and each.code.remark is None for each in stamped):
        return ["The fiscal codes on it are of different days."]
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
    """Return the currencies with the code's own first if the total is its own, too, and no other stands beside it."""
    currency = _currency(amounts, stamped)
    beside = find_codes_beside(amounts.sums, amounts.candidates[0].value) if currency is not None else set()
    is_settled = any(each.features.get("beside") and each.features.get("at_total") for each in found)
    printed = {each.value for each in found if each.features.get("beside") or each.features.get("printed")}
    if currency is None or (is_settled and currency not in printed) or (beside and currency not in beside):
        return found
    return codes.prove_currency(found, currency, with_total(stamped)[0].witness)


def _currency(amounts: AmountFound, stamped: Sequence[Stamped]) -> str | None:
    """Return the currency of the codes that prove the amount."""
    currencies = {each.code.currency for each in with_total(stamped)}
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
    """Return the tax in the total, with its sign, if a code that names the amount also names its tax."""
    taxes = {each.code.tax for each in with_total(stamped)}
    tax = next(iter(taxes)) if len(taxes) == 1 and has_code_proof(found, FISCAL) else None
    return None if tax is None else abs(tax).copy_sign(found.candidates[0].value) + 0
