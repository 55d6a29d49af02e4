"""Read back what the name of a filed document says: the inverse of `naming.fill_template`.

All functions are pure. A field whose text is what the template writes for its present value is unchanged, so that a
name's way of writing a seller never changes the seller.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from string import Formatter

from expensed.archive.naming import Letters, fill_template, make_harmless, slug_vendor
from expensed.model.categories import Categories
from expensed.model.expense import Facts, Said
from expensed.model.money import NO_CURRENCY, is_currency, is_writable, minor_units, most_decimals
from expensed.model.text import fold_letters

LONGEST_PATH = 600
"""Characters; no longer path is read."""
EARLIEST = dt.date(1970, 1, 1)
MOST_DAYS_AHEAD = 366
LARGEST_AMOUNT = Decimal(10) ** 12

_PATTERNS = {
    "year": r"[0-9]{4}|undated",
    "month": r"[0-9]{1,2}",
    "day": r"[0-9]{1,2}",
    "date": r"[0-9]{1,4}[-.][0-9]{1,2}[-.][0-9]{1,4}|undated",
    "vendor": r"[^/]+?",
    "category": r"[^/]+?",
    "amount": r"[+-]?[0-9][0-9.,']*|unknown",
    "currency": r"[A-Za-z]{3}",
}
_COUNTER = r"(?:_[0-9]{1,5}| ?\([0-9]{1,3}\))?"
"""As expensed counts files of one name, and as file managers do."""
_AMOUNT = re.compile(
    r"([+-]?)([0-9]{1,13}|[0-9]{1,3}(?:(?P<by>[.,'])[0-9]{3})(?:(?P=by)[0-9]{3})*)(?:([.,])([0-9]{1,3}))?"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a path says that differs from the present facts; `problems` are sentences on what makes no sense in it."""

    said: Said = field(default_factory=Said)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameReader:
    """Reads paths of one archive; `today` bounds the dates."""

    template: str
    letters: Letters
    categories: Categories
    today: dt.date
    used: Sequence[str] = ()
    """Categories that documents have, also if they are in force no longer."""

    def read_path(self, path: str, facts: Facts) -> Reading | None:
        """Read a whole path without its extension; None if it does not have the template's form."""
        return self._read(self.template, path, facts)

    def read_stem(self, stem: str, facts: Facts) -> Reading | None:
        """Read the last part of a path alone."""
        return self._read(self.template.rpartition("/")[2], stem, facts)

    def read_folder(self, folder: str, facts: Facts) -> Reading | None:
        """Read the folders of a path alone; None also if the template's folders do not tell the category."""
        template = self.template.rpartition("/")[0]
        return self._read(template, folder, facts, counter="") if "{category}" in template else None

    def find_category(self, folder: str) -> str | None:
        """Return the category whose folder or name this is, in any case; None if there is none."""
        for name in (*self.categories.names, *self.used):
            if folder.casefold() == make_harmless(name).casefold() or fold_letters(folder) == fold_letters(name):
                return name
        return self.categories.find(folder)

    def _read(self, template: str, path: str, facts: Facts, counter: str = _COUNTER) -> Reading | None:
        if len(path) > LONGEST_PATH:
            return None
        shown = self._show(facts)
        pattern, names = _compile(template, shown)
        match = re.fullmatch(pattern + counter, unicodedata.normalize("NFC", path), re.IGNORECASE)
        if match is None:
            return None
        texts: dict[str, list[str]] = {}
        for number, name in enumerate(names):
            texts.setdefault(name, []).append(match[f"f{number}"])
        return _Interpreter(self, facts, shown, texts).interpret()

    def _show(self, facts: Facts) -> Mapping[str, str]:
        """Return the text of each field as the template writes it for these facts."""
        # between digits, with which no accent at its start could become one letter
        return {name: self._fill(f"0{{{name}}}0", facts)[1:-1] for name in _PATTERNS}

    def _fill(self, template: str, facts: Facts) -> str:
        return fill_template(template, facts, self.letters)[1]


