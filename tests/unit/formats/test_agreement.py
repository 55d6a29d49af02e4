"""The inbox and reading take every file for the same format, and for the right one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.unit.formats import samples
from tests.unit.formats.agreement import ask_inbox, ask_reading, judge_files
from tests.unit.formats.heads import GROUPS

from expensed.errors import DocumentError, UnsupportedKind
from expensed.formats.known_formats import TABLE, Format
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions

NO_ENGINE = ReadingOptions(engine="none at all")
LEAST = {
    "fixed starts": 200,
    "brands": 150,
    "bitmaps": 500,
    "pdfs": 70,
    "texts": 600,
    "wrappings": 100,
    "strangers": 20,
}
"""So many heads each group has at least: an empty group would agree with everything."""
ENDING = {ending: row.kind for row in TABLE for ending in row.endings}
SPELT = {
    b"heic": b"avif",
    b"<": b"<!--",
    b"\0": b"\xff",
    b"II": b"MM",
    b"%PDF-": b"%PDF",
    b"mif1": b"avis",
    b"PK\3\4": b"PK\5\6",
}


@pytest.mark.parametrize("group", GROUPS)
def test_the_inbox_and_reading_know_each_head_for_what_it_is(group: str) -> None:
    heads = list(GROUPS[group]())
    assert len(heads) >= LEAST[group]
    wrong = [
        (data[:60], kind, inbox, reading)
        for data, kind in heads
        if (inbox := ask_inbox(data)) is not kind or (reading := ask_reading(data)) is not kind
    ]
    assert wrong == []


def test_the_heads_show_every_format() -> None:
    shown = Counter(kind for group in GROUPS.values() for _, kind in group())
    assert set(shown) == {*Format, None}


@pytest.mark.parametrize("group", GROUPS)
def test_reading_refuses_what_it_does_not_know_and_nothing_else(group: str) -> None:
    for data, kind in GROUPS[group]():
        with pytest.raises(DocumentError) as caught:
            read_document(data, NO_ENGINE)
        is_refused = isinstance(caught.value, UnsupportedKind) and caught.value.message.startswith("This is not a pict")
        assert is_refused is (kind is None), data[:60]


@pytest.mark.parametrize("kind", samples.WHOLE)
def test_a_file_still_being_written_is_the_same_to_both(kind: str) -> None:
    whole = samples.WHOLE[kind]
    seen = [(ask_inbox(whole[:length]), ask_reading(whole[:length])) for length in range(1, len(whole) + 1)]
    assert [pair for pair in seen if pair[0] is not pair[1]] == []
    assert {inbox for inbox, _ in seen} <= {None, Format(kind)}
    assert seen[-1] == (Format(kind), Format(kind))


ANY_START = st.sampled_from([b"", *(data[:40] for group in GROUPS.values() for data, _ in group())])


@given(start=ANY_START, noise=st.binary(max_size=80), cut=st.integers(0, 120), wrong=st.sampled_from([*SPELT, None]))
@example(start=b"", noise=b"", cut=0, wrong=None)
def test_noise_is_the_same_to_both(start: bytes, noise: bytes, cut: int, wrong: bytes | None) -> None:
    data = start.replace(wrong, SPELT[wrong]) if wrong else start
    data = (data + noise)[: cut or None]
    assert ask_inbox(data) is ask_reading(data)


@pytest.mark.parametrize("folder", ["formats", "invoices", "world", "einvoices"])
def test_real_documents_are_the_same_to_both(shared: Path, folder: str) -> None:
    paths = sorted(path for path in (shared / "data" / folder).rglob("*") if path.is_file())
    judged = judge_files(paths)
    assert {path: pair for path, pair in judged.items() if pair[0] is not pair[1]} == {}
    known = [(ENDING[path.suffix], inbox) for path, (inbox, _) in judged.items() if path.suffix in ENDING]
    assert known
    assert all(found is not None for _, found in known)
    assert sum(named is found for named, found in known) > 0.9 * len(known)  # a few bear the wrong ending
