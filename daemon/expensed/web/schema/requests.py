"""The models of the queries and bodies that clients send, and how a mistake in them becomes one sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from msgspec import UNSET
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from expensed.exports.formats import CSV
from expensed.exports.writer import DEFAULT_ACCOUNT, Opened
from expensed.model.expense import LISTS, SAYABLE, Said
from expensed.model.money import most_decimals, with_decimals
from expensed.model.states import DocumentState, TaskState
from expensed.model.text import display_name
from expensed.web.schema import values
from expensed.web.schema.breakdown import Items, Taxes
from expensed.web.schema.typed_input import name_currency

LARGEST_ID = 2**63 - 1
LONGEST_WAIT_S = 3600.0


class ExpenseData(BaseModel):
    """What a person says about an expense; unknown keys are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    vendor: values.Name | None = None
    currency: values.Currency | None = None  # before the amount, which may need it to be understood
    amount: values.Amount | None = None
    date: values.PurchaseDay | None = None
    category: values.Category | None = None
    description: values.Description | None = None
    payer: values.Name | None = None
    project: values.Name | None = None
    items: Items | None = None
    taxes: Taxes | None = None

    @model_validator(mode="before")
    @classmethod
    def _take_the_currency_of_the_amount(cls, given: Any) -> Any:
        """Give `34.73 EUR` its currency if none is given apart."""
        if isinstance(given, dict) and not given.get("currency") and isinstance(amount := given.get("amount"), str):
            return given | {"currency": name_currency(amount)}
        return given

    @model_validator(mode="after")
    def _has_the_decimals_of_its_currency(self) -> ExpenseData:
        if self.amount is not None and self.currency is not None:
            decimals = most_decimals(self.currency)
            if self.amount != round(self.amount, decimals):
                raise ValueError(f"the amount has more than the {decimals} decimals of {self.currency}")
        return self

    def said(self) -> Said:
        """Return the fields that were given, as the pipeline takes them, without those left out or null."""
        said = Said(
            **{name: value for name in SAYABLE if name not in LISTS and (value := getattr(self, name)) is not None},
            items=UNSET if self.items is None else tuple(item.said() for item in self.items),
            taxes=UNSET if self.taxes is None else tuple(tax.said() for tax in self.taxes),
        )
        return replace(said, amount=with_decimals(self.amount, self.currency)) if self.amount is not None else said


class ProcessBody(BaseModel):
    """POST /api/process."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    file_id: Annotated[str, Field(min_length=1, max_length=255)]
    expense_data: ExpenseData
    original_extraction: values.PlainObject | None = None

    def shown(self) -> Said | None:
        """Return the values the client says it had shown to the person, as far as they are valid; None if none is."""
        shown = values.read_shown(self.original_extraction or {})
        return shown if shown.names() else None


class CorrectionBody(ExpenseData):
    """PATCH /api/documents/{document_id}: the right values of the fields that were wrong."""

    @model_validator(mode="after")
    def _says_something(self) -> CorrectionBody:
        if not self.said().names():
            raise ValueError(f"name at least one of {', '.join(SAYABLE)} with its right value")
        return self


class DiscardBody(BaseModel):
    """POST /api/documents/{document_id}/discard; the body is optional."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    duplicate_of: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    """The id of the document that shows the same expense."""
    not_an_expense: bool = False
    """It is not an expense at all."""

    @model_validator(mode="after")
    def _has_one_reason(self) -> DiscardBody:
        if self.duplicate_of is not None and self.not_an_expense:
            raise ValueError("give duplicate_of or not_an_expense, not both")
        return self


class RereadBody(BaseModel):
    """POST /api/documents/{document_id}/reread; the body is optional."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    apply: bool = False
    """Change the document even if it is filed; otherwise a filed one is only compared."""


class UndoBody(BaseModel):
    """POST /api/undo; without a body, the last thing that a person did is undone."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    document_id: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    """Undo the last thing that was done to this document."""
    entry: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    """Undo this entry of the journal; it may be an undo itself."""
    since: values.Moment | None = None
    """Undo everything since this time, latest first."""
    lesson: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    """Undo all that this lesson did and that no person has looked at."""
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    """With `since` or `lesson`, the `next` of the answer before this one."""

    @model_validator(mode="after")
    def _names_one_thing(self) -> UndoBody:
        given = [each for each in (self.document_id, self.entry, self.since, self.lesson) if each is not None]
        if len(given) > 1:
            raise ValueError("give only one of document_id, entry, since and lesson")
        if self.before is not None and self.since is None and self.lesson is None:
            raise ValueError("before goes with since or lesson")
        return self


class ForgetBody(BaseModel):
    """POST /api/lessons/{lesson}/forget; the body is optional."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    undo: bool = False
    """Also take back what it did and no person has looked at."""


class MergeBody(BaseModel):
    """POST /api/vendors/merge"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    names: Annotated[tuple[values.Name, ...], Field(min_length=1, max_length=50)]
    """The names that are to mean the seller."""
    into: values.Name
    """The seller's name."""
    move: bool = False
    """Also correct what is filed under these names, or under others of the seller."""
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    """With `move`, the `next` of the answer before this one."""


