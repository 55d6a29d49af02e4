"""Forget the sidecars of closed filings, a third of the ledger; an index to find old events of progress by."""

STATEMENTS = (
    "UPDATE filings SET sidecar = '' WHERE state IN ('closed', 'left')",
    "CREATE INDEX events_progress ON events (at) WHERE state = 'PROCESSING'",
)
