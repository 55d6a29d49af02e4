"""Take an e-invoice's XML out of what encloses it: a signature, an ISDOCX archive, or one inside the other."""

from __future__ import annotations

from expensed.errors import UnsupportedKind
from expensed.formats.known_formats import ROWS, Format
from expensed.formats.sniff import find_format
from expensed.reading.einvoice.isdocx import take_isdoc
from expensed.reading.einvoice.signed import take_out

_TAKE_OUT = (
    "Take the document out of its signature and drop that, for example:"
    " openssl cms -verify -noverify -inform DER -in FILE -out DOCUMENT"
)


def unwrap_xml(data: bytes, kind: Format) -> bytes:
    """Return the XML in a file of this kind; UnsupportedKind if a signature encloses something else."""
    if kind is Format.SIGNED:
        data = take_out(data)
        inner = find_format(data)
        if inner not in (Format.XML, Format.ISDOCX):
            name = f"a {ROWS[inner].name} file" if inner else "a file of an unknown kind"
            raise UnsupportedKind(f"The signature encloses {name}, not an e-invoice in XML.", hint=_TAKE_OUT)
        kind = inner
    return take_isdoc(data) if kind is Format.ISDOCX else data
