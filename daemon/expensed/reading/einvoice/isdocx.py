"""Take the invoice out of an ISDOCX file, a ZIP archive: one file of bounded size; nothing is written to disk."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from expensed.errors import Corrupt, Encrypted, TooLarge, UnsupportedKind

LARGEST = 64 << 20
"""Bytes, of the archive and of the invoice in it."""
LARGEST_DIRECTORY = 1 << 20
"""Bytes; an invoice comes with a few files, not with ten thousand."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_ENCRYPTED = 0x1
_LOCATOR = 20
"""Bytes of the record by which the large form of a ZIP archive finds its directory."""
_AGAIN = "Download it again, or ask the sender to send it again."


def take_isdoc(data: bytes) -> bytes:
    """Return the `.isdoc` in the archive's root, else the first; Corrupt, Encrypted, TooLarge or UnsupportedKind."""
    if len(data) > LARGEST or _has_large_directory(data):
        raise TooLarge("The ISDOCX file is larger than any invoice.", hint="Ask the sender for the invoice alone.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read(archive, _choose(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Corrupt("The ISDOCX file is broken: it cannot be unpacked.", hint=_AGAIN) from error


def _has_large_directory(data: bytes) -> bool:
    end = data.rfind(b"PK\x05\x06")
    if end < 0:
        return False
    is_large_form = data[max(0, end - _LOCATOR) : end].startswith(b"PK\x06\x07")  # ZIP64: a directory of any size
    return is_large_form or int.from_bytes(data[end + 12 : end + 16], "little") > LARGEST_DIRECTORY


def _choose(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    found = [each for each in archive.infolist() if each.filename.lower().endswith(".isdoc")]
    if not found:
        raise UnsupportedKind("There is no ISDOC invoice in this archive.", hint="Drop what is in it, file by file.")
    return next((each for each in found if not set("/\\") & set(each.filename)), found[0])


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & _IS_ENCRYPTED:
        raise Encrypted("The invoice in the archive is encrypted.")
    if member.compress_type not in _METHODS:
        raise UnsupportedKind("The invoice in the archive is packed in an unusual way.", hint=_AGAIN)
    with archive.open(member) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLarge("The invoice in the archive is larger than any.", hint="Ask the sender for the invoice alone.")
    return content
