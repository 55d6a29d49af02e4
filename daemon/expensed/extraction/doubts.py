"""Doubts as sentences that also the daemon itself has to find: light, without the rest of the room."""

from __future__ import annotations

import math

from expensed.model.expense import Field

VENDOR_SURE = 0.90


def vendor_doubt(vendor: Field | None) -> str | None:
    """Why a person should look at the vendor, as a sentence; None where nobody needs to."""
    if vendor is None or vendor.value is None:
        return "No vendor was found."
    if vendor.confidence < VENDOR_SURE:
        return f"The vendor is uncertain: {vendor.value} is {how_sure(vendor.confidence, VENDOR_SURE)}."
    return None


def how_sure(probability: float, wanted: float) -> str:
    """Both numbers, cut off rather than rounded: 98.96% is not 99%."""
    return f"{math.floor(probability * 10_000) / 100:g}% sure, less than {wanted * 100:g}%"