class SeparateBody(BaseModel):
    """POST /api/vendors/separate"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: values.Name
    """The name that is to mean a seller of its own."""


class ExtractBody(BaseModel):
    """POST /api/extract/{file_id}; the body is optional."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    is_async: bool = Field(default=False, alias="async")


class UploadQuery(BaseModel):
    """POST /api/upload"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    file: bool = False
    """Treat it like a dropped file: read it, and file it or put it into review."""
    extract: bool = False
    """Only read it, and answer with its data."""
    wait: Annotated[float, Field(ge=0, le=LONGEST_WAIT_S, allow_inf_nan=False)] | None = None
    """With `extract`, seconds to wait for the result; if left out, until it has been read."""

    @model_validator(mode="after")
    def _is_filed_or_only_read(self) -> UploadQuery:
        if self.file and self.extract:
            raise ValueError("give file or extract, not both")
        return self


class TaskQuery(BaseModel):
    """GET /api/task/{task_id}"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    trace: bool = False
    """Also return where in the code it failed."""


class TasksQuery(BaseModel):
    """GET /api/tasks"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    state: Annotated[TaskState, BeforeValidator(str.upper)] | None = None
    """The state of the tasks."""
    file: Annotated[str, AfterValidator(display_name)] | None = None
    """The name with which a file was dropped, its path in the archive, or a document's id."""
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    """At most this many at once."""
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    """The `next` of the page before this one."""


class JournalQuery(BaseModel):
    """GET /api/journal"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    document: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    """Only what was done to the document with this id."""
    since: values.Moment | None = None
    """Only what was done since this time."""
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    """At most this many at once."""
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    """The `next` of the page before this one."""


class Filters(BaseModel):
    """The filters that select documents."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    q: Annotated[str, Field(max_length=500)] | None = None
    """Words of vendor, file name, text, items, payer and project, or their beginnings; all must occur. Accents are
    ignored."""
    state: Annotated[DocumentState, BeforeValidator(str.lower)] | None = None
    """The state of the documents."""
    vendor: Annotated[str, Field(max_length=200)] | None = None
    """Words of the vendor's name, or their beginnings."""
    category: values.Category | None = None
    """The category of the documents."""
    since: Annotated[values.FirstDay | None, Field(alias="from")] = None
    """The first day, by the dates on the documents; of a month or year, its first."""
    until: Annotated[values.LastDay | None, Field(alias="to")] = None
    """The last day; of a month or year, its last."""


class DocumentsQuery(Filters):
    """GET /api/documents"""

    limit: Annotated[int, Field(ge=1, le=500)] = 50
    """At most this many at once."""
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    """The `next` of the page before this one."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, given: Any) -> Any:
        """Leave out the empty values that a form sends for fields that were not filled in."""
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given


class ExportQuery(Filters):
    """GET /api/export"""

    format: Literal["csv", "jsonl", "beancount", "ledger", "hledger-rules"] = "csv"
    """For a spreadsheet (csv), a script (jsonl) or bookkeeping (beancount, ledger); the rules are for hledger's own
    reading of the csv."""
    items: bool = False
    """With csv: a line for each item, instead of for each document."""
    account: Annotated[str, Field(max_length=200), AfterValidator(values.read_line)] = DEFAULT_ACCOUNT
    """The account that paid, for bookkeeping."""
    open: Opened = Opened.ALL
    """The accounts that a beancount export opens: all, only those of categories, or none."""

    @model_validator(mode="after")
    def _has_items_only_in_csv(self) -> ExportQuery:
        if self.items and self.format != CSV:
            raise ValueError(f"items are lines only in csv; {self.format} has them beside each document")
        return self


class LessonsQuery(BaseModel):
    """GET /api/lessons"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """At most this many at once."""
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    """The `next` of the page before this one."""


class VendorsQuery(BaseModel):
    """GET /api/vendors"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    q: Annotated[str, Field(max_length=200)] | None = None
    """Letters of one of the seller's names; accents and capitals are ignored."""
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    """At most this many at once."""


class ReviewQuery(BaseModel):
    """GET /api/review"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """At most this many at once."""
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    """The `next` of the page before this one."""


class CropQuery(BaseModel):
    """GET /api/documents/{document_id}/page/{number}/crop.png"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    box: values.BoxOfPage
    """Left, top, right and bottom as fractions of the upright page, e.g. 0.1,0.2,0.5,0.25; it is drawn with what stands
    around it."""


class PageQuery(BaseModel):
    """GET /api/documents/{document_id}/page/{number}.png"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    marks: bool = False
    """Draw boxes around the fields that were chosen."""


class NoQuery(BaseModel):
    """A route that takes no query."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EventsQuery(BaseModel):
    """GET /api/events"""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    task: str | None = None
    """Only events of the task with this id."""
    document: str | None = None
    """Only events of the document with this id."""
    until: Literal["now"] | None = None
    """End after the events so far."""
    last_event_id: str | None = None
    """The event to resume after, as in the header Last-Event-ID."""
