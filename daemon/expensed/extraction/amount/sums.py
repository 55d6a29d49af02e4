"""Find the sums: every number on the document with its label and the role that the label gives it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from expensed.extraction.amount.labels import Role, compact, role_of
from expensed.extraction.amount.labels_by_language import role_in_tongues
from expensed.extraction.amount.labels_by_script import role_in_scripts
from expensed.extraction.amount.numerals import Money, find_money
from expensed.extraction.country.thousandths import has_thousandths
from expensed.extraction.page.lines import Cell, Row
from expensed.languages.scripts import LETTER, Script, count_letters
from expensed.model.reading import Box

_LETTERS = re.compile(rf"(?:{LETTER}){{2}}|%")
MOST_SUMS = 4_000
"""How many sums of one document are considered."""
_ROWS_ABOVE = 2
_BETWEEN_CELLS = "\n"
_DOUBTED = (Role.BALANCE, Role.COUNT, Role.DISCOUNT, Role.SERVICE)
_LOWEST_RATE, _HIGHEST_RATE = Decimal("0.005"), Decimal("0.30")
_CONTAINS = re.compile(r"(?:enthalt(?:en)?|darin|davon|dont|dicui|waarvan|incluye|delscuales|varav|herav|heraf)$")
"""As in `Betrag enthält 3,26 € MwSt`."""
_FEW_CENTS = 2
_DECIMALS = re.compile(r"(?<![\d.,])\d{1,3}\.(\d{2,3})(?![\d.,]|\s?%)")
_FEWEST_THOUSANDTHS, _FEWEST_LETTERS, _MOST_ROWS_TO_JUDGE = 3, 10, 60
_SAME_EDGE = 0.06
"""Share of the page's width; sums with right edges this close stand in one column."""
_ALIGNED = (Role.FINAL, Role.TOTAL, Role.SUBTOTAL, Role.CASH, Role.CARD, Role.CHANGE)
_GROUPED = re.compile(r"\d[.,'’]\d{3}")
_DATE_OR_TIME = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Sum:
    """A number with its label; `column` is its position among its row's exact sums, `columns` their number."""

    value: Decimal
    role: Role
    label: str
    row: Row
    cell: Cell
    money: Money
    column: int
    columns: int

    @property
    def box(self) -> Box:
        """The box of the number's cell."""
        return self.cell.box


_Reader = Callable[[Cell], tuple[Money, ...]]
"""Returns the numbers in a cell."""


def find_sums(rows: Sequence[Row]) -> list[Sum]:
    """Return every number of every row, top to bottom and left to right.

    On documents without cents, as in Japan, whole numbers in the place of money count as exact.
    """
    if _has_thousandths(rows) or has_thousandths(rows):
        return _all_sums(rows, _moneys_in_thousandths)
    found = _all_sums(rows, _moneys)
    edges = _whole_edges(found)
    return _all_sums(rows, lambda cell: _with_whole(cell, edges)) if edges else found


def _all_sums(rows: Iterable[Row], read: _Reader) -> list[Sum]:
    found: list[Sum] = []
    above: list[Row] = []
    for row in rows:
        found.extend(_sums_of(row, above, read))
        if len(found) >= MOST_SUMS:
            return found[:MOST_SUMS]
        above = [*above, row][-_ROWS_ABOVE:]
    return found


def _moneys(cell: Cell) -> tuple[Money, ...]:
    return find_money(without_dates(cell.text))


def _moneys_in_thousandths(cell: Cell) -> tuple[Money, ...]:
    return find_money(without_dates(cell.text), has_thousandths=True)


def _has_thousandths(rows: Sequence[Row]) -> bool:
    """Whether an Arabic paper writes all its sums with three decimals, as those of dinars and of Oman's rial are."""
    if sum(count_letters(row.text)[Script.ARABIC] for row in rows[:_MOST_ROWS_TO_JUDGE]) < _FEWEST_LETTERS:
        return False
    decimals = [len(part) for row in rows for part in _DECIMALS.findall(without_dates(row.text))]
    return decimals.count(3) >= _FEWEST_THOUSANDTHS and decimals.count(3) > 4 * decimals.count(2)


def _whole_edges(sums: Sequence[Sum]) -> list[float]:
    """Return the right edges of labelled whole sums; none on documents that print cents."""
    if sum(each.money.exact for each in sums) > _FEW_CENTS:
        return []
    totals = has_role(sums, Role.FINAL, Role.TOTAL)
    if any(each.money.exact for each in totals) or not any(abs(each.value) >= 1 for each in totals):
        return []
    return [each.box[2] for each in has_role(sums, *_ALIGNED) if _ends_cell(each.cell, each.money)]


def _with_whole(cell: Cell, edges: Sequence[float]) -> tuple[Money, ...]:
    """Return the numbers of a cell; those with a sign, thousands, or at the edge of labelled sums count as exact."""
    return tuple(
        replace(money, exact=True, whole=True) if not money.exact and _is_whole_sum(cell, money, edges) else money
        for money in _moneys(cell)
    )


def _is_whole_sum(cell: Cell, money: Money, edges: Sequence[float]) -> bool:
    if money.sign or _GROUPED.search(cell.text[money.start : money.end]):
        return True
    return _ends_cell(cell, money) and any(abs(cell.box[2] - edge) < _SAME_EDGE for edge in edges)


def _ends_cell(cell: Cell, money: Money) -> bool:
    return not any(sign.isalnum() for sign in cell.text[money.end :])


