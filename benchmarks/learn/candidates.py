"""The candidates of every paper with their features, and which of them are right: what the choosers learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.learn.papers import Paper
from benchmarks.learn.train import Group
from expensed.extraction.amount.choose_amount import find_amounts
from expensed.extraction.brands.find_brands import find_brands
from expensed.extraction.candidates import Candidate
from expensed.extraction.choosing.chooser import Chooser, Model, chosen_by
from expensed.extraction.page.lines import build_rows
from expensed.extraction.vendor.choose_vendor import find_vendors
from expensed.model.expense import Facts
from expensed.model.reading import Reading

FIELDS = ("amount", "vendor")
_NOTHING_LEARNT = {name: Chooser(Model((), (), ())) for name in FIELDS}


def describe_papers(papers: Sequence[Paper]) -> dict[str, dict[str, list[Group]]]:
    """Return by field, then by paper's name, the candidates of each look."""
    found: dict[str, dict[str, list[Group]]] = {name: {} for name in FIELDS}
    with chosen_by(_NOTHING_LEARNT):
        for paper in papers:
            looks = list(dict.fromkeys(paper.looks[:2]))
            for name in FIELDS:
                found[name][paper.name] = []
            for look in looks:
                for name, group in _describe(paper, look, paper.share / len(looks)):
                    found[name][paper.name].append(group)
    return found


def _describe(paper: Paper, look: Reading, weight: float) -> Iterator[tuple[str, Group]]:
    rows = build_rows(look)
    if look.invoices or not rows:
        return
    amounts, vendors = find_amounts(rows).candidates, find_vendors(rows, find_brands(rows))
    if amounts:
        right = [paper.labelled.judge(Facts(amount=abs(each.value)))["amount"] for each in amounts]
        yield "amount", Group([each.described for each in amounts], right, weight)
    if vendors:
        right = [_is_seller(paper, each) for each in vendors]
        yield "vendor", Group([each.described for each in vendors], right, weight)


def _is_seller(paper: Paper, candidate: Candidate[str]) -> bool:
    """Whether the label knows the name or, where it may know the registered one only, whether it is a sure brand."""
    is_brand = candidate.described.get("is brand") and candidate.described.get("brand backed")
    return paper.labelled.is_vendor(candidate.value) or bool(is_brand and not paper.labelled.row.get("vendor_alt"))
