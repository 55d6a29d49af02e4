"""Builds the answers about lessons."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET

from expensed.learning.apply import name_proof
from expensed.ledger.queries.taught import Taught
from expensed.ledger.rows import Document
from expensed.model.lesson import Lesson
from expensed.report import lessons as answers
from expensed.report.answers import Change
from expensed.report.build import NOTHING_READ


def show_lesson(taught: Taught, fields: Mapping[int, tuple[str, ...]]) -> answers.LessonShown:
    """Return a lesson as a row of a list; `fields`: the names of those that each lesson taught."""
    lesson = taught.lesson
    return answers.LessonShown(
        number=lesson.number,
        document_id=lesson.document,
        file=taught.file,
        vendor=lesson.vendor,
        category=lesson.category,
        currency=lesson.currency,
        day_first=lesson.day_first,
        amount_label=lesson.amount_label,
        identified_by=tuple(map(_show_identifier, lesson.identifiers)),
        taught_at=lesson.at,
        forgotten_at=None if lesson.forgotten_at is UNSET else lesson.forgotten_at,
        used=taught.used,
        fields=fields.get(lesson.number, ()),
    )


def _show_identifier(identifier: str) -> answers.Identifier:
    kind, _, value = identifier.partition(":")
    return answers.Identifier(kind=kind, value=value)


def show_use(document: Document, lesson: Lesson) -> answers.LessonUse:
    """Return what a lesson changed in a document that used it."""
    proof = name_proof(lesson)
    return answers.LessonUse(
        document_id=document.id,
        file=document.file,
        state=document.state,
        changes={
            name: Change(before=None if each.read_as is UNSET else each.read_as, after=each.value)
            for name, each in (document.result or NOTHING_READ).fields.items()
            if each.proof == proof
        },
    )
