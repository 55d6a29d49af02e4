"""Builds the answers about sellers and their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from expensed.model.states import TaskState
from expensed.pipeline.requests.same_sellers import Offer
from expensed.pipeline.requests.vendors import Moved, Vendor
from expensed.report import vendors as answers


def show_vendor(vendor: Vendor) -> answers.VendorShown:
    """Return a seller as a row of a list."""
    categories = Counter[str]()
    for each in vendor.named:
        if each.category is not None:
            categories[each.category] += each.count
    return answers.VendorShown(
        name=vendor.name,
        aliases=tuple(sorted(vendor.aliases)),
        documents=vendor.count,
        categories=tuple(name for name, _ in categories.most_common()),
        first=min((each.first for each in vendor.named if each.first), default=None),
        last=max((each.last for each in vendor.named if each.last), default=None),
    )


def show_offer(offer: Offer, counts: Mapping[str, int]) -> answers.OfferShown:
    """Return two names that probably mean one seller; `counts`: the number of documents by name."""
    into, name = sorted((offer.one, offer.other), key=lambda each: (-counts.get(each, 0), len(each), each))
    return answers.OfferShown(name=name, into=into, reason=offer.reason)


def show_merged(name: str, attempted: Iterable[Moved], following: int | None) -> answers.Merged:
    """Return what became of documents that were to get the name; `following`: the `before` with which to go on."""
    moved, refused, waiting = [], [], []
    for each in attempted:
        if each.refused is not None:
            fault = each.refused
            refused.append(
                answers.RefusedMove(document_id=each.document_id, error=fault.message, code=fault.code, hint=fault.hint)
            )
        elif each.task is not None and each.task.state is not TaskState.SUCCESS:
            last_error = each.task.error.message if each.task.error is not None else None
            waiting.append(
                answers.WaitingMove(document_id=each.document_id, task_id=each.task.id, last_error=last_error)
            )
        elif each.document is not None:
            moved.append(answers.MovedDocument(document_id=each.document_id, path=each.document.place.path))
    return answers.Merged(name=name, moved=tuple(moved), refused=tuple(refused), waiting=tuple(waiting), next=following)
