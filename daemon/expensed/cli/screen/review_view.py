"""The screen of `expensed review`: a document, what is doubtful about it, its fields, and the keys."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rich.cells import cell_len
from rich.text import Text

from expensed.model.text import one_line
from expensed.report.review_answers import CandidateShown, FieldInReview, InReview

KEYS = {
    "Enter": "file it as shown (also a)",
    "1-9": "take that value for the field at the arrow",
    "Tab": "go to the next field, with the arrows too",
    "e": "type a value (also t); the arrow up brings the old one, to be edited",
    "d": "it is a duplicate: of the suspected one, or of one whose id you type",
    "x": "it is not an expense: discard it",
    "s": "skip it for now",
    "u": "undo: the values you gave, then the last document",
    "?": "this help",
    "q": "quit",
}
_SHORT = "Enter file  1-9 take  Tab field  e type  d duplicate  x discard  s skip"
_NAME = 9
_MOST_CANDIDATES = 9
_FEWEST_PICTURE_ROWS, _MOST_PICTURE_ROWS = 3, 10


@dataclass(kw_only=True)
class Sight:
    """What is shown of a document: the answer of the daemon, and what the person has done with it so far."""

    document: InReview
    said: dict[str, str | Decimal] = field(default_factory=dict)
    """The values that the person gave, by field: as they were typed, or as they were taken."""
    brought: Mapping[str, str | Decimal] = field(default_factory=dict)
    """The values among them that were there when it came up, after undo."""
    focus: str = "amount"
    done: int = 0
    waiting: int | None = None
    message: str = ""
    can_undo: bool = False
    was_warned: bool = False
    """Whether the person was told that leaving loses the values they gave."""

    @property
    def focused(self) -> FieldInReview:
        """The field at the arrow."""
        return self.document.fields[self.focus]

    @property
    def candidates(self) -> Sequence[CandidateShown]:
        """What may be taken for the field at the arrow, by number."""
        return self.focused.candidates[:_MOST_CANDIDATES]


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a screen, and where a picture may stand: its first row (from 0), and how many rows it may have."""

    lines: Sequence[Text]
    picture_row: int = 0
    picture_rows: int = 0


def name_field(name: str) -> str:
    """Return what the screen calls a field."""
    return "seller" if name == "vendor" else name


def first_doubt(document: InReview) -> str:
    """Return the field at which a person looks first: what is missing, then what is doubtful."""
    fields = document.fields
    missing = (name for name in document.lacking if name in fields)
    doubtful = (name for name, shown in fields.items() if shown.is_doubtful)
    return [*missing, *doubtful, *fields][0]


def next_doubt(sight: Sight) -> str:
    """Return the next doubtful field of which nothing was said yet; the one at the arrow if there is none."""
    names = list(sight.document.fields)
    place = names.index(sight.focus)
    after = (*names[place + 1 :], *names[:place])
    open_ones = (name for name in after if sight.document.fields[name].is_doubtful and name not in sight.said)
    return next(open_ones, sight.focus)


def draw_sight(sight: Sight, width: int, height: int, *, with_picture: bool) -> Page:
    """Return the screen of a document; nothing is wider or higher than the terminal."""
    head = [_line(f"{sight.document.file}", width, style="bold", end=_count(sight)), Text("")]
    fields = [_describe_field(sight, name, width) for name in sight.document.fields]
    others = list(_list_candidates(sight, width))
    foot = [_line(sight.message, width, style="bold"), *_list_keys(sight, width)]
    left = max(1, height - 1 - sum(map(len, (head, fields, others, foot))) - 2)
    reserve = _FEWEST_PICTURE_ROWS if with_picture and left > _FEWEST_PICTURE_ROWS + 1 else 0
    doubts = _cut(list(_wrap_doubts(sight.document, width)), max(1, left - reserve))
    body = [*head, *doubts, Text(""), *fields, Text(""), *others]
    rows = min(_MOST_PICTURE_ROWS, height - 1 - len(body) - len(foot)) if with_picture else 0
    room = [Text("")] * max(0, rows)
    lines = [*body, *room, *foot][: max(1, height - 1)]
    return Page(lines, len(body), max(0, rows))


def draw_help(sight: Sight, width: int, height: int) -> Page:
    """Return the screen that explains the keys and shows all that is doubtful."""
    keys = [_line(f"  {name:<6} {meaning}", width) for name, meaning in _usable_keys(sight).items()]
    doubts = list(_wrap_doubts(sight.document, width))
    place = _line(f"It lies at {sight.document.path or 'a place that is not known yet'}.", width)
    lines = [*keys, Text(""), place, *doubts, Text(""), _line("Press any key.", width, style="bold")]
    return Page(_cut(lines, max(1, height - 1)))


def _usable_keys(sight: Sight) -> Mapping[str, str]:
    return {name: meaning for name, meaning in KEYS.items() if name != "u" or sight.can_undo or sight.said}


def _count(sight: Sight) -> str:
    if sight.waiting is None:
        return ""
    return f"{sight.waiting} {'waits' if sight.waiting == 1 else 'wait'}, {sight.done} done"


def _wrap_doubts(document: InReview, width: int) -> Iterator[Text]:
    """Yield what is doubtful, a sentence for each line or more; none if nothing is."""
    for doubt in document.doubts:
        style = "" if doubt.field is not None else "dim"
        for place, part in enumerate(textwrap.wrap(one_line(doubt.sentence), max(10, width - 4))):
            yield _line(f"{'  ' if place else '- '}{part}", width, style=style)


def _describe_field(sight: Sight, name: str, width: int) -> Text:
    shown = sight.document.fields[name]
    said = sight.said.get(name)
    value = f"{said}" if said is not None else shown.value
    mark = ">" if name == sight.focus else " "
    note = "yours" if said is not None else _judge(shown)
    line = Text(f"{mark} {name_field(name):<{_NAME}} ")
    line.append(one_line(value) if value else "?", style="bold")
    line.truncate(max(1, width - cell_len(note) - 2), overflow="ellipsis")
    line.append(f"  {note}", style="dim")
    return line


def _judge(shown: FieldInReview) -> str:
    if shown.value is None:
        return "missing"
    if shown.is_doubtful:
        return f"doubtful, {shown.confidence or 0:.0%}"
    return "proven" if shown.proof else "sure"


def _list_candidates(sight: Sight, width: int) -> Iterator[Text]:
    """Yield what else the field at the arrow might be, by number, with the words of its place."""
    for number, each in enumerate(sight.candidates, 1):
        line = Text(f"  {number} ")
        line.append(one_line(each.value), style="bold")
        if each.text and each.text.strip() != each.value:
            line.append(f'  in "{one_line(each.text)}"', style="dim")
        line.truncate(width, overflow="ellipsis")
        yield line


def _list_keys(sight: Sight, width: int) -> Iterator[Text]:
    undo = "  u undo" if sight.can_undo or sight.said else ""
    yield from (_line(part, width, style="dim") for part in textwrap.wrap(f"{_SHORT}{undo}  ? help  q quit", width))


def _line(text: str, width: int, *, style: str = "", end: str = "") -> Text:
    """Return one line, cut to the width; `end` stands at its right."""
    line = Text(one_line(text), style=style)
    line.truncate(max(1, width - cell_len(end) - 2 * bool(end)), overflow="ellipsis", pad=bool(end))
    if end:
        line.append(f"  {end}", style="not bold")
    return line


def _cut(lines: list[Text], most: int) -> list[Text]:
    """Return the first lines; the last of them says that there are more."""
    return lines if len(lines) <= most else [*lines[: most - 1], Text("  ... (press ? for the rest)", style="dim")]
