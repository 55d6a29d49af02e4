"""More documents of the kinds on which programs like this one are known to fail, each with what is wanted of it.

All are seeded and drawn from `words/papers.toml`; `judge` says how an answer fares.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from benchmarks.drawn.papers import Case, Clerk, Line, load_wordings

_NO_EXPENSE = {"state": "filed"}
_PARTS = ("quotation", "pro_forma", "order", "reminder", "others")


class Verdict(StrEnum):
    """How an answer fares: as wanted, left to a person, left to one with a wrong proposal, or wrong."""

    RIGHT = "RIGHT"
    REVIEW = "REVIEW"
    GUESS = "GUESS"
    WRONG = "WRONG"


def judge(case: Case, said: Mapping[str, Any]) -> Verdict:
    """Judge an answer; `said` has the fields of the expense and its state, `filed` or `review`."""
    is_never = bool(case.never) and all(said.get(name) == value for name, value in case.never.items())
    is_want = bool(case.want) and all(said.get(name) == value for name, value in case.want.items())
    is_review = said["state"] == "review"
    if is_want and not is_never:
        return Verdict.RIGHT
    if is_review and not case.want and case.never.get("state") == "filed":
        return Verdict.RIGHT
    if is_review and case.review:
        return Verdict.GUESS if is_never else Verdict.REVIEW
    return Verdict.RIGHT if not is_review and not case.want and not is_never else Verdict.WRONG


def draw_cases(seed: int = 13) -> list[Case]:
    """Draw all cases; the same ones for the same seed."""
    makers: dict[str, Callable[[Clerk], Iterator[Case]]] = {
        "03-no-purchase": _no_purchase, "03-cited": _cited, "04-credit-note": _credit_note,
        "06-other-date": _other_date, "15-year-first": _year_first,
        "18-carried": _carried, "19-print-time": _print_time, "25-mail": _mail,
    }  # fmt: skip
    found = []
    for kind, make in makers.items():
        for language, wording in load_wordings().items():
            chance = random.Random(f"{seed}/{kind}/{language}")
            cases = make(Clerk(wording, chance))
            found += [_named(case, kind, f"{language}-{number}") for number, case in enumerate(cases, 1)]
    return found


def _named(case: Case, kind: str, name: str) -> Case:
    return Case(kind, name, case.pages, case.want, case.never, case.review)


def _case(*pages: tuple[Line, ...], want: dict[str, Any] | None = None, never: dict[str, Any] | None = None,
          review: bool = True) -> Case:  # fmt: skip
    return Case("", "", pages, want or {}, never or {}, review)


def _dated(clerk: Clerk, day: date) -> Line:
    return Line(clerk.wording.dated.format(clerk.written(day)))


def _no_purchase(clerk: Clerk) -> Iterator[Case]:
    """Papers that look like an invoice but are none."""
    for part in _PARTS:
        title = clerk.chance.choice(getattr(clerk.wording, part))
        page = clerk.paper(title, [_dated(clerk, clerk.day())], clerk.sums())
        yield _case(page, never=_NO_EXPENSE)


def _cited(clerk: Clerk) -> Iterator[Case]:
    """Invoices that name other papers."""
    for cited in clerk.chance.sample(clerk.wording.cited, min(2, len(clerk.wording.cited))):
        day, sums = clerk.day(), clerk.sums()
        page = clerk.paper(clerk.wording.invoice, [_dated(clerk, day), Line(cited)], sums)
        yield _case(page, want={"amount": sums.total, "date": day.isoformat(), "kind": "invoice"})


def _credit_note(clerk: Clerk) -> Iterator[Case]:
    """Credit notes that print their sums without a sign."""
    for title in clerk.wording.credit:
        sums = clerk.sums()
        page = clerk.paper(title, [_dated(clerk, clerk.day())], sums)
        yield _case(page, want={"amount": -sums.total, "kind": "credit-note"}, never={"amount": sums.total})


def _other_date(clerk: Clerk) -> Iterator[Case]:
    """Invoices whose only date is another."""
    for label in clerk.chance.sample(clerk.wording.only, 3):
        line = Line(label.format(clerk.written(clerk.day())))
        yield _case(clerk.paper(clerk.wording.invoice, [line], clerk.sums()), never=_NO_EXPENSE)
    serial = Line(f"Serial {clerk.day():%Y-%m-%d}-{clerk.chance.randint(1000, 9999)}")
    yield _case(clerk.paper(clerk.wording.invoice, [serial], clerk.sums()), never=_NO_EXPENSE)


def _year_first(clerk: Clerk) -> Iterator[Case]:
    """Dates such as 24-03-27 and 240327 where the year comes first."""
    if clerk.wording.currency not in ("SEK", "HUF"):
        return
    for form in ("%y-%m-%d", "%y%m%d") if clerk.wording.currency == "SEK" else ("%y.%m.%d.", "%y.%m.%d"):
        for label in clerk.wording.issued:
            day, sums = clerk.day(), clerk.sums()
            page = clerk.paper(clerk.wording.invoice, [Line(label.format(day.strftime(form)))], sums)
            yield _case(page, want={"amount": sums.total, "date": day.isoformat()})


def _carried(clerk: Clerk) -> Iterator[Case]:
    """Invoices of two pages, with the sum of the first carried to the second."""
    day, sums = clerk.day(), clerk.sums()
    so_far = sum((cost for _, cost in sums.items[:-1]), Decimal(0))
    carried = clerk.pair(clerk.wording.carried, clerk.money(so_far))
    goods = [clerk.pair(name, clerk.money(cost)) for name, cost in sums.items]
    title = clerk.title(clerk.wording.invoice)
    one = (*clerk.head(), Line(""), title, _dated(clerk, day), *goods[:-1], carried)
    two = (Line(f"{clerk.seller} 2/2"), carried, goods[-1], *clerk.foot(sums))
    want = {"amount": sums.total, "date": day.isoformat(), "state": "filed"}
    yield _case(one, two, want=want, review=not clerk.places)


def _print_time(clerk: Clerk) -> Iterator[Case]:
    """Invoices with the day of printing, and that of the order, beside their own."""
    for label in clerk.wording.issued[:2]:
        day, sums = clerk.day(), clerk.sums()
        later, earlier = day + timedelta(days=1), day - timedelta(days=20)
        lines = [
            Line(clerk.chance.choice(clerk.wording.related).format(clerk.written(earlier))),
            Line(label.format(clerk.written(day))),
            Line(clerk.chance.choice(clerk.wording.print).format(clerk.written(later))),
        ]
        clerk.chance.shuffle(lines)
        yield _case(clerk.paper(clerk.wording.invoice, lines, sums), want={"date": day.isoformat()})


def _mail(clerk: Clerk) -> Iterator[Case]:
    """An invoice within a mail; the same without a date of its own; and one that a browser has printed."""
    day, sums, wording = clerk.day(), clerk.sums(), clerk.wording
    sent = day + timedelta(days=3)
    sender, on, to, subject = wording.mail
    mail = (
        Line(f"{sender}: {clerk.seller} <office@shop.example>"), Line(f"{on}: {clerk.written(sent)} 08:00"),
        Line(f"{to}: ann@mail.example"), Line(f"{subject}: 4711"), Line(""),
    )  # fmt: skip
    own = Line(clerk.chance.choice(wording.issued).format(clerk.written(day)))
    mailed = {"state": "filed", "date": sent.isoformat()}
    yield _case((*mail, *clerk.paper(wording.invoice, [own], sums)), want={"date": day.isoformat()}, never=mailed)
    yield _case((*mail, *clerk.paper(wording.invoice, [], sums)), never=_NO_EXPENSE)
    top = Line(f"{sent:%d/%m/%Y}, 09:15", f"{wording.invoice.format(clerk.number)}", at=0.45)
    end = Line("https://www.shop.example/orders/4711", "1/1")
    yield _case((top, *clerk.paper(wording.invoice, [], sums), end), never=_NO_EXPENSE)
