"""The interface of an export's writer: one document at a time, so that an export of any size takes little memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from expensed.report.answers import DocumentRow


class Writer(ABC):
    """Writes one export, as lines without line ends: the head, then each document in turn, then the end."""

    def __init__(self, account: str) -> None:
        """Begin an export; `account` is the one that paid, for bookkeeping."""
        self.account = account

    def write_head(self) -> Iterator[str]:
        """Write what comes before the first document."""
        yield from ()

    @abstractmethod
    def write(self, document: DocumentRow) -> Iterator[str]:
        """Write one document."""

    def write_end(self) -> Iterator[str]:
        """Write what comes after the last document."""
        yield from ()

    def write_all(self, documents: Iterable[DocumentRow]) -> Iterator[str]:
        """Write a whole export."""
        yield from self.write_head()
        for document in documents:
            yield from self.write(document)
        yield from self.write_end()
