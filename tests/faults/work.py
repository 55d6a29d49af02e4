"""A house at work: a scanner that drops and uploads, a person who files and corrects, and what must be true afterwards.

Whatever was acknowledged is noted, and so is whatever was only attempted: after a fault, the one must be there, the
other may be. A drop is acknowledged once its writer has synced file and folder; all else, by the daemon's answer.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.e2e import papers
from tests.e2e.house import House, sha256

ANSWER_LOST = (OSError, http.client.HTTPException, json.JSONDecodeError)
OURS = {".expensed", "lost+found"}
CATEGORIES = ("Groceries", "Travel & Lodging", "Other", "Software & Services")
SCANNER_PAUSE_S, PERSON_PAUSE_S = 0.12, 0.03
Said = dict[str, Any]


class Work:
    """Mixed work on one house; everything it decides follows from its seed."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.chance = random.Random(seed)
        self.acknowledged: Counter[str] = Counter()
        self.attempted: Counter[str] = Counter()
        self.said: dict[str, Said] = {}
        self.unanswered: defaultdict[str, list[Said]] = defaultdict(list)
        self.done: Counter[str] = Counter()
        self.inbox_is_there = threading.Lock()
        """Held by who takes the inbox away, so that no file is dropped where it was."""
        self._contents: dict[str, bytes] = {}
        self._names: defaultdict[str, list[int]] = defaultdict(list)
        self._being_told: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._number = 0
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._errors: list[BaseException] = []

    # --- at work

    def begin(self) -> None:
        """Let scanner and person begin."""
        self._stop.clear()
        turns = (self._scan, SCANNER_PAUSE_S), (self._attend, PERSON_PAUSE_S)
        chances = (random.Random(self.chance.random()) for _ in turns)
        self._threads = [
            threading.Thread(target=self._repeat, args=(*turn, chance), daemon=True)
            for turn, chance in zip(turns, chances, strict=True)
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let them end, after what they are just doing; an error of the tests is raised."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "an answer is still awaited after 60 s"
        if self._errors:
            raise self._errors[0]

    def wait_until_done(self, kind: str, count: int, timeout_s: float = 60) -> None:
        """Wait until that many more of one kind were acknowledged."""
        goal = self.done[kind] + count
        self.house.wait(lambda: self._errors or self.done[kind] >= goal, timeout_s, f"{count} more {kind}")

    def _repeat(self, turn: Callable[[random.Random], None], pause_s: float, chance: random.Random) -> None:
        try:
            while not self._stop.wait(chance.uniform(0, pause_s)):
                with contextlib.suppress(*ANSWER_LOST):
                    turn(chance)
        except BaseException as error:  # noqa: BLE001 - raised in `end`
            self._errors.append(error)

    def _scan(self, chance: random.Random) -> None:
        kind = chance.choices(("receipt", "letter", "twin", "upload"), (5, 3, 1, 2))[0]
        self._number += 1
        content = make_letter(self._number) if kind == "letter" else papers.pdf(papers.receipt_lines(self._number))
        if kind == "twin" and self.acknowledged:
            content = self._contents[chance.choice(sorted(self.acknowledged))]
        if kind == "upload":
            self._upload(content, chance)
        else:
            self._drop(content, chance)

    def _drop(self, content: bytes, chance: random.Random) -> None:
        path = self.house.inbox / f"scan {self._number}.pdf"
        with self.inbox_is_there:
            digest = self._attempt(content)
            if chance.random() < 0.5:
                write_durably(path, content)
            else:
                partial = path.with_name(f".{path.name}.part")
                write_durably(partial, content)
                partial.rename(path)
                sync(path.parent)
            self._acknowledge(digest, "drops")

    def _upload(self, content: bytes, chance: random.Random) -> None:
        digest = self._attempt(content)
        answer = self.house.upload(f"photo {self._number}.pdf", content)
        if answer["http"] == 200:
            self._acknowledge(digest, "uploads")
            if chance.random() < 0.7:
                self._file(answer["file_id"], "uploads filed", chance)

    def _attempt(self, content: bytes) -> str:
        digest = sha256(content)
        self._contents[digest] = content
        self._names[digest].append(self._number)
        self.attempted[digest] += 1
        return digest

    def _acknowledge(self, digest: str, kind: str) -> None:
        self.acknowledged[digest] += 1
        self.done[kind] += 1

    def _attend(self, chance: random.Random) -> None:
        state = chance.choices(("review", "filed"), (1, 2))[0]
        listed = self.house.get(f"/api/documents?state={state}&limit=50").get("documents", [])
        if listed and state == "review":
            self._file(chance.choice(listed)["document_id"], "filings from review", chance)
        elif listed:
            said = self._say(chance, 1 + chance.randrange(2))
            document_id = chance.choice(listed)["document_id"]
            self._tell(
                document_id, said, "corrections", lambda: self.house.patch(f"/api/documents/{document_id}", said)
            )

    def _file(self, document_id: str, kind: str, chance: random.Random) -> None:
        said = self._say(chance, 4) | {"vendor": "Post Office", "currency": "EUR"}
        body = {"file_id": document_id, "expense_data": said}
        self._tell(document_id, said, kind, lambda: self.house.post("/api/process", body))

    def _tell(self, document_id: str, said: Said, kind: str, send: Callable[[], Said]) -> None:
        with self._being_told[document_id]:  # so that what was said last is known
            self.unanswered[document_id].append(said)
            answer = send()
            if answer["http"] == 200:
                self.said[document_id] = self.said.get(document_id, {}) | said
                earlier = self.unanswered[document_id][:-1]  # what was not said again may still have been heard
                self.unanswered[document_id] = [
                    {field: each[field] for field in each.keys() - said} for each in earlier
                ]
                self.done[kind] += 1
            elif answer["http"] in (400, 404, 409, 422):
                self.unanswered[document_id].remove(said)  # refused, as when it was a duplicate, or already filed

    def _say(self, chance: random.Random, fields: int) -> Said:
        self._number += 1
        said = {
            "amount": round(20 + self._number / 100, 2),
            "date": f"2024-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
            "category": chance.choice(CATEGORIES),
            "description": f"the {self._number}th thing said",
        }
        return {field: said[field] for field in chance.sample(sorted(said), fields)}

    # --- afterwards

    def is_quiet(self) -> bool:
        """Whether nothing is left to do: no file waits to be taken, each taken one is known, and no task is open."""
        try:
            waiting = [path for path in self.house.inbox.iterdir() if path.suffix == ".pdf" and path.stat().st_size]
            claimed = {path.parent.name for path in self._list_claimed()}
        except FileNotFoundError:  # a file was just taken, or a claim folder removed
            return False
        if any(not path.name.startswith(".") for path in waiting):
            return False
        return claimed <= {row["id"] for row in self.house.rows("SELECT id FROM documents")} and self.house.is_quiet()

    def _list_claimed(self) -> list[Path]:
        return [path for path in self.house.claimed() if path.parent.name != ".expensed" and path.name != ".part"]

    def find_faults(self) -> list[str]:
        """Return what is lost, twice or not as it was said to be: a sentence each. The daemon must be at rest."""
        return [*self._find_wrong_files(), *self._find_wrong_companions(), *self._find_forgotten(), *self._check()]

    def _find_wrong_files(self) -> Iterator[str]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in self._list_documents():
            found[sha256(path.read_bytes())].append(str(path.relative_to(self.house.root)))
        for digest, times in self.acknowledged.items():
            if len(found[digest]) < times:
                yield f"{digest[:8]} was acknowledged {times} times, lies at {found[digest]}{self._tell_story(digest)}"
        for digest, paths in found.items():
            if digest in self.attempted and len(paths) > self.attempted[digest]:
                yield f"{digest[:8]} was sent {self.attempted[digest]} times, lies at {paths}{self._tell_story(digest)}"
            elif digest not in self.attempted and not self._is_torn((self.house.root / paths[0]).read_bytes()):
                yield f"nobody ever sent what lies at {paths}"

    def _tell_story(self, digest: str) -> str:
        """What ledger and log know about the documents with these bytes."""
        rows = self.house.rows("SELECT id, file, origin, state, first, place FROM documents WHERE sha256 = ?", digest)
        log = self.house.log.read_text(errors="replace").splitlines()
        known = [line for line in log if any(row["id"] in line for row in rows)]
        return "".join(f"\n    {line}" for line in (f"sent as {self._names[digest]}", *rows, *known))

    def _is_torn(self, content: bytes) -> bool:
        """Whether this may be a file that was being written, and was not acknowledged, when the power went."""
        begun = (
            self._contents[digest] for digest in self.attempted if self.attempted[digest] > self.acknowledged[digest]
        )
        return any(each.startswith(content.rstrip(b"\0")) for each in begun)

    def _list_documents(self) -> Iterator[Path]:
        for path in walk(self.house.archive):
            if not path.name.endswith((".json", ".why.txt")):
                yield path
        yield from walk(self.house.inbox)
        yield from self._list_claimed()

    def _find_wrong_companions(self) -> Iterator[str]:
        owners: defaultdict[str, list[str]] = defaultdict(list)
        for path in walk(self.house.archive):
            name = str(path.relative_to(self.house.archive))
            if path.name.startswith("."):
                yield f"{name} is left in the archive"
            elif path.suffix == ".json":
                owners[json.loads(path.read_text())["id"]].append(name)
        yield from (f"{owner} has several sidecars: {names}" for owner, names in owners.items() if len(names) > 1)

    def _find_forgotten(self) -> Iterator[str]:
        for document_id, said in self.said.items():
            document = self.house.get(f"/api/documents/{document_id}")
            for field, value in said.items():
                allowed = [value, *(each[field] for each in self.unanswered[document_id] if field in each)]
                if document["state"] != "duplicate" and document["data"].get(field) not in allowed:
                    yield f"{document_id} should have {field} {allowed}, not {document['data'].get(field)}"

    def _check(self) -> Iterator[str]:
        checked = self.house.check()
        if checked.returncode:
            yield f"expensed check: {checked.stdout.strip() or checked.stderr.strip()}"


def make_letter(number: int) -> bytes:
    """Return a letter, which goes to review."""
    return papers.pdf([f"Dear Ms Ode the {number}th,", "thank you for your letter.", "Yours, A. Writer"])


def walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a place, except expensed's own."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] not in OURS:
            yield path


def write_durably(path: Path, content: bytes) -> None:
    """Write a file and sync it and its folder."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def sync(folder: Path) -> None:
    """Sync a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def pause(chance: random.Random, longest_s: float) -> None:
    """Let the moment of a fault be any; this is not a wait for something."""
    time.sleep(chance.uniform(0, longest_s))
