"""Names that mean the same seller: what is filed under which, which are probably one, and making them one.

What is read from then on gets the seller's name. What is filed stays as it is, unless a person wants it moved: then
each document is corrected like any other.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from expensed.errors import BackendUnavailable, DocumentError, Fault, NotFound, RequestError
from expensed.learning.vendor_key import reduce_heading
from expensed.ledger.mirrored.vendor_names import find_vendor_name, list_vendor_names, set_vendor_name
from expensed.ledger.queries.vendors import NamedDocuments, list_filed_as, list_named, list_shared_numbers
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Transaction
from expensed.mirror.record_keeping import keep_records
from expensed.model.vendor_name import VendorName
from expensed.pipeline.context import Context
from expensed.pipeline.requests.same_sellers import Offer, find_same_sellers

log = logging.getLogger("expensed.pipeline")

MOST_MOVED = 100
"""Documents that one request moves; each takes tens of milliseconds, and a client waits for all of them."""


@dataclass(slots=True)
class Vendor:
    """A seller with its filed documents, under all its names; `aliases` are the others."""

    name: str
    aliases: set[str] = field(default_factory=set)
    named: list[NamedDocuments] = field(default_factory=list)

    @property
    def count(self) -> int:
        """The number of its filed documents."""
        return sum(each.count for each in self.named)


@dataclass(frozen=True, slots=True)
class Moved:
    """A filed document that was to get the seller's name: by this task, or refused for this reason."""

    document_id: str
    task: Task | None = None
    document: Document | None = None
    refused: Fault | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Whoever is called one of `names` is to be called `into`; with `move`, also in what is filed."""

    names: Sequence[str]
    into: str
    move: bool = False
    before: int | None = None
    """With `move`, only documents before this one."""


async def list_vendors(context: Context) -> list[Vendor]:
    """Return all sellers, those with most documents first."""
    names = await list_vendor_names(context.ledger)
    vendors: dict[str, Vendor] = {}
    for named in await list_named(context.ledger):
        right = _name_rightly(names, named.vendor)
        vendor = vendors.setdefault(right, Vendor(right))
        vendor.named.append(named)
        vendor.aliases.add(named.vendor)
    for each in names.values():
        right = each.name or ""
        vendors.setdefault(right, Vendor(right)).aliases.add(each.alias)
    for vendor in vendors.values():
        vendor.aliases.discard(vendor.name)
    return sorted(vendors.values(), key=lambda each: (-each.count, each.name.casefold()))


def _name_rightly(names: Mapping[str, VendorName], vendor: str) -> str:
    said = names.get(reduce_heading(vendor) or "")
    return said.name if said is not None and said.name is not None else vendor


async def find_offers(context: Context, vendors: Sequence[Vendor]) -> list[Offer]:
    """Return pairs of these sellers that are probably one."""
    names, numbers = await list_vendor_names(context.ledger), defaultdict(list)
    for number, vendor in await list_shared_numbers(context.ledger):
        numbers[number].append(_name_rightly(names, vendor))
    return await asyncio.to_thread(find_same_sellers, [each.name for each in vendors], numbers)


async def name_as_one(context: Context, names: Sequence[str], into: str) -> None:
    """Have whoever is read as one of these names called `into`, and what was called so before as well.

    RequestError if a name has too few letters to be known again.
    """
    own = _reduce(into)
    async with context.ledger.transaction() as tx:
        known = await list_vendor_names(tx)
        for name in names:
            key = _reduce(name)
            for other, said in known.items():
                if said.name is not None and _reduce(said.name) == key:
                    await set_vendor_name(tx, other, replace(said, name=into, at=tx.now))
            await _set(tx, key, name, into)
        if await find_vendor_name(tx, own) is not None and own not in map(_reduce, names):
            await _set(tx, own, into, None)  # it is the right name now, not another one's
    await _tell_archive(context)


async def _set(tx: Transaction, key: str, alias: str, name: str | None) -> None:
    await set_vendor_name(tx, key, VendorName(alias, name, tx.now), is_recorded=False)


async def name_apart(context: Context, alias: str) -> None:
    """Have a name mean its own seller again. NotFound if it is no other name of a seller."""
    key = _reduce(alias)
    async with context.ledger.transaction() as tx:
        if await find_vendor_name(tx, key) is None:
            raise NotFound(
                f"{alias} is not another name of a seller.",
                code="no-such-alias",
                hint="GET /api/vendors lists the names of all sellers.",
            )
        await _set(tx, key, alias, None)
    await _tell_archive(context)


async def _tell_archive(context: Context) -> None:
    """Have the archive's records tell what was said; what cannot be written now is left to recovery."""
    try:
        await keep_records(context.ledger, context.places.archive.opened)
    except (BackendUnavailable, DocumentError, OSError) as error:
        log.warning("the archive's records cannot tell the names of sellers yet: %s", error)


def _reduce(name: str) -> str:
    key = reduce_heading(name)
    if key is None:
        raise RequestError(f"The name {name} has too few letters to be known again.", code="invalid")
    return key


async def list_to_move(context: Context, wish: Wish) -> tuple[Sequence[str], int | None]:
    """Return the ids of filed documents of a seller under its other names, and the `before` with which to go on."""
    names = await list_vendor_names(context.ledger)
    keys = {_reduce(wish.into), *(key for key, said in names.items() if said.name == wish.into)}
    filed = {each.vendor for each in await list_named(context.ledger)}
    others = [each for each in filed if reduce_heading(each) in keys and each != wish.into]
    found = await list_filed_as(context.ledger, others, wish.before, MOST_MOVED + 1) if others else []
    following = found[MOST_MOVED - 1][0] if len(found) > MOST_MOVED else None
    return [document_id for _, document_id in found[:MOST_MOVED]], following
