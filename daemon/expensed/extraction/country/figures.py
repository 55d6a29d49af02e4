"""Find numbers by their forms: telephones, taxpayers, post codes; a mask shows a form, as in `(##) ####-####`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from expensed.extraction.country.facts import Country, fold, listed, load_countries, load_tills

_TO_SHAPE = str.maketrans(
    {
        **dict.fromkeys("0123456789", "#"),
        **dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "@"),
        **dict.fromkeys("-./–", " "),
    }
)
_SEPARATORS = frozenset(" -./–")
_NORTH_AMERICA = "1"
"""The code that the United States share with Canada and many islands, whose area codes tell them apart."""
_LONG = 10
"""Digits from which a number set apart in groups needs no label to be a telephone's."""
_TOWN_AFTER = re.compile(r"[ ,]{1,2}[^\W\d_]{3,}")
_TOWN_BEFORE = re.compile(r"[^\W\d_]{3,}[,. -]{1,3}$")
_ROW_BEGINS = re.compile(r"(?:^|\n|,|  )\W{0,2}$")
_ROW_ENDS = re.compile(r"\W*(?:$|\n|,|  )")


@dataclass(frozen=True, slots=True)
class Mask:
    """A form of numbers of a country."""

    text: str
    country: str
    kind: str
    module: str = ""
    """The module of python-stdnum that knows its check digits."""
    plan: str = ""
    """The code of the telephones that it is a part of: `604 ### ####` in Canada is one of `### ### ####`."""

    @property
    def fixed(self) -> int:
        """How many of its signs are given digits or letters."""
        return sum(sign.isalnum() for sign in self.text)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a known form: the country, the kind of clue, and how it is written."""

    country: str
    kind: str
    text: str


def find_figures(text: str, labelled: Mapping[int, set[str]]) -> Iterator[Figure]:
    """Yield the numbers of known forms in a text of rows.

    `labelled` are the countries whose words for taxes or taxpayers stand in a row, by its index.
    """
    plain = flatten(text)
    lower = plain.lower()
    shaped = lower.translate(_TO_SHAPE)
    for shape, masks in _masks_by_shape().items():
        at = shaped.find(shape)
        while at >= 0:
            end = at + len(shape)
            if _stands_alone(shaped, at, end):
                yield from _read(plain, lower, at, end, masks, labelled)
            at = shaped.find(shape, at + 1)


def flatten(text: str) -> str:
    """Return the text without brackets and accents, its length kept only roughly."""
    return re.sub(r"[)\]] ?", " ", re.sub(r"[(\[]", "", text))


def _stands_alone(shaped: str, at: int, end: int) -> bool:
    """Whether no letter or digit touches a number, and no group of digits goes on with it."""
    before, after = shaped[max(0, at - 2) : at], shaped[end : end + 2]
    return not (before[-1:] in ("#", "@", "+") or before == "# " or after[:1] in ("#", "@") or after == " #")


def _read(
    plain: str, lower: str, at: int, end: int, masks: tuple[Mask, ...], labelled: Mapping[int, set[str]]
) -> Iterator[Figure]:
    written = lower[at:end]
    fitting = [mask for mask in masks if _fits(written, mask.text)]
    most: dict[str, int] = {}
    for mask in fitting:
        most[mask.plan] = max(mask.fixed, most.get(mask.plan, 0))
    row = plain.count("\n", 0, at)
    for mask in fitting:
        is_labelled = any(mask.country in labelled.get(each, ()) for each in (row, row - 1))
        kind = _kind(mask, plain, at, end, is_labelled=is_labelled, is_tax_row=row in labelled)
        if kind and not (mask.plan and mask.fixed < most[mask.plan]):
            yield Figure(mask.country, kind, written)


def _kind(mask: Mask, plain: str, at: int, end: int, *, is_labelled: bool, is_tax_row: bool) -> str:
    """Return what kind of clue the number is that fits a mask; empty if it is none where it stands."""
    written = plain[at:end]
    before = plain[max(0, at - 24) : at]
    if mask.kind == "phone":
        is_long = sum(map(str.isdigit, written)) >= _LONG and any(sign in _SEPARATORS for sign in written)
        return "phone" if (is_long and not is_tax_row) or _phone_label().search(fold(before)) else ""
    if mask.kind == "post":
        return "post" if written == written.upper() else ""
    if mask.kind == "post_before":
        return "post_town" if _ROW_BEGINS.search(before) and _TOWN_AFTER.match(plain, end) else ""
    if mask.kind == "post_after":
        return "post_town" if _TOWN_BEFORE.search(before) and _ROW_ENDS.match(plain, end) else ""
    return _number_kind(mask, written, is_labelled=is_labelled)


def _number_kind(mask: Mask, written: str, *, is_labelled: bool) -> str:
    has_form = any(not sign.isdigit() for sign in written) and len(written) >= _LONG
    if mask.module:
        return "number" if (has_form or is_labelled) and _is_valid(mask.module, written) else ""
    has_letters = has_form and any(map(str.isalpha, written))
    return "number_form" if is_labelled or has_letters else ""


@cache
def _phone_label() -> re.Pattern[str]:
    labels = sorted(map(re.escape, map(fold, listed(load_tills().phone_labels))), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(labels)})(?:[ .]?no)?[\W_]{{0,6}}$")


def _is_valid(module: str, number: str) -> bool:
    return bool(import_module(f"stdnum.{module}").is_valid(number))


def _fits(written: str, mask: str) -> bool:
    return all(
        sign in _SEPARATORS if given == " " else given in "#@" or sign == given or (given == "-" and sign in "–")
        for sign, given in zip(written, mask, strict=True)
    )


@cache
def _masks_by_shape() -> dict[str, tuple[Mask, ...]]:
    shapes: dict[str, list[Mask]] = {}
    for code, country in load_countries().items():
        for mask in _masks(code, country):
            shapes.setdefault(_shape(mask.text), []).append(mask)
    return {shape: tuple(masks) for shape, masks in shapes.items()}


def _shape(mask: str) -> str:
    return mask.translate(_TO_SHAPE)


def _masks(code: str, country: Country) -> Iterator[Mask]:
    kinds = {"phone": country.phones, "post": country.posts}
    kinds |= {"post_before": country.posts_before, "post_after": country.posts_after}
    for kind, masks in kinds.items():
        plan = country.code if kind == "phone" else ""
        forms = [flatten(mask).strip() for mask in listed(masks)]
        if plan == _NORTH_AMERICA:
            forms += [f"1 {form}" for form in forms if not form.startswith("1 ")]
        yield from (Mask(form, code, kind, plan=plan) for form in dict.fromkeys(forms))
    for module, masks in country.numbers.items():
        name = "" if module == "unchecked" else module
        yield from (Mask(mask, code, "number", name) for mask in listed(masks))
