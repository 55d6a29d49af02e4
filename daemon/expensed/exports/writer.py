"""The interface of an export's writer: one document at a time, so that an export of any size takes little memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from expensed.model.states import DocumentState
from expensed.report.answers import ExportedDocument

DEFAULT_ACCOUNT = "Assets:Unassigned"
LEFT_OUT = "X-Expensed-Left-Out"
"""The header of an export over HTTP that says how many documents it leaves out, by state, as JSON."""


class Opened(StrEnum):
    """The accounts that an export for beancount opens; an account that is opened twice is an error there."""

    ALL = "all"
    CATEGORIES = "categories"
    """All but the account that paid and those of taxes."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person wishes of an export, beyond its documents."""

    account: str = DEFAULT_ACCOUNT
    """The account that paid, for bookkeeping."""
    opened: Opened = Opened.ALL
    folder: str = ""
    """The folder with which the documents' paths begin; empty: they are relative to the archive."""
    tax_account: str = ""
    """The account that gets the taxes, with `{rate}` for their rate; empty: they stay part of the expense."""
    splits_items: bool = False
    """Whether items of another category than their document's are posted to their own."""
    rates: Sequence[Decimal] = ()
    """The rates of tax that have columns of their own in a table, in percent."""
    left_out: Mapping[DocumentState, int] = field(default_factory=dict)
    """How many documents in other states it leaves out, for the head."""


class Writer(ABC):
    """Writes one export, as lines without line ends: the head, then each document in turn, then the end.

    The documents come in the order of their days, and those without a day last.
    """

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes

    def write_head(self) -> Iterator[str]:
        """Write what comes before the first document."""
        yield from ()

    @abstractmethod
    def write(self, document: ExportedDocument) -> Iterator[str]:
        """Write one document."""

    def write_end(self) -> Iterator[str]:
        """Write what comes after the last document."""
        yield from ()

    def write_all(self, documents: Iterable[ExportedDocument]) -> Iterator[str]:
        """Write a whole export."""
        yield from self.write_head()
        for document in documents:
            yield from self.write(document)
        yield from self.write_end()
