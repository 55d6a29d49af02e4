"""Make a new ledger from the archive alone: its sidecars, and its records of what has no sidecar.

The archive is surveyed first, which settles numbers, twins and doubles; then each sidecar is read again and put into
the ledger, so that memory holds a few words about each document, not its text.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from msgspec import UNSET

from expensed.archive.high_water import read_high_water
from expensed.archive.records import GoneRecord, PresentRecord
from expensed.archive.sidecar import Sidecar, note_path, read_sidecar, sidecar_path
from expensed.event_bus import Bus
from expensed.learning.draw import draw_lesson, merge_headings
from expensed.learning.identify import list_lesson_keys
from expensed.learning.vendor_key import reduce_heading
from expensed.ledger.duplicates.purchases import PaperTold, tie_papers
from expensed.ledger.filings import reservation
from expensed.ledger.lessons import keep_lesson
from expensed.ledger.mirrored.restore import Restored, conclude, restore_documents, tie_twins
from expensed.ledger.mirrored.vendor_names import restore_vendor_names
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger, Transaction
from expensed.mirror.description import hash_note
from expensed.mirror.survey import Survey, Told, survey_archive
from expensed.model.lesson import NO_TRAITS, Lesson
from expensed.model.place import Place
from expensed.model.purchase import rank_paper
from expensed.model.states import DocumentState, Outcome, Root
from expensed.model.text import display_name

AT_ONCE = 200
"""Documents put into the ledger under one commit."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The number of documents by state, and sentences about what a person should look at."""

    documents: Counter[DocumentState]
    remarks: Sequence[str]


async def rebuild_ledger(archive: Path, file: Path, ledger_id: str, tell: Callable[[int], None]) -> Rebuilt:
    """Fill a new ledger file with all that the archive tells, under the id of a ledger; `tell` gets how many are in it.

    OSError if part of the archive cannot be read, BackendUnavailable if the file cannot be written.
    """
    survey = survey_archive(archive)
    numbers, counts = survey.numbers, Counter[DocumentState]()
    papers: dict[int, PaperTold] = {}
    restorer = _Restorer(archive, survey)
    ledger = Ledger(file, Bus())
    await ledger.open()
    try:
        for start in range(0, len(survey.documents), AT_ONCE):
            found = [restorer.restore(told) for told in survey.documents[start : start + AT_ONCE]]
            restored = [each for each in found if each is not None]
            await ledger.change(partial(_put, restored=restored, lessons=restorer.take_lessons()))
            counts.update(each.document.state for each in restored)
            papers |= {
                each.document.number: paper for each in restored if (paper := _tell_paper(each.document, numbers))
            }
            tell(counts.total())
        firsts = {
            numbers[told.id]: numbers[told.duplicate_of]
            for told in survey.documents
            if told.duplicate_of in numbers and told.duplicate_of is not None
        }
        await ledger.change(partial(tie_twins, firsts=firsts))
        await ledger.change(partial(tie_papers, told=papers))
        said = {key: each for each in survey.names if (key := reduce_heading(each.alias)) is not None}
        await ledger.change(partial(restore_vendor_names, names=said))
        former = read_high_water(archive, ledger_id)
        await ledger.change(partial(conclude, ledger_id=ledger_id, former=former))
    finally:
        await ledger.close()
    return Rebuilt(counts, survey.remarks)


async def _put(tx: Transaction, restored: Sequence[Restored], lessons: Sequence[Lesson]) -> None:
    await restore_documents(tx, restored)
    for lesson in lessons:
        await keep_lesson(tx, lesson, list_lesson_keys(lesson))


