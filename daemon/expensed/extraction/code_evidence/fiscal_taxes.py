"""The taxes by rate that a fiscal code states, exactly; what follows from its definition says how in its proof."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from expensed.codes.fiscal.fiscal_code import FiscalCode, Tax
from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.code_evidence.fiscal_evidence import Stamped, with_total
from expensed.extraction.code_evidence.witness import FISCAL, has_code_proof
from expensed.extraction.invoice.figures import is_rounded, tax_in, tax_on
from expensed.model.breakdown import TaxLine
from expensed.model.money import with_decimals


def taxes_of(found: AmountFound, stamped: Sequence[Stamped]) -> tuple[TaxLine, ...]:
    """Return the taxes in the amount, with its sign, if a code that names it also states them."""
    valid = with_total(stamped)
    if len({each.code.taxes for each in valid}) != 1 or not has_code_proof(found, FISCAL):
        return ()
    first, amount = valid[0], found.candidates[0].value
    turn = -1 if amount * (first.code.total or Decimal(0)) < 0 else 1
    return tuple(_line(tax, first, turn) for tax in first.code.taxes)


def _line(tax: Tax, stamped: Stamped, turn: int) -> TaxLine:
    """Return one tax with all figures that its own give: net, tax and gross from two of them, or from the rate."""
    code = stamped.code
    net, charged, gross = tax.net, tax.tax, tax.gross
    if charged is None and gross is not None and tax.rate is not None:
        charged = tax_in(gross, tax.rate, code.currency)
    if net is None and gross is not None and charged is not None:
        net = gross - charged
    if gross is None and net is not None and charged is not None:
        gross = net + charged
    return TaxLine(
        name=tax.name,
        rate=tax.rate,
        net=_money(net, turn, code),
        tax=_money(charged, turn, code),
        gross=_money(gross, turn, code),
        page=stamped.page,
        box=stamped.box,
        proof=_proof(tax, turn, code),
    )


def _money(amount: Decimal | None, turn: int, code: FiscalCode) -> Decimal | None:
    return None if amount is None else with_decimals(turn * amount + 0, code.currency)


def _proof(tax: Tax, turn: int, code: FiscalCode) -> str:
    """Return the code as the source, with how the rate gives the tax: in a gross amount or on a net one."""
    if tax.rate is None:
        return code.kind
    net, gross = _money(tax.net, turn, code), _money(tax.gross, turn, code)
    if tax.tax is None and gross is not None:
        return f"{code.kind}: {tax.rate:f} % in {gross:f}"
    is_product = tax.net is not None and tax.tax is not None
    if is_product and is_rounded(tax_on(tax.net or Decimal(0), tax.rate), tax.tax or Decimal(0), code.currency):
        return f"{code.kind}: {tax.rate:f} % of {net:f}"
    return code.kind
