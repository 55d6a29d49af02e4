"""Which documents wait for a person, one after the other: fetched as they are needed, each shown once."""

from __future__ import annotations

from collections import deque

from expensed.cli.http.client import Client
from expensed.model.states import DocumentState
from expensed.report.numbers import Stats
from expensed.report.review_answers import InReview, Review

_PAGE = 20


class Waiting:
    """The documents in review, newest first, then those that have come meanwhile."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._ready: deque[InReview] = deque()
        self._seen: set[str] = set()
        self._before: int | None = None

    def next(self) -> InReview | None:
        """Return the next document; None if none waits that was not shown yet. Raises as `Client` does."""
        while not self._ready:
            page = self._ask(self._before)
            self._ready.extend(each for each in page.documents if each.document_id not in self._seen)
            is_whole, self._before = self._before is None and page.next is None, page.next
            if is_whole and not self._ready:
                return None
        document = self._ready.popleft()
        self._seen.add(document.document_id)
        return document

    def put_back(self, document: InReview) -> None:
        """Show a document next."""
        self._ready.appendleft(document)

    def find(self, document_id: str) -> InReview | None:
        """Return a document that waits as it is now; None if it does not wait any more."""
        before: int | None = None
        while True:
            page = self._ask(before)
            found = next((each for each in page.documents if each.document_id == document_id), None)
            if found is not None or page.next is None:
                return found
            before = page.next

    def count(self) -> int:
        """Return how many documents wait."""
        return self._client.get("/api/stats", Stats).documents.get(DocumentState.REVIEW, 0)

    def _ask(self, before: int | None) -> Review:
        query = {} if before is None else {"before": str(before)}
        return self._client.get("/api/review", Review, limit=str(_PAGE), **query)
