"""Notice when a place goes away or comes back; what waited for it is then tried at once."""

from __future__ import annotations

import logging

from expensed.errors import ArchiveFull, PlaceAway, SourceUnreadable
from expensed.ledger.task_moves import make_due
from expensed.pipeline.context import Context

log = logging.getLogger("expensed.recovery")


async def attend_places(context: Context) -> None:
    """Look at inbox and archive; log each change once, and let what waited for a place that is back be tried now."""
    has_come_back = False
    for folder in (context.places.inbox, context.places.archive):
        trouble = await context.look_at(folder)
        before = context.away.get(folder.name)
        if trouble is not None and trouble != before:
            log.warning("%s What needs it waits. (%s)", trouble, folder.path)
            context.away[folder.name] = trouble
        elif trouble is None and before is not None:
            log.info("The %s folder is back", folder.name)
            del context.away[folder.name]
            has_come_back = True
    if not context.away:  # a place may have been away between two looks
        codes = (PlaceAway.code, ArchiveFull.code, SourceUnreadable.code) if has_come_back else (PlaceAway.code,)
        async with context.ledger.transaction() as tx:
            await make_due(tx, codes)
