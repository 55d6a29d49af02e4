"""XML: the root element is closed. A cheap look at head and tail, not a parser."""

from __future__ import annotations

import codecs
import re

from expensed.formats.ends.reader import Ending, Reader, Structure, complete, cut_off

_HEAD, _TAIL = 1 << 16, 1 << 16
_ROOT = re.compile(r"<([^\s<>/!?]{1,200})[\s/>]")
_SKIPPED = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s{0,100})?>", re.DOTALL)


def is_xml(head: bytes) -> bool:
    """Whether a file that begins so is judged as XML: it says so, or opens an element with a namespace."""
    text = _decode(head, head).lstrip("\ufeff \t\r\n")
    return text.startswith("<?xml") or ("xmlns" in text and _ROOT.match(text) is not None)


def judge_xml(reader: Reader) -> Structure:
    """Complete if the root element's end tag stands near the end of the file."""
    head = reader.at(0, _HEAD)
    root = _find_root(_decode(head, head))
    if root is None:
        whole = len(head) == reader.size
        return cut_off("xml", "the XML file has no root element yet") if whole else Structure("xml", Ending.UNKNOWN)
    if root == "":
        return complete("xml")
    start = max(0, reader.size - _TAIL)
    tail = _decode(head, reader.at(start + start % 2, _TAIL))
    if re.search(rf"</{re.escape(root)}\s{{0,100}}>", tail):
        return complete("xml")
    return cut_off("xml", f"the XML file's root element {root[:60]!r} is not closed")


def _find_root(text: str) -> str | None:
    """The root element's name; empty if it closes itself; None if the text ends before it."""
    place = text.find("<")
    while place >= 0 and (skipped := _SKIPPED.match(text, place)):
        place = text.find("<", skipped.end())
    found = _ROOT.match(text, place) if place >= 0 else None
    if found is None:
        return None
    end = text.find(">", place)
    return "" if end > 0 and text[end - 1] == "/" else found[1]


def _decode(head: bytes, part: bytes) -> str:
    """Text in the encoding that the head's byte order mark or zero bytes give away."""
    if head.startswith(codecs.BOM_UTF16_LE) or head[1:2] == b"\0":
        return part.decode("utf-16-le", "replace")
    if head.startswith(codecs.BOM_UTF16_BE) or head[:1] == b"\0":
        return part.decode("utf-16-be", "replace")
    return part.decode("latin-1").removeprefix("\xef\xbb\xbf")
