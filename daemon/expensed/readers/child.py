"""A child process: takes requests on stdin, reads or draws one document at a time, answers on stdout.

It keeps no state but the loaded engine, and it may be killed
at any moment. Nothing here is trusted by the daemon beyond the shape of its answers.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import traceback
from base64 import b64encode
from pathlib import Path
from typing import Any, BinaryIO

from expensed.errors import DocumentError, ExpensedError, TooLarge
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import Examination
from expensed.parent_death import die_with_parent
from expensed.readers.protocol import EXAMINATION, EXTRACTION, LENGTH, MARKS, READING, frame
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions
from expensed.reading.page_picture import draw_page

LARGEST_FILE = 1 << 30
"""Bytes; a larger file is refused before any of it is read."""
LONGEST_TEXT = 1_000_000
"""Characters of a document's text that are kept; about 500 dense pages."""
NICENESS = 10


def main() -> int:
    """Serve requests until stdin ends."""
    die_with_parent(int(sys.argv[1]))
    os.nice(NICENESS)
    with contextlib.suppress(OSError):  # not every container lets us
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up among the answers
    requests = sys.stdin.buffer
    answers.write(frame(b'{"ready":true}'))
    answers.flush()
    while content := _receive(requests):
        _serve(json.loads(content), answers)
    return 0


def _receive(requests: BinaryIO) -> bytes:
    head = requests.read(LENGTH.size)
    return requests.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def _serve(request: dict[str, Any], answers: BinaryIO) -> None:
    def say(kind: str, content: bytes) -> None:
        answers.write(frame(b'{"%s":%s}' % (kind.encode(), content)))
        answers.flush()

    def report(stage: str) -> None:
        say("stage", json.dumps(stage).encode())

    path, reading = Path(request["path"]), READING.validate_python(request["reading"])
    try:
        if "page" in request:
            say("done", json.dumps(b64encode(_draw(path, request, reading)).decode()).encode())
        else:
            examination = examine(path, reading, EXTRACTION.validate_python(request["extraction"]), report)
            say("done", EXAMINATION.dump_json(examination))
    except FileNotFoundError:
        say("error", _describe("gone", "The file is no longer there.", None))
    except OSError as error:
        say("error", _describe("source-unreadable", f"The file cannot be read: {error.strerror}.", None))
    except MemoryError:
        say("error", _describe("too-large", "The document needs more memory than there is.", TooLarge.hint))
    except ExpensedError as error:
        trace = None if isinstance(error, DocumentError) else traceback.format_exc()
        say("error", _describe(error.code, error.message, error.hint, trace))
    except Exception as error:  # noqa: BLE001 - one document must not take the child down; the daemon logs the trace
        message = f"expensed met an error of its own ({type(error).__name__})."
        say("error", _describe("internal", message, None, traceback.format_exc()))


def examine(path: Path, reading: ReadingOptions, extraction: ExtractionOptions, report: Any) -> Examination:
    """Read one file and extract its expense; `report(stage)` is called as `extraction` and `currency` begin."""
    content = _content(path)
    found = read_document(content, reading)
    report("extraction")
    expense = extract_expense(found, extraction, on_stage=report)
    turns = tuple(page.turns for page in found.pages)
    return Examination(
        kind=found.kind,
        engine=found.engine,
        text=found.text[:LONGEST_TEXT],
        warnings=found.warnings,
        expense=expense,
        turns=turns,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _draw(path: Path, request: dict[str, Any], reading: ReadingOptions) -> bytes:
    marks = MARKS.validate_python(request["marks"])
    return draw_page(_content(path), request["page"], reading, request["turns"], marks)


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise TooLarge(f"The file has {size / 1e9:.1f} GB; expensed reads up to {LARGEST_FILE / 1e9:.1f} GB.")
    return path.read_bytes()


def _describe(code: str, message: str, hint: str | None, trace: str | None = None) -> bytes:
    return json.dumps({"code": code, "message": message, "hint": hint, "trace": trace}).encode()


if __name__ == "__main__":
    sys.exit(main())