def has_role(sums: Iterable[Sum], *roles: Role) -> list[Sum]:
    """Return the sums with one of these roles."""
    return [each for each in sums if each.role in roles]


def _sums_of(row: Row, above: list[Row], read: _Reader) -> list[Sum]:
    numbers = [(cell, money) for cell in row.cells for money in read(cell)]
    if not numbers:
        return []
    exact = [money for _, money in numbers if money.exact]
    labels = _labels(row, read)
    sums = []
    column = 0
    for cell, money in numbers:
        label = labels[(id(cell), money.start)]
        role = _role(label)
        if role is Role.COUNT and money.exact and money.sign and "total" in compact(label):
            role = Role.SUBTOTAL  # `Total 4 item(s) $27.48`
        if role is Role.NONE and (money.exact or money.sign) and len(numbers) == 1:
            label, role = _label_above(row, cell, label, above)
        column += money.exact
        sums.append(Sum(money.value, role, label, row, cell, money, column, len(exact)))
    return _tax_table(sums)


def _tax_table(sums: list[Sum]) -> list[Sum]:
    """Return the sums of a row, with the roles net and tax if they are that at a usual rate and not totals."""
    values = [each for each in sums if each.money.exact]
    if not 2 <= len(values) <= 3 or not has_role(values, Role.TOTAL, Role.FINAL):
        return sums
    roles = _tax_roles([each.value for each in values])
    for each, role in zip(values, roles, strict=False):
        sums[sums.index(each)] = replace(each, role=role)
    return sums


def _tax_roles(values: list[Decimal]) -> list[Role]:
    """Return the roles of two or three sums side by side if they are net, tax and perhaps their total; else none."""
    net, tax = values[0], values[1]
    if len(values) == 2:
        return [Role.NET, Role.TAX] if net > 0 and _LOWEST_RATE <= tax / net <= _HIGHEST_RATE else []
    third = values[2]
    if net > 0 and net + tax == third and tax / net <= _HIGHEST_RATE:
        return [Role.NET, Role.TAX, Role.TOTAL]
    if net > 0 and tax + third == net and 0 <= third <= tax * _HIGHEST_RATE:
        return [Role.TOTAL, Role.NET, Role.TAX]
    return []


def _role(label: str) -> Role:
    """Return the role of a label; if other columns precede it, the nearest one may decide."""
    role = role_of_label(label) if label else Role.NONE
    if role in (Role.FINAL, Role.TOTAL) and _CONTAINS.search(compact(label)):
        return Role.TAX
    if role in _DOUBTED and _BETWEEN_CELLS in label:
        nearest = role_of_label(label.rpartition(_BETWEEN_CELLS)[2])
        return nearest if nearest in (Role.FINAL, Role.TOTAL) else role
    return role


@lru_cache(maxsize=2_000)
def role_of_label(label: str) -> Role:
    """Return the role by the whole labels of smaller languages, by the words of other scripts, or by the patterns."""
    if (role := role_in_tongues(label)) is not Role.NONE:
        return role
    in_script = role_in_scripts(label)
    return role_of(label) if in_script is None else in_script


def _labels(row: Row, read: _Reader) -> dict[tuple[int, int], str]:
    """Return the label of each number in the row: the words left of it, back to the last number with cents."""
    labels: dict[tuple[int, int], str] = {}
    label = last = ""
    for cell in row.cells:
        at = 0
        text = without_dates(cell.text)
        for money in read(cell):
            label = f"{label} {text[at : money.start]}".strip(" ")
            if not _LETTERS.search(label):
                label = last
            labels[(id(cell), money.start)] = label
            at = money.end
            if money.exact:
                last, label = label, ""
            else:
                label = f"{label} {text[money.start : money.end]}"
        label = f"{label} {text[at:]}".strip() + _BETWEEN_CELLS
    return labels


def _label_above(row: Row, cell: Cell, label: str, above: list[Row]) -> tuple[str, Role]:
    """Return a label above the number: alone on the row before, or at the head of its column."""
    if _LETTERS.search(label):
        return label, Role.NONE
    if above and len(row.cells) <= 2 and _is_near(above[-1], row) and not _has_exact(above[-1]):
        role = role_of_label(above[-1].text)
        if role is not Role.NONE and len(above[-1].cells) == 1:
            return above[-1].text, role
    for other in reversed(above):
        for head in other.cells:
            if _shares_column(head, cell) and not _has_exact(other) and role_of_label(head.text) is Role.FINAL:
                return head.text, Role.FINAL
    return label, Role.NONE


@lru_cache(maxsize=2_000)
def without_dates(text: str) -> str:
    """Replace dates and times with blanks, keeping the text's length."""
    return _DATE_OR_TIME.sub(lambda match: " " * len(match[0]), text[:600])


def _is_near(upper: Row, lower: Row) -> bool:
    return upper.page == lower.page and lower.box[1] - upper.box[3] < 1.2 * lower.height


def _has_exact(row: Row) -> bool:
    return any(money.exact for cell in row.cells for money in find_money(without_dates(cell.text)))


def _shares_column(head: Cell, cell: Cell) -> bool:
    if head.page != cell.page:
        return False
    shared = min(head.box[2], cell.box[2]) - max(head.box[0], cell.box[0])
    return shared > 0.4 * min(head.box[2] - head.box[0], cell.box[2] - cell.box[0])