def _compile(template: str, shown: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return a pattern with a group for each field, `f0`, `f1`, ..., and the fields' names.

    Each group tries the present value first, so that what could be divided in several ways is taken as unchanged.
    """
    pattern, names = "", list[str]()
    pieces = list(Formatter().parse(template))
    begins = True
    for number, (literal, name, _, _) in enumerate(pieces):
        pattern += re.escape(unicodedata.normalize("NFC", literal))
        begins = literal.endswith("/") or (begins and not literal)
        if name is None:
            continue
        following = pieces[number + 1][0] if number + 1 < len(pieces) else ""
        text = shown[name].lstrip(" .-~") if begins else shown[name]  # as `make_harmless` leaves the start of a part
        if following.startswith("/"):
            text = text.rstrip(". ")
        pattern += f"(?P<f{len(names)}>{re.escape(text)}|{_PATTERNS[name]})"
        names.append(name)
        begins = False
    return pattern, names


class _Interpreter:
    """Turns the texts of one path into what they change."""

    def __init__(
        self, reader: NameReader, facts: Facts, shown: Mapping[str, str], texts: Mapping[str, Sequence[str]]
    ) -> None:
        self._reader = reader
        self._facts = facts
        self._shown = shown
        self._texts = texts
        self._problems: list[str] = []

    def interpret(self) -> Reading:
        """Return what differs from the facts."""
        vendor, currency, category = self._read_vendor(), self._read_currency(), self._read_category()
        amount = self._read_amount(currency or self._facts.currency)
        day = self._read_day()
        values = {"vendor": vendor, "amount": amount, "date": day, "category": category, "currency": currency}
        changed = {name: value for name, value in values.items() if value is not None}
        return Reading(Said(**changed), tuple(self._problems))  # type: ignore[arg-type]

    def _find_changed(self, name: str) -> str | None:
        """Return the text of a field that is not the present one; two that differ are a problem."""
        changed = {text.casefold(): text for text in self._texts.get(name, ()) if not self._is_present(name, text)}
        if len(changed) > 1:
            self._problems.append(f"It says {_join(changed.values())} where one {name} should stand.")
            return None
        return next(iter(changed.values()), None)

    def _is_present(self, name: str, text: str) -> bool:
        shown = self._shown[name]
        return text.casefold() in (shown.casefold(), shown.lstrip(" .-~").rstrip(". ").casefold())

    def _read_vendor(self) -> str | None:
        changed = {text.casefold(): text for text in self._texts.get("vendor", ()) if self._is_another_seller(text)}
        if len(changed) > 1:
            self._problems.append(f"It names {_join(changed.values())} where one seller should stand.")
        if len(changed) != 1:
            return None
        (text,) = changed.values()
        name = _as_name(text)
        if slug_vendor(name, self._reader.letters) == "Unknown":
            self._problems.append(f"“{text}” is not the name of a seller.")
            return None
        return name

    def _is_another_seller(self, text: str) -> bool:
        """Whether a name differs from the present one by more than how the template writes it.

        What is typed without a single capital letter says nothing about capitals.
        """
        before = self._shown["vendor"]
        typed = (text, slug_vendor(text.replace("_", " "), self._reader.letters))
        if text == text.lower():
            return before.casefold() not in (each.casefold() for each in typed)
        return before not in typed

    def _read_category(self) -> str | None:
        text = self._find_changed("category")
        if text is None:
            return None
        found = self._reader.find_category(text)
        if found is None:
            self._problems.append(f"“{text}” is not a category.")
        return None if found == self._facts.category else found

    def _read_currency(self) -> str | None:
        text = self._find_changed("currency")
        if text is None:
            return None
        code = text.upper()
        if code == NO_CURRENCY or not is_currency(code):
            self._problems.append(f"“{text}” is not the code of a currency.")
            return None
        return code

    def _read_amount(self, currency: str | None) -> Decimal | None:
        text = self._find_changed("amount")
        if text is None:
            return None
        amount = _parse_amount(text, most_decimals(currency))
        if amount is None or not is_writable(amount) or abs(amount) >= LARGEST_AMOUNT:
            example = f"{1234.5:.{minor_units(currency)}f}"
            self._problems.append(
                f"“{text}” is not an amount that can be read in one way only; write it like {example}."
            )
            return None
        return None if amount == self._facts.amount else amount

    def _read_day(self) -> dt.date | None:
        if "{date}" not in self._reader.template:
            day = self._read_parts()
        else:
            day = self._read_date(self._find_changed("date"))
            self._check_parts(day or self._facts.date)
        if day is not None and not EARLIEST <= day <= self._reader.today + dt.timedelta(days=MOST_DAYS_AHEAD):
            self._problems.append(f"{day} is not a likely date.")
            return None
        return None if day == self._facts.date else day

    def _read_date(self, text: str | None) -> dt.date | None:
        if text is None:
            return None
        try:
            return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            self._problems.append(f"“{text}” is not a day; write it like 2024-01-31.")
            return None

    def _check_parts(self, day: dt.date | None) -> None:
        """Note a year, month or day that was changed and is not the one of the date."""
        if day is None:
            return
        for name, own in (("year", day.year), ("month", day.month), ("day", day.day)):
            text = self._find_changed(name)
            if text is not None and text != "undated" and int(text) != own:
                self._problems.append(f"The {name} is {text}, but the date is {day}.")

    def _read_parts(self) -> dt.date | None:
        """Return the day that year, month and day say together, as far as the template has them."""
        changed = {name: self._find_changed(name) for name in ("year", "month", "day")}
        given = {name: int(text) for name, text in changed.items() if text is not None and text.isdigit()}
        before = self._facts.date
        if not given or (before is None and len(given) < len(changed)):
            return None
        try:
            return before.replace(**given) if before is not None else dt.date(**given)
        except ValueError:
            self._problems.append("Its year, month and day are not a day of the calendar.")
            return None


def _as_name(text: str) -> str:
    """Return a seller's name as typed: hyphens stand for spaces unless there are spaces, too."""
    spaced = text.replace("_", " ")
    return " ".join((spaced if " " in spaced.strip() else spaced.replace("-", " ")).split())


def _parse_amount(text: str, decimals: int) -> Decimal | None:
    """Return an amount with either sign for decimals; None if it has two readings, or none."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    sign, whole, by, point, rest = match[1], match[2], match["by"], match[4], match[5]
    if by is not None and (point is None or point == by):
        return None if by != "'" else Decimal(sign + whole.replace(by, ""))
    if rest is not None and len(rest) > decimals:
        return None
    digits = whole if by is None else whole.replace(by, "")
    return Decimal(f"{sign}{digits}.{rest or 0}") if rest else Decimal(sign + digits)


def _join(texts: Iterable[str]) -> str:
    return " and ".join(f"“{text}”" for text in texts)
