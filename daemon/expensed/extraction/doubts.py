"""Doubts that the daemon itself must also be able to state, kept light and without the rest of extraction."""

from __future__ import annotations

from typing import Protocol

VENDOR_SURE = 0.85
PROBABLE = 0.70
"""From this probability on, a sentence calls a value probable."""
NO_VENDOR = "No vendor was found."
UNCERTAIN_VENDOR = "The vendor is uncertain: "
IS_PROBABLE, IS_UNCERTAIN = "is probably right, but", ", but that is not certain:"
"""What a sentence says of a field that is not sure enough, before what would confirm it."""
ORDER_HINT = "if the day always stands first (or never), set extraction.day_first."
CURRENCY_HINT = "if it always means one of them, set extraction.default_currency to that."
"""How the sentences end that name both readings of a date, and all currencies of a sign."""
_HINTS = {"date": ORDER_HINT, "currency": CURRENCY_HINT}


class Chosen(Protocol):
    """A chosen value and its probability."""

    @property
    def value(self) -> str | None:
        """The value as shown."""

    @property
    def confidence(self) -> float:
        """The probability, 0..1."""


def vendor_doubt(vendor: Chosen | None) -> str | None:
    """Return why a person should look at the vendor, as a sentence; None if no review is needed."""
    if vendor is None or vendor.value is None:
        return NO_VENDOR
    if vendor.confidence < VENDOR_SURE:
        return f"{UNCERTAIN_VENDOR}it {'is probably' if vendor.confidence >= PROBABLE else 'may be'} {vendor.value}."
    return None


def is_vendor_doubt(reason: str) -> bool:
    """Whether a reason for a review is a doubt about the vendor."""
    return reason == NO_VENDOR or reason.startswith(UNCERTAIN_VENDOR)


def is_doubt_about(name: str, reason: str) -> bool:
    """Whether a reason for a review says no more than that a field was not found, or is not sure enough.

    What speaks against a value, such as another look that differs, is another doubt.
    """
    if name == "vendor":
        return is_vendor_doubt(reason)
    is_unsure = reason.startswith(f"The {name} ") and (IS_PROBABLE in reason or IS_UNCERTAIN in reason)
    return is_unsure or reason == f"No {name} was found." or reason.endswith(_HINTS.get(name, "\n"))
