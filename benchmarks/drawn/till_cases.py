"""Cases on tills: calendars, decimals, currencies, and names that mislead; drawn from `words/tills.toml`."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from benchmarks.drawn.countries import WORDS
from benchmarks.drawn.papers import Case, Line

_KNOWN_DAYS = {
    "iran": (("1403/03/17", "2024-06-06"), ("1402/12/25", "2024-03-15"), ("1404/01/20", "2025-04-09")),
    "islam": (("1445/09/15", "2024-03-25"), ("1446/03/17", "2024-09-20"), ("1445/11/20", "2024-05-28")),
}
"""Days of the calendar of Iran and of Umm al-Qura, as published."""
_ADDRESS = ("22 Harbour Way, Bristol BS1 5TY", "VAT No GB 123 4567 89")


class Shop(msgspec.Struct):
    """A shop of some country; `lines` are its name and address."""

    currency: str
    lines: list[str]
    mark: str = ""
    places: int = 0
    dates: list[str] = []


class Names(msgspec.Struct):
    """Names of sellers, and the category that none of them has."""

    names: list[str]
    never: str = ""


class Tills(msgspec.Struct):
    """The whole table."""

    calendar: list[Shop]
    decimals: list[Shop]
    yen: list[Shop]
    beside: list[Shop]
    label: list[Names]
    category: list[Names]


@cache
def load_tills() -> Tills:
    """Return the table."""
    return msgspec.toml.decode((WORDS / "tills.toml").read_text(encoding="utf-8"), type=Tills)


def draw_till_cases(seed: int = 13) -> list[Case]:
    """Draw all of them; the same ones for the same seed."""
    makers = {
        "01-three-decimals": _decimals, "05-seller-like-label": _labels, "08-category": _categories,
        "14-calendar": _calendars, "16-yen": _yen, "17-code-beside-total": _beside,
    }  # fmt: skip
    return [
        Case(kind, f"{kind}-{number}", case.pages, case.want, case.never, case.review)
        for kind, make in makers.items()
        for number, case in enumerate(make(random.Random(f"{seed}/{kind}")), 1)
    ]


def _till(
    lines: Sequence[str], day: str, items: Sequence[tuple[str, str]], sums: Sequence[tuple[str, str]]
) -> tuple[Line, ...]:
    head = [Line(lines[0], size=1.3), *map(Line, lines[1:])]
    return (*head, Line(""), Line(day), Line(""), *(Line(*each) for each in (*items, *sums)))


def _case(page: tuple[Line, ...], want: dict[str, Any], never: dict[str, Any], *, review: bool = True) -> Case:
    return Case("", "", (page,), want, never, review)


def _figure(amount: Decimal, places: int, comma: str = ",") -> str:
    return f"{amount:,.{places}f}".replace(",", comma)


def _goods(chance: random.Random, places: int, step: str) -> tuple[Decimal, Decimal]:
    low, high = (Decimal(chance.randint(11, 89)) * Decimal(step) for _ in range(2))
    return low.quantize(Decimal(10) ** -places), high.quantize(Decimal(10) ** -places)


def _calendars(chance: random.Random) -> Iterator[Case]:
    for shop in load_tills().calendar:
        for form in shop.dates * (3 if len(shop.dates) == 1 else 1):
            shown, iso = _day(form, chance)
            one, two = _goods(chance, shop.places, "10")
            due = one + two
            labelled = {"A": one, "B": two, "TOTAL": due, "CASH": due + 100, "CHANGE": Decimal(100)}
            sums = [(label, shop.mark.format(_figure(each, shop.places))) for label, each in labelled.items()]
            page = _till(shop.lines, f"{shown}  19:45", sums[:2], sums[2:])
            yield _case(page, {"amount": due, "date": iso}, {})


def _day(form: str, chance: random.Random) -> tuple[str, str]:
    for name, days in _KNOWN_DAYS.items():
        if name in form:
            return chance.choice(days)
    day = date(chance.choice((2023, 2024)), 6, chance.randint(13, 28))
    parts = {"d": day.day, "m": day.month, "y543": day.year + 543, "y1911": day.year - 1911, "y2018": day.year - 2018}
    return form.format(**parts), day.isoformat()


def _decimals(chance: random.Random) -> Iterator[Case]:
    for shop in load_tills().decimals:
        for has_code in (True, False):
            one, two = _goods(chance, 3, "0.125")
            code = f"{shop.currency} " if has_code else ""
            sums = [("Total", code + _figure(one + two, 3)), ("Cash", _figure(one + two + 5, 3)), ("Change", "5.000")]
            items = [("Notebook", _figure(one, 3)), ("Pens", _figure(two, 3))]
            day = date(2024, chance.randint(1, 12), chance.randint(13, 28))
            page = _till(shop.lines, f"Date {day:%d/%m/%Y} 14:22", items, sums)
            want = {"amount": one + two, "date": day.isoformat()} | ({"currency": shop.currency} if has_code else {})
            yield _case(page, want, {"amount": (one + two) * 1000})


def _yen(chance: random.Random) -> Iterator[Case]:
    for shop in load_tills().yen:
        for mark in ("{} JPY", "¥{}"):
            one, two = _goods(chance, 0, "10")
            sums = [
                ("TOTAL", mark.format(_figure(one + two, 0))),
                ("CASH", _figure(one + two + 500, 0)),
                ("CHANGE", "500"),
            ]
            items = [("Green tea", _figure(one, 0)), ("Pencil", _figure(two, 0))]
            day = date(2024, chance.randint(1, 12), chance.randint(13, 28))
            page = _till(shop.lines, f"{day:%Y/%m/%d} 17:22", items, sums)
            yield _case(page, {"amount": one + two, "currency": "JPY", "date": day.isoformat()}, {"currency": "CNY"})


def _beside(chance: random.Random) -> Iterator[Case]:
    for shop in load_tills().beside:
        for _ in range(2):
            one, two = _goods(chance, 0, "500")
            shown = [_figure(each, 0, ".") for each in (one, two, one + two, one + two + 1000)]
            sums = [("Total", shop.mark.format(shown[2])), ("Cash", shown[3]), ("Change", "1.000")]
            day = date(2024, chance.randint(1, 12), chance.randint(13, 28))
            page = _till(shop.lines, f"{day:%d/%m/%Y} 12:31", [("A", shown[0]), ("B", shown[1])], sums)
            never = {"amount": (one + two) / 1000, "state": "filed"}
            yield _case(page, {"amount": one + two, "currency": shop.currency}, never)


def _invoice(seller: str, chance: random.Random) -> tuple[tuple[Line, ...], Decimal]:
    net = Decimal(chance.randint(20, 90))
    tax = net / 5
    page = _till(
        (seller, *_ADDRESS, f"Invoice {chance.randint(11, 99)}"), "Date: 15 March 2024", [("Service", f"£{net:.2f}")],
        [("Net", f"£{net:.2f}"), ("VAT 20%", f"£{tax:.2f}"), ("Total", f"£{net + tax:.2f}")],
    )  # fmt: skip
    return page, net + tax


def _labels(chance: random.Random) -> Iterator[Case]:
    for name in load_tills().label[0].names:
        page, total = _invoice(name, chance)
        yield _case(page, {"vendor": name, "amount": total}, {"vendor": _ADDRESS[0]})


def _categories(chance: random.Random) -> Iterator[Case]:
    for names in load_tills().category:
        for name in names.names:
            page, _ = _invoice(name, chance)
            yield _case(page, {}, {"category": names.never}, review=False)
