"""/api/lessons: what documents teach, what that has changed, and having it forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from expensed.learning.apply import name_proof
from expensed.ledger.queries.taught import Taught, list_changed_fields, list_taught, list_users
from expensed.ledger.store import Ledger
from expensed.pipeline.requests.forget import refuse_unknown_lesson
from expensed.pipeline.requests.undo import Wish
from expensed.report.build_journal import show_undone
from expensed.report.build_lessons import show_lesson, show_use
from expensed.report.lessons import Forgotten, Lessons, LessonShown, LessonUses
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_optional_body, read_query
from expensed.web.guards.limits import limited
from expensed.web.responses import answer
from expensed.web.schema.requests import LARGEST_ID, ForgetBody, LessonsQuery, NoQuery


async def get_all(request: web.Request) -> web.Response:
    """GET /api/lessons, newest document first; `next` is the `before` of the following page."""
    query, ledger = read_query(LessonsQuery, request), request.app[DEPENDENCIES].ledger
    found = await list_taught(ledger, query.before, query.limit + 1)
    following = found[query.limit - 1].lesson.number if len(found) > query.limit else None
    return answer(Lessons(lessons=tuple(await _show(ledger, found[: query.limit])), next=following))


async def get_one(request: web.Request) -> web.Response:
    """GET /api/lessons/{lesson}, with the documents that used it, newest first."""
    query, ledger = read_query(LessonsQuery, request), request.app[DEPENDENCIES].ledger
    taught = await _seek(ledger, request)
    users = await list_users(ledger, taught.lesson.number, query.before, query.limit + 1)
    shown = users[: query.limit]
    (lesson,) = await _show(ledger, [taught])
    uses = tuple(show_use(each, taught.lesson) for each in shown)
    return answer(LessonUses(lesson=lesson, documents=uses, next=shown[-1].number if len(users) > len(shown) else None))


@limited
async def forget(request: web.Request) -> web.Response:
    """POST /api/lessons/{lesson}/forget; 202 if some of what it did is taken back later."""
    read_query(NoQuery, request)
    body, parts = await read_optional_body(ForgetBody, request), request.app[DEPENDENCIES]
    taught = await _seek(parts.ledger, request)
    await parts.pipeline.forget(taught.lesson.number)
    undone = None
    if body.undo:
        undone = show_undone(*await parts.pipeline.undo(Wish(lesson=taught.lesson.number)))
    (lesson,) = await _show(parts.ledger, [await _seek(parts.ledger, request)])
    return answer(Forgotten(lesson=lesson, undone=undone), 202 if undone is not None and undone.waiting else 200)


async def _show(ledger: Ledger, found: Sequence[Taught]) -> list[LessonShown]:
    fields = await list_changed_fields(ledger, {each.lesson.number: name_proof(each.lesson) for each in found})
    return [show_lesson(each, fields) for each in found]


async def _seek(ledger: Ledger, request: web.Request) -> Taught:
    """Return the lesson that the path names; NotFound if there is none."""
    number = min(int(request.match_info["lesson"]), LARGEST_ID)
    found = await list_taught(ledger, min(number + 1, LARGEST_ID), 1)
    if not found or found[0].lesson.number != number:
        raise refuse_unknown_lesson(number)
    return found[0]