class _Restorer:
    """Turns what the survey found into what the ledger takes."""

    def __init__(self, archive: Path, survey: Survey) -> None:
        self._archive = archive
        self._survey = survey
        self._reserved: set[str] = set()
        self._lessons: list[Lesson] = []

    def restore(self, told: Told) -> Restored | None:
        """Return one document; None if its sidecar has just disappeared."""
        gone = self._survey.gone.get(told.id)
        if gone is not None:
            return self._restore_gone(gone, told.number or 0)
        place = Place(Root.ARCHIVE, told.path or "")
        path = self._archive / place.path
        sidecar = read_sidecar(sidecar_path(path))
        if sidecar is None:
            return None
        record = self._survey.present.get(told.id)
        document = _make_document(sidecar, told.number or 0, place, record)
        self._note_lesson(sidecar, record, document.number)
        return Restored(document, sidecar.kind, _read_own_note(path, sidecar), self._reserve(place.path))

    def _restore_gone(self, record: GoneRecord, number: int) -> Restored:
        place = Place(record.root, os.fsdecode(bytes.fromhex(record.path_hex)))
        document = _make_document(record.document, number, place, None, is_gone=True)
        in_archive = place.root is Root.ARCHIVE
        kind = record.document.kind if in_archive else None
        self._note_lesson(record.document, None, number)
        return Restored(document, kind, None, in_archive and self._reserve(place.path))

    def _note_lesson(self, sidecar: Sidecar, record: PresentRecord | None, number: int) -> None:
        lesson = _find_lesson(sidecar, record, number)
        if lesson is not None:
            self._lessons.append(lesson)

    def take_lessons(self) -> list[Lesson]:
        """Return the lessons of the documents that were restored since the last time."""
        taken, self._lessons = self._lessons, []
        return taken

    def _reserve(self, path: str) -> bool:
        key = reservation(display_name(path))
        is_free = key not in self._reserved
        self._reserved.add(key)
        return is_free


def _make_document(
    sidecar: Sidecar, number: int, place: Place, record: PresentRecord | None, *, is_gone: bool = False
) -> Document:
    is_old = sidecar.number is None and record is not None
    told = record if is_old and record is not None else sidecar
    changed_at = max(sidecar.times.filed, record.updated_at) if record is not None else sidecar.times.filed
    return Document(
        number=number,
        id=sidecar.id,
        origin=told.origin,
        name=os.fsdecode(bytes.fromhex(sidecar.source_name_hex)),
        file=sidecar.source_name,
        state=DocumentState.GONE if is_gone else DocumentState(sidecar.kind),
        sha256=sidecar.sha256,
        size=sidecar.size,
        mtime_ns=sidecar.times.modified_ns,
        place=place,
        first=None,
        cut_off=told.cut_off,
        kind=sidecar.media_type,
        engine=sidecar.engine,
        outcome=sidecar.kind if place.root is Root.ARCHIVE else None,
        failure=sidecar.error,
        result=sidecar.result,
        text=sidecar.text,
        turns=told.turns,
        traits=None if sidecar.traits is UNSET else sidecar.traits,
        corrections=sidecar.corrections,
        discarded=None if sidecar.discarded is UNSET else sidecar.discarded,
        unclean_ends=0,
        unclean_alone=0,
        created_at=sidecar.times.admitted,
        updated_at=changed_at,
        folder=None if sidecar.folder is UNSET else sidecar.folder,
    )


def _tell_paper(document: Document, numbers: Mapping[str, int]) -> PaperTold | None:
    """Return what is told of the purchase that a document shares with others; None if it shares none."""
    result = document.result
    if result is None or result.same_purchase is UNSET:
        return None
    others = tuple(numbers[each] for each in result.same_purchase if each in numbers)
    is_filed = document.state is DocumentState.FILED
    return PaperTold(rank_paper(result), others, (not is_filed, len(document.place.path), document.number))


def _read_own_note(path: Path, sidecar: Sidecar) -> str | None:
    """Return the note beside a document as expensed wrote it; None if there is none or a person changed it."""
    if sidecar.note_sha256 is None:
        return None
    try:
        note = note_path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    return note if hash_note(note) == sidecar.note_sha256 else None


def _find_lesson(sidecar: Sidecar, record: PresentRecord | None, number: int) -> Lesson | None:
    """Return what a document teaches; drawn from its corrections if nobody wrote that down."""
    told = sidecar.lessons if sidecar.lessons is not None or record is None else record.lessons
    if told is not None:
        lesson = merge_headings(told)
    elif sidecar.corrections is not None and sidecar.result is not None and sidecar.kind is Outcome.FILED:
        lesson = draw_lesson(sidecar.result, sidecar.corrections, NO_TRAITS)
    else:
        lesson = None
    if lesson is None:
        return None
    at = lesson.at or (sidecar.corrections.at if sidecar.corrections is not None else UNSET) or sidecar.times.filed
    return replace(lesson, number=number, document=sidecar.id, at=at)
