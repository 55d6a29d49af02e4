"""One session of `expensed review`: keys in, answers to the daemon out, and back again by undo."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rich.console import Console
from rich.text import Text

from expensed.cli.http.bodies import Discarding, Filing, Moved, Undoing
from expensed.cli.http.client import Client, name_in_path
from expensed.cli.http.find_task import find_document_id
from expensed.cli.review.waiting import Waiting
from expensed.cli.screen import pictures
from expensed.cli.screen.keys import Keyboard
from expensed.cli.screen.pictures import Pictures
from expensed.cli.screen.review_view import Page, Sight, draw_help, draw_sight, first_doubt, name_field, next_doubt
from expensed.errors import BackendUnavailable, ExpensedError, RequestError
from expensed.model.text import one_line
from expensed.report.journal import Undone
from expensed.report.review_answers import InReview

_FORWARD, _BACK = ("tab", "down", "right"), ("back-tab", "up", "left")
_LEAVE = ("q", "end")
_DIGITS = tuple("123456789")
_LEAST_WIDTH, _LEAST_HEIGHT = 40, 12
FILED, DISCARDED, SKIPPED = "filed", "discarded", "skipped"
_SETTLED = frozenset(("already-filed", "already-duplicate", "gone", "not-found"))
"""Refusals after which a document does not wait any more, whatever key was pressed."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done with a document, so that it can be undone."""

    document: InReview
    name: str
    """FILED, DISCARDED or SKIPPED."""
    said: Mapping[str, str | Decimal]
    """The values that the person had given, which are there again after undo."""


class _Left(Exception):
    """The person has left."""


