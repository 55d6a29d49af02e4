"""Build the answer for a document that waits for a person: what is doubtful, what else it might be, and where."""

from __future__ import annotations

from msgspec import UNSET

from expensed.extraction.doubts import ASKED, describe_doubts
from expensed.ledger.rows import Document
from expensed.model.expense import Candidate, Evidence, Expense, list_lacking
from expensed.report import review_answers as answers
from expensed.report.build import NOTHING_READ, count_pages, link, show_path

_DECIMALS = 4
"""Of a box in the address of a crop; a ten thousandth of a page is less than a pixel."""


def show_in_review(document: Document, prefix: str) -> answers.InReview:
    """Return a document in review with its doubts; `prefix` is that of the public address."""
    expense, links = document.result or NOTHING_READ, link(document, prefix)
    doubts = describe_doubts(expense)
    doubtful = {doubt.field for doubt in doubts} | expense.candidates.keys()
    return answers.InReview(
        document_id=document.id,
        file=document.file,
        doubts=tuple(answers.DoubtShown(field=each.field, sentence=each.sentence) for each in doubts),
        fields={name: _show_field(name, expense, links.self, is_doubtful=name in doubtful) for name in ASKED},
        lacking=tuple(list_lacking(expense)),
        looks_like=None if expense.looks_like is UNSET else expense.looks_like,
        path=show_path(document),
        pages=count_pages(document),
        created_at=document.created_at,
        links=links,
    )


def _show_field(name: str, expense: Expense, here: str, *, is_doubtful: bool) -> answers.FieldInReview:
    chosen = expense.fields.get(name)
    return answers.FieldInReview(
        value=chosen.value if chosen is not None else None,
        confidence=chosen.confidence if chosen is not None else None,
        proof=chosen.proof if chosen is not None else None,
        page=chosen.page if chosen is not None else None,
        box=chosen.box if chosen is not None else None,
        text=chosen.text if chosen is not None else None,
        crop=_link_crop(chosen, here),
        is_doubtful=is_doubtful,
        candidates=tuple(_show_candidate(each, here) for each in expense.candidates.get(name, ())),
    )


def _show_candidate(each: Candidate, here: str) -> answers.CandidateShown:
    return answers.CandidateShown(
        value=each.value,
        confidence=each.confidence,
        page=each.page,
        box=each.box,
        text=each.text,
        crop=_link_crop(each, here),
    )


def _link_crop(place: Evidence | Candidate | None, here: str) -> str | None:
    """Return the address of a picture of a value's place; None if it has none on a page."""
    if place is None or place.page is None or place.box is None:
        return None
    left, top, right, bottom = (f"{min(1.0, max(0.0, edge)):.{_DECIMALS}f}" for edge in place.box)
    if left >= right or top >= bottom:
        return None
    return f"{here}/page/{place.page}/crop.png?box={left},{top},{right},{bottom}"
