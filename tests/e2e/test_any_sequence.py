"""After any sequence of what people and machines do to it, ledger, sidecars and folders agree and no bytes are missing.

Hypothesis chooses the sequences. EXPENSED_SEQUENCES=N tries N random ones, each longer, instead of the few that are the
same in every run.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from tests.e2e import papers
from tests.e2e.house import House, sha256
from tests.e2e.views import see_all

SEQUENCES = int(os.environ.get("EXPENSED_SEQUENCES", "0"))
ODD = ["Thank you for your visit", "Please come again"]
BROKEN = b"%%PDF-1.4\n%d is no document\nstartxref\n9\n%%%%EOF\n"
SAID = {"vendor": "The Odd Shop", "amount": 4.5, "date": "2024-05-06", "currency": "EUR", "category": "Other"}
CORRECTIONS: tuple[dict[str, Any], ...] = (
    {"vendor": "Nordlicht Roasters"},
    {"amount": 7.35},
    {"date": "2024-02-29"},
    {"category": "Office Supplies"},
    {"vendor": "Quayside", "category": "Travel", "currency": "EUR"},
    {"description": "for the office"},
)
PLACES = (
    "archive/2024/Groceries/{name}",
    "archive/2024/Travel & Lodging/2024-05-06_Quayside_{number}-EUR.pdf",
    "archive/_review/2024-05-06_Harbour Books_{number},50-EUR.pdf",
    "archive/_discarded/{name}",
    "archive/of mine/{name}",
    "inbox/{name}",
)
UNTOLD = (
    "SELECT 1 FROM unrecorded",
    "SELECT 1 FROM vendor_names WHERE NOT is_recorded",
    "SELECT 1 FROM lessons l JOIN documents d ON d.number = l.number WHERE NOT l.is_told AND d.state <> 'gone'",
)
AT_REST = ("filed", "review", "duplicate", "discarded", "failed")
any_number = st.integers(0, 1 << 16)
when = st.sampled_from((None, None, None, 0.0, 0.003, 0.01, 0.03, 0.1, 0.3))
"""After how many seconds the daemon is killed in the middle of a step; mostly not."""


class Life(RuleBasedStateMachine):
    """One house: documents come, people change their minds, and the daemon is killed at any moment."""

    @initialize()
    def move_in(self) -> None:
        """Start the daemon on empty folders."""
        self.folder = tempfile.TemporaryDirectory(prefix="any-sequence-")
        self.house = House(Path(self.folder.name) / "house", reading__workers=1, inbox__rescan_s=1)
        self.contents: dict[str, bytes] = {}
        self.given: dict[str, list[str]] = {}
        self.count = 0
        self.house.start()

    @rule(number=any_number, kind=st.sampled_from(("receipt", "receipt", "odd", "broken", "again")), kill=when)
    def drop(self, number: int, kind: str, kill: float | None) -> None:
        """Drop a document: a new one, one that needs a person, one that cannot be read, or one that came before."""
        content = self._write(kind, number)
        self._interrupted(lambda: self.house.drop(f"{kind} {self.count}.pdf", content), kill)

    @rule(number=any_number, kind=st.sampled_from(("receipt", "odd", "again")), file=st.booleans(), kill=when)
    def upload(self, number: int, kind: str, file: bool, kill: float | None) -> None:
        """Upload one; an upload that was cut off by a kill need not be there."""
        content = self._write(kind, number)
        answers: list[dict[str, Any]] = []
        name = f"{kind} {self.count}.pdf"
        self._interrupted(lambda: answers.append(self.house.upload(name, content, "?file=1" if file else "")), kill)
        if not answers and len(self.given[sha256(content)]) == 1:
            del self.contents[sha256(content)]

    @rule(number=any_number, said=st.sampled_from(CORRECTIONS), kill=when)
    def correct(self, number: int, said: dict[str, Any], kill: float | None) -> None:
        """Correct a filed document."""
        document = self._pick(number, "filed")
        if document:
            self._interrupted(lambda: self.house.patch(f"/api/documents/{document}", said), kill)

    @rule(number=any_number, kill=when)
    def file(self, number: int, kill: float | None) -> None:
        """File a document that waits in review, or an upload, with a person's data."""
        document = self._pick(number, "review", "uploaded", "read")
        body = {"file_id": document, "expense_data": SAID | {"amount": 4 + number % 7}}
        if document:
            self._interrupted(lambda: self.house.post("/api/process", body), kill)

    @rule(number=any_number, kill=when)
    def discard(self, number: int, kill: float | None) -> None:
        """Discard a document, whatever it is."""
        document = self._pick(number, "filed", "review", "failed", "duplicate", "uploaded")
        if document:
            self._interrupted(lambda: self.house.post(f"/api/documents/{document}/discard", {}), kill)

    @rule(number=any_number, kill=when)
    def release(self, number: int, kill: float | None) -> None:
        """Put a discarded document back."""
        document = self._pick(number, "discarded")
        if document:
            self._interrupted(lambda: self.house.post(f"/api/documents/{document}/undiscard", {}), kill)

    @rule(number=any_number, what=st.sampled_from(("last", "document", "entry", "entry", "since")), kill=when)
    def undo(self, number: int, what: str, kill: float | None) -> None:
        """Take back the last thing done, a document's, any entry of the journal, or the last few."""
        entries = self.house.rows("SELECT number, at FROM journal ORDER BY number DESC LIMIT 8")
        if not entries:
            return
        chosen = entries[number % len(entries)]
        bodies: dict[str, dict[str, Any]] = {
            "last": {},
            "document": {"document_id": self._pick(number, *AT_REST)},
            "entry": {"entry": chosen["number"]},
            "since": {"since": chosen["at"]},
        }
        self._interrupted(lambda: self.house.post("/api/undo", bodies[what]), kill)

    @rule(number=any_number, kill=when)
    def read_again(self, number: int, kill: float | None) -> None:
        """Have a document read again."""
        document = self._pick(number, "review", "failed", "filed")
        if document:
            self._interrupted(lambda: self.house.post(f"/api/documents/{document}/reread", {"apply": True}), kill)

    @rule(number=any_number, undo=st.booleans(), kill=when)
    def forget(self, number: int, undo: bool, kill: float | None) -> None:
        """Forget what a document teaches, perhaps with what that did."""
        lessons = self.house.rows("SELECT number FROM lessons ORDER BY number")
        if lessons:
            path = f"/api/lessons/{lessons[number % len(lessons)]['number']}/forget"
            self._interrupted(lambda: self.house.post(path, {"undo": undo}), kill)

    @rule(number=any_number, into=st.sampled_from(("Nordlicht", "Quayside")), move=st.booleans(), kill=when)
    def merge(self, number: int, into: str, move: bool, kill: float | None) -> None:
        """Have the name of a filed document mean another seller."""
        names = self.house.rows("SELECT DISTINCT vendor FROM documents WHERE state = 'filed' ORDER BY vendor")
        if names:
            body = {"names": [names[number % len(names)]["vendor"]], "into": into, "move": move}
            self._interrupted(lambda: self.house.post("/api/vendors/merge", body), kill)

    @rule(number=any_number, to=st.sampled_from(PLACES), companions=st.booleans(), kill=when)
    def move(self, number: int, to: str, companions: bool, kill: float | None) -> None:
        """Move a document in the archive, or from there into the inbox, as a person does with a file manager."""
        document = self._pick(number, *AT_REST)
        if document:
            self._interrupted(lambda: self._move(document, to, companions), kill)

    def _move(self, document: str, to: str, companions: bool) -> None:
        ((path,),) = (row.values() for row in self.house.rows("SELECT path FROM documents WHERE id = ?", document))
        source = self.house.archive / os.fsdecode(path)
        target = self.house.root / to.format(name=source.name, number=self.count)
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # the daemon has just moved it itself
            if not target.exists():
                source.rename(target)
                for ending in (".json", ".why.txt") if companions and "archive" in to else ():
                    source.with_name(f"{source.name}{ending}").rename(target.with_name(f"{target.name}{ending}"))

    @rule(everything=st.booleans(), pause_s=st.sampled_from((0.0, 0.05, 0.3)))
    def be_killed(self, everything: bool, pause_s: float) -> None:
        """End the daemon after a moment, alone or with all its children, and start it again."""
        time.sleep(pause_s)
        self._restart(everything=everything)

    def teardown(self) -> None:
        """Look whether everything agrees, then make the ledger again and compare."""
        if not hasattr(self, "house"):
            return
        try:
            self._agree()
        finally:
            self.house.clear()
            self.folder.cleanup()

    def _agree(self) -> None:
        house = self.house
        self._settle()
        for row in house.rows("SELECT id FROM documents WHERE state IN ('uploaded', 'read')"):  # no ledger, no upload
            assert house.post(f"/api/documents/{row['id']}/discard", {})["http"] == 200
        house.wait(self._is_done, 60, "all is done")
        self._miss_nothing()
        checked = house.check()
        assert checked.returncode == 0, checked.stdout
        if not self.contents:
            return
        house.wait(lambda: not any(map(house.rows, UNTOLD)), 20, "the archive is told")
        seen = see_all(house)
        house.stop()
        for path in house.state.glob("ledger.sqlite3*"):
            path.unlink()
        rebuilt = house.run("rebuild")
        assert rebuilt.returncode == 0, rebuilt.stderr
        house.start()
        house.wait(self._is_done, 60, "it is quiet again")
        again = see_all(house)
        for what, value in seen.items():
            assert again[what] == value, what
        self._miss_nothing()

    def _settle(self) -> None:
        """Wait until all is done, and nothing has changed for some scans: a move may be noticed late."""
        documents = "SELECT id, state, path, updated_at FROM documents"
        while True:
            self.house.wait(self._is_done, 60, "all is done")
            before = self.house.rows(documents)
            self.house.wait(partial(_is_later, time.monotonic() + 3), 5, "some scans")
            if self._is_done() and self.house.rows(documents) == before:
                return

    def _is_done(self) -> bool:
        """Whether every file in the inbox has been admitted, and nothing is left to do."""
        known = {row["id"] for row in self.house.rows("SELECT id FROM documents")}
        if any(path.is_file() for path in self.house.inbox.iterdir()):
            return False
        places = self.house.rows("SELECT path FROM documents WHERE state IN ('filed', 'review', 'failed')")
        if not all((self.house.archive / os.fsdecode(row["path"])).is_file() for row in places):
            return False  # it was moved, and that has not been noticed yet
        if self.house.rows("SELECT 1 FROM moved WHERE remark IS NULL"):
            return False
        return {path.parent.name for path in self.house.claimed()} - {".expensed"} <= known and (
            not known or self.house.is_quiet()
        )

    def _miss_nothing(self) -> None:
        """Whatever was given to it lies below the inbox or the archive."""
        folders = (self.house.inbox, self.house.archive)
        present = {sha256(path.read_bytes()) for folder in folders for path in folder.rglob("*") if path.is_file()}
        assert self.contents.keys() <= present

    def _write(self, kind: str, number: int) -> bytes:
        self.count += 1
        if kind == "again" and self.contents:
            digest, content = sorted(self.contents.items())[number % len(self.contents)]
            self.given[digest].append(kind)
            return content
        number = number % 89 + 89 * self.count
        match kind:
            case "odd":
                content = papers.pdf([*ODD, f"No. {number}"])
            case "broken":
                content = BROKEN % number
            case _:
                content = papers.pdf(papers.receipt_lines(number))
        self.contents[sha256(content)] = content
        self.given.setdefault(sha256(content), []).append(kind)
        return content

    def _pick(self, number: int, *states: str) -> str | None:
        """Return the id of a document in one of these states; None if there is none."""
        wanted = ", ".join(f"'{state}'" for state in states)
        found = self.house.rows(f"SELECT id FROM documents WHERE state IN ({wanted}) ORDER BY number")
        return str(found[number % len(found)]["id"]) if found else None

    def _interrupted(self, step: Callable[[], object], kill: float | None) -> None:
        """Do something, and kill the daemon so many seconds after it has begun."""
        if kill is None:
            step()
            return

        def try_it() -> None:
            with contextlib.suppress(OSError, ValueError):  # the daemon was killed before it answered
                step()

        doing = threading.Thread(target=try_it)
        doing.start()
        time.sleep(kill)
        self._restart(everything=False)
        doing.join(30)

    def _restart(self, *, everything: bool) -> None:
        self.house.kill(everything=everything)
        self.house.start()


def _is_later(moment: float) -> bool:
    return time.monotonic() > moment


@pytest.mark.timeout(3600)
def test_after_any_sequence_everything_agrees_and_nothing_is_missing() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=SEQUENCES or 5,
            stateful_step_count=30 if SEQUENCES else 15,
            derandomize=not SEQUENCES,
            phases=(Phase.generate,),  # to make a sequence shorter would take many minutes
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
