"""The models of what a person says of the lines of a document: its items and its taxes.

They take what the daemon sends of them, too: where a line stands and what proves it is ignored.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from msgspec import UNSET
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from expensed.model.breakdown import Item, ItemKind, TaxLine
from expensed.model.text import make_plain
from expensed.web.schema.typed_input import name_currency, parse_amount
from expensed.web.schema.values import LARGEST_AMOUNT, Category

MOST_LINES = 2000
"""Items, or taxes, that a person may give of one document."""
MOST_DECIMALS = 10
"""Of a quantity or of the price of a unit; sums have those of their currency."""
HIGHEST_RATE = 1000


def read_figure(value: object) -> Decimal:
    """Read a JSON number, or text as people type it; the noise that scripts add by computing with floats is dropped."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("must be a number such as 4.50")
    if isinstance(value, str) and name_currency(value) is not None:
        raise ValueError("must be a number without a currency: it is in that of the document")
    figure = parse_amount(value) if isinstance(value, str) else Decimal(str(value))
    if not figure.is_finite() or abs(figure) >= LARGEST_AMOUNT:
        raise ValueError("is larger than on any receipt")
    rounded = round(figure, MOST_DECIMALS).normalize()
    return rounded if rounded.as_tuple().exponent <= 0 else rounded.quantize(Decimal(1))  # type: ignore[operator]


def read_rate(value: object) -> Decimal:
    """Read a rate in percent, with or without its sign."""
    rate = read_figure(value.strip().removesuffix("%").rstrip() if isinstance(value, str) else value)
    if not 0 <= rate <= HIGHEST_RATE:
        raise ValueError("must be a rate in percent, such as 19")
    return rate


def read_words(text: str) -> str | None:
    """Return a text as one line without what is not to be seen; None if nothing is left."""
    return make_plain(text) or None


_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "examples": ["4,50"]}]}
Figure = Annotated[Decimal, BeforeValidator(read_figure), WithJsonSchema(_NUMBER)]
Rate = Annotated[Decimal, BeforeValidator(read_rate), WithJsonSchema(_NUMBER)]
Text = Annotated[str, Field(max_length=2000), AfterValidator(read_words)]
Mark = Annotated[str, Field(max_length=100), AfterValidator(read_words)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, given: object) -> object:
        """Leave out empty texts, as a form or a command sends them."""
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _says_something(self) -> _Line:
        if all(getattr(self, name) is None for name in self.__class__.model_fields if name != "kind"):
            raise ValueError("says nothing")
        return self


class ItemData(_Line):
    """One line of a document, as a person gives it; what is left out is not known."""

    kind: ItemKind = ItemKind.GOODS
    description: Text | None = None
    quantity: Figure | None = None
    """In `unit`; pieces if that is left out."""
    unit: Mark | None = None
    unit_price: Figure | None = None
    discount: Figure | None = None
    """What was taken off this line; negative, and already taken off its `total`."""
    total: Figure | None = None
    """With or without tax, as the document prints its lines; negative for what is taken off or given back."""
    tax_rate: Rate | None = None
    """In percent."""
    tax_mark: Mark | None = None
    """The mark that ties it to a rate, e.g. `A` or `*`."""
    category: Category | None = None
    """Where it is another than the document's."""

    def said(self) -> Item:
        """Return it as the pipeline takes it."""
        return Item(**self.model_dump(exclude={"category"}), category=self.category or UNSET)


class TaxData(_Line):
    """One tax of a document at one rate, as a person gives it; what is left out is not known."""

    name: Mark | None = None
    rate: Rate | None = None
    """In percent; 0 for what is free of tax."""
    mark: Mark | None = None
    """The mark by which items refer to it."""
    net: Figure | None = None
    tax: Figure | None = None
    gross: Figure | None = None
    is_included: bool | None = None
    """Whether the prices of the items contain it."""

    def said(self) -> TaxLine:
        """Return it as the pipeline takes it."""
        return TaxLine(**self.model_dump())


Items = Annotated[list[ItemData], Field(max_length=MOST_LINES)]
Taxes = Annotated[list[TaxData], Field(max_length=MOST_LINES)]
