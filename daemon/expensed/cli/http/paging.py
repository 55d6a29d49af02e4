"""The daemon's lists, page by page, and the options with which commands filter them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from expensed.cli.http.client import Client
from expensed.report.answers import DocumentRow, Documents, TaskRow, Tasks
from expensed.report.journal import Journal, JournalEntry
from expensed.report.lessons import Lessons, LessonShown, LessonUse, LessonUses

PAGE = 500
"""The most rows that the daemon returns at once."""
FEWER = 100
"""The most of those that take longer to find."""
Item = TypeVar("Item")


def read_tasks(client: Client, query: Mapping[str, str], limit: int | None = None) -> Iterator[TaskRow]:
    """Yield tasks, newest first, at most `limit` of them; fetch the next page only when it is needed."""

    def read(page: dict[str, str]) -> tuple[Sequence[TaskRow], int | None]:
        answer = client.get("/api/tasks", Tasks, **page)
        return answer.tasks, answer.next

    return _read_pages(read, query, limit)


def read_documents(client: Client, query: Mapping[str, str], limit: int | None = None) -> Iterator[DocumentRow]:
    """Yield documents, newest first, at most `limit` of them; fetch the next page only when it is needed."""

    def read(page: dict[str, str]) -> tuple[Sequence[DocumentRow], int | None]:
        answer = client.get("/api/documents", Documents, **page)
        return answer.documents, answer.next

    return _read_pages(read, query, limit)


def read_journal(client: Client, query: Mapping[str, str], limit: int | None = None) -> Iterator[JournalEntry]:
    """Yield entries of the journal, latest first, at most `limit`; fetch the next page only when it is needed."""

    def read(page: dict[str, str]) -> tuple[Sequence[JournalEntry], int | None]:
        answer = client.get("/api/journal", Journal, **page)
        return answer.entries, answer.next

    return _read_pages(read, query, limit)


def read_lessons(client: Client, limit: int | None = None) -> Iterator[LessonShown]:
    """Yield lessons, newest document first, at most `limit`; fetch the next page only when it is needed."""

    def read(page: dict[str, str]) -> tuple[Sequence[LessonShown], int | None]:
        answer = client.get("/api/lessons", Lessons, **page)
        return answer.lessons, answer.next

    return _read_pages(read, {}, limit, FEWER)


def read_uses(client: Client, lesson: int, limit: int | None = None) -> Iterator[LessonUse]:
    """Yield the documents that used a lesson, newest first, at most `limit`; fetch the next page when it is needed."""

    def read(page: dict[str, str]) -> tuple[Sequence[LessonUse], int | None]:
        answer = client.get(f"/api/lessons/{lesson}", LessonUses, **page)
        return answer.documents, answer.next

    return _read_pages(read, {}, limit, FEWER)


def _read_pages(
    read: Callable[[dict[str, str]], tuple[Sequence[Item], int | None]],
    query: Mapping[str, str],
    limit: int | None,
    most: int = PAGE,
) -> Iterator[Item]:
    left, page = limit, dict(query)
    while left is None or left > 0:
        page["limit"] = str(most if left is None else min(most, left))
        items, following = read(page)
        yield from items
        if following is None:
            return
        page["before"] = str(following)
        left = None if left is None else left - len(items)


def as_query(**filters: str | None) -> dict[str, str]:
    """Return the filters that were given, as the daemon's query takes them."""
    return {name.rstrip("_"): value for name, value in filters.items() if value is not None}
