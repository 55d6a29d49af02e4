"""One expensed on its own folders, as a process: started, watched, stopped and killed by the end-to-end tests."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.forks import MARK, ROOT, SOURCES, Forked, server

__all__ = ["ROOT", "SOURCES", "STOP_S", "House", "sha256"]
STOP_S = 8.0
"""A daemon ends 4.7 s after its signal, whatever hangs; the rest is the machine's."""
COMPANIONS = (".json", ".why.txt")


class House:
    """Folders below `root`, and the daemon that lives on them while it is started."""

    def __init__(self, root: Path, **settings: object) -> None:
        self.root = root
        self.inbox, self.archive, self.state = root / "inbox", root / "archive", root / "state"
        self.log = root / "daemon.log"
        self.mark = uuid.uuid4().hex
        self.settings: dict[str, object] = {
            "inbox__rescan_s": 2,
            "inbox__settle_s": 0.3,
            "web__port": 0,
            "reading__idle_exit_s": 30,
        }
        self.settings |= settings
        self.process: subprocess.Popen[bytes] | Forked | None = None
        self.address = ""
        self.runtime = Path(tempfile.gettempdir()) / f"house-{self.mark[:12]}"
        for folder in (self.inbox, self.archive, self.state, self.runtime):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings as environment variables, with a mark by which all the house's processes are found."""
        own = {f"EXPENSED_{key.upper()}": str(value) for key, value in self.settings.items()}
        folders = {
            "EXPENSED_INBOX__PATH": str(self.inbox),
            "EXPENSED_ARCHIVE__PATH": str(self.archive),
            "EXPENSED_STATE__PATH": str(self.state),
            "RUNTIME_DIRECTORY": str(self.runtime),
        }
        rest = {key: value for key, value in os.environ.items() if not key.startswith("EXPENSED_")}
        return rest | folders | own | {MARK: self.mark}

    def start(
        self,
        *command: str,
        ready: bool = True,
        fresh: bool = False,
        through: tuple[str, ...] = (),
        extra: dict[str, str] | None = None,
    ) -> None:
        """Start the daemon (or another entry point) and wait until it says that it is ready.

        It is a fork of a process that has its imports done; `fresh`: a new Python, as users start it.
        """
        before = self.log.stat().st_size if self.log.exists() else 0
        words = command or ("-m", "expensed", "run")
        environment = self.environment | (extra or {})
        with self.log.open("ab") as log:
            if fresh or through or words[0] != "-m":
                self.process = subprocess.Popen(
                    [*through, sys.executable, *words],
                    cwd=self.root, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                )  # fmt: skip
            else:
                self.process = server().start(words[1:], cwd=self.root, env=environment, stdout=log, stderr=log)
        if ready:
            self.wait(lambda: self._find_address(before), 30, "the daemon is ready")

    def _find_address(self, before: int) -> bool:
        text = self.log.read_bytes()[before:].decode(errors="replace")
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"the daemon ended with {self.process.returncode}:\n{text[-3000:]}")
        found = re.search(r"is ready: .*(http://\S+)", text)
        if found:
            self.address = found[1].rstrip("/.")
        return bool(found)

    def stop(self) -> float:
        """Send SIGTERM; return how many seconds the daemon took to end."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)
        return time.monotonic() - began

    def kill(self, *, everything: bool = False) -> None:
        """Send SIGKILL to the main process, or to every process of the house at once."""
        assert self.process is not None
        for pid in self.processes() if everything else [self.process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(15)

    def clear(self) -> None:
        """End whatever is left of it."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGCONT)
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if self.process is not None:
            self.process.wait(15)
        shutil.rmtree(self.runtime, ignore_errors=True)

    def processes(self) -> list[int]:
        """Return every living process of this house: daemon, children, Redis, OCR programs.

        The daemon has its mark in its environment, a reading process a folder in its state folder; Redis, which
        overwrites its own, has its runtime folder in its title.
        """
        marks, runtime = (f"{MARK}={self.mark}".encode(), os.fsencode(self.state) + b"/"), os.fsencode(self.runtime)
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if not folder.name.isdigit():
                    continue
                environment = (folder / "environ").read_bytes()
                if any(mark in environment for mark in marks) or runtime in (folder / "cmdline").read_bytes():
                    state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                    found += [int(folder.name)] if state != "Z" else []
            except OSError:
                continue
        return found

    def processes_named(self, name: str) -> list[int]:
        """Return the processes of the house whose program has this name."""
        found = []
        for pid in self.processes():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            found += [pid] if name in command else []
        return found

    def drop(self, name: str | bytes, content: bytes) -> Path:
        """Write a file into the inbox in one go."""
        path = self.inbox / os.fsdecode(name)
        path.write_bytes(content)
        return path

    def wait(self, condition: Callable[[], Any], timeout_s: float, what: str) -> Any:
        """Poll until `condition()` is true; return its value. AssertionError with the log's end after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if value := condition():
                return value
            time.sleep(0.05)
        log = self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""
        raise AssertionError(f"waited {timeout_s} s in vain: {what}\n{self.describe()}\n{log}")

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """PATCH a JSON body; return the answer, whatever its status."""
        request = urllib.request.Request(
            self.address + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method="PATCH",
        )
        return self._ask(request)

    def get(self, path: str) -> dict[str, Any]:
        """GET a JSON answer, whatever its status."""
        return self._ask(urllib.request.Request(self.address + path))

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST a JSON body."""
        headers = {"Content-Type": "application/json"}
        return self._ask(urllib.request.Request(self.address + path, json.dumps(body).encode(), headers))

    def upload(self, name: str, content: bytes, query: str = "") -> dict[str, Any]:
        """POST a file as a browser's form does."""
        head = f'--form\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        headers = {"Content-Type": "multipart/form-data; boundary=form"}
        body = head + content + b"\r\n--form--\r\n"
        return self._ask(urllib.request.Request(f"{self.address}/api/upload{query}", body, headers))

    def _ask(self, request: urllib.request.Request) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return dict(json.load(answer), http=answer.status)
        except urllib.error.HTTPError as error:
            return dict(json.load(error), http=error.code)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Return rows of the ledger; none if it is not there yet."""
        path = self.state / "ledger.sqlite3"
        if not path.exists():
            return []
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()

    def ledger_id(self) -> str:
        """Return the id of the ledger."""
        return str(self.rows("SELECT value FROM facts WHERE name = 'ledger_id'")[0]["value"])

    def id_of(self, file: str) -> str:
        """Return the id of the newest document of this name."""
        return str(self.rows("SELECT id FROM documents WHERE file = ? ORDER BY number DESC", file)[0]["id"])

    def states(self) -> dict[str, str]:
        """The state of every document, by file name (the newest if several share a name)."""
        return {row["file"]: row["state"] for row in self.rows("SELECT file, state FROM documents ORDER BY number")}

    def is_quiet(self, count: int | None = None) -> bool:
        """Whether nothing is left to do, with `count` documents in all."""
        documents = self.rows("SELECT count(*) AS n FROM documents")  # first: one that comes now is not done yet
        unfinished = self.rows("SELECT count(*) AS n FROM tasks WHERE standing <> 'ended'")
        open_filings = self.rows("SELECT count(*) AS n FROM filings WHERE state IN ('intended', 'filed')")
        if not documents or not unfinished or unfinished[0]["n"] or open_filings[0]["n"]:
            return False
        return count is None or documents[0]["n"] == count

    def wait_quiet(self, count: int, timeout_s: float = 60) -> None:
        """Wait until `count` documents are known and all work is done."""
        self.wait(lambda: self.is_quiet(count), timeout_s, f"{count} documents are done")

    def wait_for(self, **states: str) -> None:
        """Wait until all work is done and the documents `NAME.pdf` are in these states."""
        wanted = {f"{name}.pdf": state for name, state in states.items()}
        self.wait(lambda: self.is_quiet() and wanted.items() <= self.states().items(), 60, f"they are {wanted}")

    def find_id(self, file: str) -> str:
        """Return the id of the document of this name."""
        return str(self.rows("SELECT id FROM documents WHERE file = ?", file)[0]["id"])

    def find_path(self, file: str) -> str:
        """Return where the document of this name lies, relative to the archive."""
        return os.fsdecode(self.rows("SELECT path FROM documents WHERE file = ?", file)[0]["path"])

    def wait_known(self, count: int) -> None:
        """Wait until `count` documents are in the ledger."""
        self.wait(lambda: len(self.rows("SELECT 1 FROM documents")) == count, 20, f"{count} documents are known")

    def wait_archived(self, count: int) -> None:
        """Wait until `count` documents are in the archive."""
        self.wait(lambda: len(self.archived()) >= count, 60, f"{count} documents are in the archive")

    def describe(self) -> str:
        """Describe the state of everything, for a failed test."""
        return "\n".join(
            str(row)
            for row in self.rows(
                "SELECT d.number, d.file, d.state, d.outcome, d.first, t.step, t.standing, t.state AS task, t.attempt,"
                " t.failures, t.error FROM documents d LEFT JOIN tasks t ON t.document = d.number"
                " WHERE coalesce(t.standing, '') <> 'ended' LIMIT 30"
            )
        )

    def archived(self) -> dict[str, list[str]]:
        """Map each sha256 to the paths in the archive of the documents that have it; companions are left out."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.archive.glob("[!.]*/**/*")):
            is_companion = any(
                path.name.endswith(end) and path.with_name(path.name.removesuffix(end)).exists() for end in COMPANIONS
            )
            if path.is_file() and not is_companion:
                with contextlib.suppress(FileNotFoundError):  # it has just got its final name
                    found.setdefault(sha256(path.read_bytes()), []).append(str(path.relative_to(self.archive)))
        return found

    def claimed(self) -> list[Path]:
        """Return the files in claim folders."""
        found = []
        for folder in self.inbox.glob(".expensed/*"):
            with contextlib.suppress(NotADirectoryError, FileNotFoundError):  # it has just been removed
                found += [path for path in folder.iterdir() if not path.is_dir()]
        return found

    def check(self, *, fresh: bool = False) -> subprocess.CompletedProcess[str]:
        """Run `expensed check`; `fresh` as in `start`."""
        return self._run(["expensed", "check"], self.environment, fresh)

    def run(
        self, *arguments: str, fresh: bool = False, extra: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run an `expensed` command that talks to the daemon; `fresh` and `extra` as in `start`."""
        port = self.address.rpartition(":")[2]
        environment = self.environment | ({"EXPENSED_WEB__PORT": port} if port else {}) | (extra or {})
        return self._run(["expensed", *arguments], environment, fresh)

    def _run(self, words: list[str], environment: dict[str, str], fresh: bool) -> subprocess.CompletedProcess[str]:
        if not fresh:
            return server().run(words, cwd=self.root, env=environment)
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.root, env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip


def sha256(content: bytes) -> str:
    """Return the sha256 in hex."""
    return hashlib.sha256(content).hexdigest()
