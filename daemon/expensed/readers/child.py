"""A child process: takes requests on stdin, reads or draws one document at a time, answers on stdout.

It keeps no state but the loaded engine and may be killed at any moment. The daemon trusts nothing about it beyond the
shape of its answers.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, assert_never

from expensed.errors import (
    DocumentError,
    ExpensedError,
    Gone,
    InternalError,
    MachineTrouble,
    SourceUnreadable,
    TooLarge,
    is_shortage,
)
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import build_rows
from expensed.extraction.traits import find_traits
from expensed.model.expense import Examination
from expensed.model.fingerprint import make_fingerprint
from expensed.model.states import Stage
from expensed.parent_death import die_with_parent
from expensed.readers.examination import examine_content
from expensed.readers.protocol import (
    LENGTH,
    Answer,
    Compare,
    Compared,
    Draw,
    Drawn,
    Examine,
    Examined,
    Failed,
    Progress,
    Ready,
    Request,
    frame,
    parse_request,
)
from expensed.reading.engines.memory import make_room
from expensed.reading.options import ReadingOptions
from expensed.reading.whole_pictures.page_picture import draw_page
from expensed.reading.whole_pictures.picture_keys import make_picture_keys
from expensed.reading.whole_pictures.same_picture import ROOM_MB, compare_pictures

LARGEST_FILE = 1 << 30
"""Bytes; a larger file is refused before any of it is read."""
LONGEST_TEXT = 1_000_000
"""How many characters of a document's text are kept; about 500 dense pages."""
NICENESS = 10
_ALLOCATIONS = 20_000
"""How many objects are made before Python looks for garbage: reading lists makes thousands, and no garbage."""


def main() -> int:
    """Serve requests until stdin ends."""
    die_with_parent(int(sys.argv[1]))
    gc.freeze()  # what was loaded lives as long as the process
    gc.set_threshold(_ALLOCATIONS)
    os.nice(NICENESS)
    with contextlib.suppress(OSError):  # not every container allows it
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up among the answers
    requests = sys.stdin.buffer
    _say(Ready(), answers)
    while content := _receive(requests):
        _serve(parse_request(content), answers)
    return 0


def _receive(requests: BinaryIO) -> bytes:
    head = requests.read(LENGTH.size)
    return requests.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def _say(answer: Answer, answers: BinaryIO) -> None:
    answers.write(frame(answer))
    answers.flush()


def _serve(request: Request, answers: BinaryIO) -> None:
    try:
        answer = _answer(request, lambda stage: _say(Progress(stage), answers))
    except FileNotFoundError:
        answer = Failed(Gone.code, "The file is no longer there.")
    except OSError as error:
        answer = Failed(SourceUnreadable.code, f"The file cannot be read: {error.strerror}.")
    except MemoryError:
        answer = Failed(TooLarge.code, "The document needs more memory than there is.", TooLarge.hint)
    except ExpensedError as error:
        trace = None if isinstance(error, DocumentError) else traceback.format_exc()
        answer = Failed(error.code, error.message, error.hint, trace)
    except Exception as error:  # noqa: BLE001 - one document must not take the child down; the daemon logs the trace
        answer = _describe_unexpected(error)
    _say(answer, answers)


def _describe_unexpected(error: Exception) -> Failed:
    if is_shortage(error):
        return Failed(MachineTrouble.code, f"A reading process lacked what it needed: {error}.")
    message = f"expensed hit an internal error ({type(error).__name__})."
    return Failed(InternalError.code, message, None, traceback.format_exc())


def _answer(request: Request, report: Callable[[Stage], None]) -> Answer:
    path = Path(os.fsdecode(request.path))
    match request:
        case Examine():
            return Examined(examine(path, request.reading, request.extraction, report))
        case Draw():
            content, how = _content(path), request.reading
            return Drawn(draw_page(content, request.page, how, request.turns, request.marks, request.crop))
        case Compare():
            make_room(ROOM_MB)
            other = _content(Path(os.fsdecode(request.other)))
            return Compared(compare_pictures(_content(path), other, request.reading))
        case _:
            assert_never(request)


def examine(
    path: Path, reading: ReadingOptions, extraction: ExtractionOptions, report: Callable[[Stage], None]
) -> Examination:
    """Read one file and extract its expense; `report` is called as each stage begins."""
    content = _content(path)
    found, findings = examine_content(content, reading, extraction, report)
    turns, text = tuple(page.turns for page in found.pages), found.text[:LONGEST_TEXT]
    return Examination(
        kind=found.kind,
        engine=found.engine,
        text=text,
        warnings=found.warnings,
        expense=findings.expense,
        turns=turns,
        fingerprint=make_fingerprint(text),
        picture_keys=make_picture_keys(content),
        traits=find_traits(build_rows(found), findings),
        choices=findings.choices,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise TooLarge(f"The file has {size / 1e9:.1f} GB; expensed reads up to {LARGEST_FILE / 1e9:.1f} GB.")
    return path.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
