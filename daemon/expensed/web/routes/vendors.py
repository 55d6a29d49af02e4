"""/api/vendors: the sellers of what is filed, under all their names, and making names mean the same seller."""

from __future__ import annotations

from aiohttp import web

from expensed.model.text import fold_letters
from expensed.pipeline.requests.vendors import Vendor, Wish, find_offers, list_vendors
from expensed.report.build_vendors import show_merged, show_offer, show_vendor
from expensed.report.vendors import Separated, Vendors
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_body, read_query
from expensed.web.guards.limits import limited
from expensed.web.responses import answer
from expensed.web.schema.requests import MergeBody, NoQuery, SeparateBody, VendorsQuery


async def get_all(request: web.Request) -> web.Response:
    """GET /api/vendors, those with most documents first."""
    query, context = read_query(VendorsQuery, request), request.app[DEPENDENCIES].pipeline.context
    vendors = await list_vendors(context)
    counts = {each.name: each.count for each in vendors}
    offers = [show_offer(each, counts) for each in await find_offers(context, vendors)]
    wanted = fold_letters(query.q or "")
    found = [each for each in vendors if _has(each, wanted)]
    matching = {each.name for each in found}
    return answer(
        Vendors(
            vendors=tuple(map(show_vendor, found[: query.limit])),
            total=len(found),
            offers=tuple(each for each in offers if not wanted or {each.name, each.into} & matching),
        )
    )


def _has(vendor: Vendor, letters: str) -> bool:
    return any(letters in fold_letters(name) for name in (vendor.name, *vendor.aliases))


@limited
async def merge(request: web.Request) -> web.Response:
    """POST /api/vendors/merge; 202 if some of what is filed must wait for the archive or for another document."""
    read_query(NoQuery, request)
    body = await read_body(MergeBody, request)
    wish = Wish(names=body.names, into=body.into, move=body.move, before=body.before)
    shown = show_merged(body.into, *await request.app[DEPENDENCIES].pipeline.merge_vendors(wish))
    return answer(shown, 202 if shown.waiting else 200)


@limited
async def separate(request: web.Request) -> web.Response:
    """POST /api/vendors/separate."""
    read_query(NoQuery, request)
    body = await read_body(SeparateBody, request)
    await request.app[DEPENDENCIES].pipeline.separate_vendor(body.name)
    return answer(Separated(name=body.name))