class Session:
    """The documents in review, a keyboard and a screen."""

    def __init__(self, client: Client, keyboard: Keyboard, how: Pictures) -> None:
        self._client, self._keyboard, self._how = client, keyboard, how
        self._console = Console(highlight=False, markup=False, emoji=False)
        self._waiting = Waiting(client)
        self._steps: list[Step] = []
        self._said: dict[str, Mapping[str, str | Decimal]] = {}
        """The values given to documents that wait again, by document id."""
        self._crops: dict[str, bytes] = {}

    def run(self) -> None:
        """Show one document after the other until none waits or the person leaves."""
        message = ""
        with contextlib.suppress(_Left, KeyboardInterrupt):
            while (document := self._next()) is not None or self._steps:
                message = self._end(message) if document is None else self._settle(self._look_at(document, message))
        self._console.clear()

    def sum_up(self) -> str:
        """Return what was done, and how much still waits, as one line."""
        counts = Counter(step.name for step in self._steps)
        done = ", ".join(f"{name} {counts[name]}" for name in (FILED, DISCARDED, SKIPPED) if counts[name])
        try:
            left = self._waiting.count()
        except ExpensedError:
            return done.capitalize()
        waits = f"{left} {'waits' if left == 1 else 'wait'} in review" if left else "nothing waits in review"
        return f"{done}; {waits}.".capitalize() if done else f"{waits}.".capitalize()

    def _next(self) -> InReview | None:
        """Return the next document; while no daemon answers, say so and let the person try again."""
        while True:
            try:
                return self._waiting.next()
            except BackendUnavailable as error:
                self._put(Page([Text(error.message), Text("Press any key to try again, q to leave.")]))
                if self._keyboard.read() in _LEAVE:
                    raise _Left from None

    def _look_at(self, document: InReview, message: str) -> Sight:
        said = self._said.pop(document.document_id, {})
        sight = Sight(document=document, said=dict(said), brought=said, message=message, focus=first_doubt(document))
        if sight.focus in said:
            sight.focus = next_doubt(sight)
        return sight

    def _end(self, message: str) -> str:
        """Offer to undo when nothing waits any more, or leave; return what to say on the next screen."""
        nothing = "No other document waits. u undoes what was done last; any other key leaves."
        self._put(Page([Text(message), Text(nothing)]))
        if self._keyboard.read() != "u":
            raise _Left
        try:
            found, said = self._take_back()
        except ExpensedError as error:
            return error.message
        self._waiting.put_back(found)
        return said

    def _settle(self, sight: Sight) -> str:
        """Show a document until something is done with it; return what to say of that on the next screen."""
        with contextlib.suppress(ExpensedError):
            sight.waiting = self._waiting.count()
        while True:
            self._show(sight)
            sight.message = ""
            try:
                done = self._press(self._keyboard.read(), sight)
            except BackendUnavailable as error:
                sight.message = f"{error.message} You keep your place: try again when it runs."
                continue
            except RequestError as error:
                if error.code in _SETTLED:
                    return error.message
                sight.message = _explain(error)
                sight.focus = _find_refused(error, sight) or sight.focus
                continue
            if done is not None:
                return done

    def _press(self, key: str, sight: Sight) -> str | None:
        """Do what a key stands for; return what to say once the document is done with, None before that."""
        settle = {
            "enter": self._file,
            "a": self._file,
            "d": self._discard_duplicate,
            "x": self._discard_other,
            "s": self._skip,
            "u": self._undo,
        }.get(key)
        if settle is not None:
            return settle(sight)
        self._change(key, sight)
        return None

    def _change(self, key: str, sight: Sight) -> None:
        """Do what a key stands for that changes only what is shown."""
        names = list(sight.document.fields)
        place = names.index(sight.focus)
        if key == "q" and sight.said != sight.brought and not sight.was_warned:
            sight.was_warned = True
            sight.message = "What you gave is not filed yet: Enter files it, q again leaves without it."
        elif key in _LEAVE:
            raise _Left
        elif key in _FORWARD:
            sight.focus = names[(place + 1) % len(names)]
        elif key in _BACK:
            sight.focus = names[place - 1]
        elif key in ("e", "t"):
            self._type(sight)
        elif key in _DIGITS:
            self._take(sight, int(key))
        elif key == "?":
            self._put(draw_help(sight, *self._size()))
            self._keyboard.read()
        else:
            sight.message = "That key does nothing; ? shows those that do."

    def _take(self, sight: Sight, number: int) -> None:
        if number > len(sight.candidates):
            sight.message = f"There is no value {number} for the {name_field(sight.focus)}."
            return
        value = sight.candidates[number - 1].value
        sight.said[sight.focus] = Decimal(value) if sight.focus == "amount" else value
        sight.focus = next_doubt(sight)

    def _type(self, sight: Sight) -> None:
        shown = sight.said.get(sight.focus, sight.focused.value) or ""
        hint = " (arrow up edits the old one)" if shown else ""
        typed = self._keyboard.ask(f"New {name_field(sight.focus)}{hint}: ", f"{shown}")
        if typed and typed != shown:
            sight.said[sight.focus] = typed
            sight.focus = next_doubt(sight)

    def _file(self, sight: Sight) -> str | None:
        lacking = [name for name in sight.document.lacking if name not in sight.said]
        if lacking:
            sight.focus = lacking[0]
            sight.message = f"It has no {name_field(lacking[0])} yet: take a value by its number, or type one with e."
            return None
        moved = self._client.post("/api/process", Filing(sight.document.document_id, sight.said), Moved)
        self._steps.append(Step(sight.document, FILED, sight.said))
        return _tell(FILED, moved)

    def _discard_duplicate(self, sight: Sight) -> str | None:
        other = sight.document.looks_like
        if other is None:
            typed = self._keyboard.ask("Duplicate of which document (id or file name)? ")
            if not typed:
                return None
            other = find_document_id(self._client, typed)
        return self._discard(sight, Discarding(duplicate_of=other))

    def _discard_other(self, sight: Sight) -> str:
        return self._discard(sight, Discarding(not_an_expense=True))

    def _skip(self, sight: Sight) -> str:
        self._steps.append(Step(sight.document, SKIPPED, sight.said))
        return ""

    def _discard(self, sight: Sight, why: Discarding) -> str:
        moved = self._client.post(f"{_address(sight.document)}/discard", why, Moved)
        self._steps.append(Step(sight.document, DISCARDED, sight.said))
        return _tell(DISCARDED, moved)

    def _undo(self, sight: Sight) -> str | None:
        """Take back the values that the person gave since it is shown or, without any, the last thing that was done."""
        if sight.said != sight.brought:
            sight.said = dict(sight.brought)
            sight.message = "As it was before." if sight.said else "As it was read."
            return None
        if not self._steps:
            sight.message = "There is nothing to undo."
            return None
        found, said = self._take_back()
        self._said[sight.document.document_id] = sight.said
        self._waiting.put_back(sight.document)
        self._waiting.put_back(found)
        return said

    def _take_back(self) -> tuple[InReview, str]:
        """Undo the last step; return its document as it is now, and what to say. RequestError if that is refused."""
        step = self._steps[-1]
        document, said = step.document, ""
        if step.name != SKIPPED:
            self._ask_back(document)
            said = f"{one_line(document.file)} waits again."
        self._steps.pop()
        self._said[document.document_id] = step.said
        return self._waiting.find(document.document_id) or document, said

    def _ask_back(self, document: InReview) -> None:
        undone = self._client.post("/api/undo", Undoing(document_id=document.document_id), Undone)
        for refused in undone.refused[:1]:
            raise RequestError(refused.error, hint=refused.hint, code=refused.code)

    def _show(self, sight: Sight) -> None:
        sight.done, sight.can_undo = len(self._steps), bool(self._steps)
        width, height = self._size()
        crop = self._crop(sight)
        page = draw_sight(sight, width, height, with_picture=bool(crop))
        self._put(page)
        columns, rows = pictures.fit(crop, width - 4, page.picture_rows)
        if rows:
            picture = pictures.show(crop, self._how, columns, rows)
            sys.stdout.write(f"\x1b7\x1b[{page.picture_row + 1};3H{picture}\x1b8")
            sys.stdout.flush()

    def _crop(self, sight: Sight) -> bytes:
        """Return a picture of the place of the value at the arrow, or of what else it might be; empty without any."""
        said = sight.said.get(sight.focus)
        taken = [each.crop for each in sight.candidates if said is not None and each.value == f"{said}"]
        others = [each.crop for each in sight.candidates]
        address = next(filter(None, (*taken, sight.focused.crop, *others)), None)
        if address is None or self._how is Pictures.NEVER:
            return b""
        if address not in self._crops:
            try:
                self._crops[address] = self._client.fetch(address)
            except ExpensedError:
                return b""
        return self._crops[address]

    def _put(self, page: Page) -> None:
        sys.stdout.write(pictures.clear(self._how))
        self._console.clear()
        for line in page.lines:
            self._console.print(line, no_wrap=True, crop=True)

    def _size(self) -> tuple[int, int]:
        width, height = shutil.get_terminal_size()
        return max(_LEAST_WIDTH, width), max(_LEAST_HEIGHT, height)


def _address(document: InReview) -> str:
    return f"/api/documents/{name_in_path(document.document_id)}"


def _tell(done: str, moved: Moved) -> str:
    if moved.path:
        return f"{done.capitalize()} as {one_line(moved.path)}."
    return f"It will be {done} as soon as possible. {one_line(moved.last_error or '')}".strip()


def _find_refused(error: RequestError, sight: Sight) -> str | None:
    """Return the field of a value that the daemon did not understand; None if the refusal is of no single field."""
    option = error.message.split(maxsplit=1)[0].removeprefix("--") if error.code == "invalid" else ""
    return option if option in sight.said else None


def _explain(error: RequestError) -> str:
    """Return a refusal as one line; what the daemon says of a value names its option, which is a field here."""
    if error.code == "invalid":
        return error.message.replace("--", "")
    return f"{error.message} {error.hint}".strip()
