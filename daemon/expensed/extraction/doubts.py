"""Doubts that the daemon itself must also be able to state, kept light and without the rest of extraction."""

from __future__ import annotations

from typing import Protocol

VENDOR_SURE = 0.85
PROBABLE = 0.70
"""From this probability on, a sentence calls a value probable."""
BY_DEFAULT = "the default currency: the document names none"
"""The proof of a currency that was not read."""
NO_VENDOR = "No vendor was found."
UNCERTAIN_VENDOR = "The vendor is uncertain: "


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
