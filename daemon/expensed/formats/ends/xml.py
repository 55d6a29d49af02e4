"""XML: check that the root element is closed, by a cheap look at head and tail instead of a parser."""

from __future__ import annotations

import codecs
import re

from expensed.formats.ends.reader import COMPLETE, Ending, Reader, Verdict, cut_off

_HEAD, _TAIL = 1 << 16, 1 << 16
_ROOT = re.compile(r"<([^\s<>/!?]{1,200})[\s/>]")
_SKIPPED = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s{0,100})?>", re.DOTALL)


def decode_xml(head: bytes, part: bytes) -> str:
    """Decode text in the encoding that the head's byte order mark or zero bytes reveal."""
    if head.startswith(codecs.BOM_UTF16_LE) or head[1:2] == b"\0":
        return part.decode("utf-16-le", "replace")
    if head.startswith(codecs.BOM_UTF16_BE) or head[:1] == b"\0":
        return part.decode("utf-16-be", "replace")
    return part.decode("latin-1").removeprefix("\xef\xbb\xbf")


def judge_xml(reader: Reader) -> Verdict:
    """Judge complete if the root element's end tag stands near the end of the file."""
    head = reader.at(0, _HEAD)
    text = decode_xml(head, head)
    root = _find_root(text)
    if root is not None and root.endswith(":Envelope") and (behind := _find_root(text.partition(f"</{root}>")[2])):
        root = behind  # banks hand on a Finvoice behind a SOAP envelope
    if root is None:
        whole = len(head) == reader.size
        return cut_off("the XML file has no root element yet") if whole else Verdict(Ending.UNKNOWN)
    if root == "":
        return COMPLETE
    start = max(0, reader.size - _TAIL)
    tail = decode_xml(head, reader.at(start + start % 2, _TAIL))
    if re.search(rf"</{re.escape(root)}\s{{0,100}}>", tail):
        return COMPLETE
    return cut_off(f"the XML file's root element {root[:60]!r} is not closed")


def _find_root(text: str) -> str | None:
    """Return the root element's name; empty if it closes itself, None if the text ends before it."""
    place = text.find("<")
    while place >= 0 and (skipped := _SKIPPED.match(text, place)):
        place = text.find("<", skipped.end())
    found = _ROOT.match(text, place) if place >= 0 else None
    if found is None:
        return None
    end = text.find(">", place)
    return "" if end > 0 and text[end - 1] == "/" else found[1]
