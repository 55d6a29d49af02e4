"""The process ends at every boundary between two effects; after a restart it is as if nothing had happened.

The list of boundaries is read from the source, so a new one cannot be forgotten: one that no story passes fails.
Each is crashed at its first passing in a short story or at its last in a long one, by turns; with EXPENSED_EVERY_CRASH
set at both: the last passing is in another story than the first, where there is one.
"""

from __future__ import annotations

import ast
import fcntl
import json
import os
import pickle
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pytest
from tests.e2e import papers
from tests.e2e.crash_entry import CRASHED
from tests.e2e.house import ROOT, SOURCES, STOP_S, House, sha256

ENTRY = ("-m", "tests.e2e.crash_entry")
PLAIN = papers.pdf(papers.receipt_lines(1))
ODD = papers.pdf(["Thank you for your visit", "Please come again"])
ALSO_ODD = papers.pdf(["Good morning", "This is a letter without any sum or date in it", "Yours truly"])
BROKEN = b"%PDF-1.4\nthis is no document at all\nstartxref\n9\n%%EOF\n"
UPLOADED = papers.pdf(papers.receipt_lines(2))
SLOW = papers.long_tiff(papers.receipt_lines(3), 150)
ONE_AT_A_TIME = {"reading__workers": 1, "inbox__subfolders": "category"}
"""Every start costs the machine a reading process for each worker; test_kills.py has several at work."""
INVOICE = papers.pdf(
    ["Larkspur Hosting Ltd", "8 Mill Lane, Leeds LS1 4AB", "Invoice", "Invoice number LH-40871", "Date: 2024-03-04",
     "Team plan GBP 60.00", "Subtotal GBP 60.00", "VAT 20% GBP 12.00", "Total GBP 72.00"]
)  # fmt: skip
RECEIPT = papers.pdf(
    ["Larkspur Hosting", "Receipt", "Invoice number LH40871", "Date: 2024-03-09", "Total GBP 72.00",
     "Amount paid GBP 72.00"]
)  # fmt: skip
SAID = {"vendor": "The Odd Shop", "amount": 4.5, "date": "2024-05-06", "currency": "EUR", "category": "Other"}


def find_boundaries() -> list[str]:
    """Return every literal passed to `boundary()` anywhere in the package."""
    names = set()
    for path in sorted((ROOT / "daemon/expensed").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "boundary":
                (argument,) = node.args
                assert isinstance(argument, ast.Constant), f"{path}: a boundary's name must be a literal"
                names.add(str(argument.value))
    return sorted(names)


class Story:
    """Something that happens to a house, step by step; each step may be tried again after a crash in its middle."""

    def __init__(self, house: House, crash_at: str = "", record: Path | None = None) -> None:
        self.house = house
        self.crash_at = crash_at
        self.record = record
        self.crashes = 0

    def start(self) -> None:
        """Start the daemon, set to crash only the first time."""
        extra = {"PYTHONPATH": SOURCES}
        if self.crash_at and not self.crashes:
            extra["CRASH_AT"] = self.crash_at
        if self.record:
            extra["CRASH_RECORD"] = str(self.record)
        try:
            self.house.start(*ENTRY, extra=extra)
        except AssertionError:
            if not self._has_crashed():
                raise
            self._note_crash()

    def until(self, condition: Callable[[], bool], what: str, timeout_s: float = 90) -> None:
        """Wait for a condition, starting the daemon again whenever it has crashed."""

        def is_so() -> bool:
            if self._has_crashed():
                self._note_crash()
            try:
                return condition()
            except OSError:
                return False  # it crashed in the middle of an answer

        self.house.wait(is_so, timeout_s, what)

    def _has_crashed(self) -> bool:
        return self.house.process is not None and self.house.process.poll() == CRASHED

    def _note_crash(self) -> None:
        self.crashes += 1
        self.house.wait(lambda: not self.house.processes(), 10, "nothing of the crashed run is left")
        self.start()


def tell_plain(story: Story) -> None:
    """One receipt is filed."""
    story.start()
    story.house.drop("plain.pdf", PLAIN)
    story.until(lambda: story.house.is_quiet(1), "it is filed")
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 5)
    story.until(lambda: story.house.is_quiet(1), "all is at rest again")


def tell_main(story: Story) -> None:
    """A receipt and its twin, a document that needs a person, and one that fails and is tried again."""
    house = story.house
    story.start()
    house.drop("plain.pdf", PLAIN)
    story.until(lambda: len(house.rows("SELECT 1 FROM documents")) == 1, "the first is admitted")
    house.drop("twin.pdf", PLAIN)
    house.drop("odd.pdf", ODD)
    house.drop("broken.pdf", BROKEN)
    story.until(lambda: house.is_quiet(4), "the four are at rest")
    odd = house.rows("SELECT id FROM documents WHERE file = 'odd.pdf'")[0]["id"]
    broken = house.rows("SELECT t.id FROM tasks t JOIN documents d ON d.number = t.document"
                        " WHERE d.file = 'broken.pdf'")[0]["id"]  # fmt: skip

    def is_filed() -> bool:
        if house.states()["odd.pdf"] != "filed":
            house.post("/api/process", {"file_id": odd, "expense_data": SAID})
        return house.states()["odd.pdf"] == "filed"

    def is_retried() -> bool:
        was_quiet = house.is_quiet(4)  # first: what ends now is counted below
        tried = len(house.rows("SELECT 1 FROM attempts a JOIN tasks t ON t.number = a.task WHERE t.id = ?"
                               " AND a.step = 'process_document' AND a.outcome = 'failed'", broken))  # fmt: skip
        if tried < 2 and was_quiet:
            house.post(f"/api/task/{broken}/retry", {})
        return tried >= 2

    story.until(is_filed, "the odd one is filed by a person")
    story.until(is_retried, "the broken one was tried again")
    story.until(lambda: house.is_quiet(4), "all is at rest")
    # a story may end before a crash that was planned for its last moments: let it come
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 5)
    story.until(lambda: house.is_quiet(4), "all is at rest again")


def tell_in_a_folder(story: Story) -> None:
    """A receipt is dropped into a subfolder that names its category."""
    (story.house.inbox / "Hobby").mkdir()
    story.start()
    story.house.drop("Hobby/plain.pdf", PLAIN)
    story.until(lambda: story.house.is_quiet(1), "it is filed")
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 5)
    story.until(lambda: story.house.is_quiet(1), "all is at rest again")


def tell_left(story: Story) -> None:
    """A run ended between the ledger's FILED and the removal of the source."""
    first = Story(story.house, "process.recorded:1")
    first.crashes = 0
    story.house.drop("plain.pdf", PLAIN)
    story.house.start(*ENTRY, ready=False, extra={"CRASH_AT": "process.recorded:1", "PYTHONPATH": SOURCES})
    story.house.wait(first._has_crashed, 30, "the first run has crashed")
    assert story.house.claimed()
    story.start()
    story.until(lambda: story.house.is_quiet(1), "all is at rest")


def tell_lost(story: Story) -> None:
    """A claimed file was removed by someone while no daemon ran."""
    story.house.drop("plain.pdf", PLAIN)
    story.house.start(*ENTRY, ready=False, extra={"CRASH_AT": "admit.recorded:1", "PYTHONPATH": SOURCES})
    story.house.wait(story._has_crashed, 30, "the first run has crashed")
    for path in story.house.claimed():
        if path.name == "plain.pdf":
            path.unlink()
    story.start()
    story.until(lambda: story.house.is_quiet(1), "all is at rest")
    records = story.house.archive / ".expensed/records.jsonl"
    story.until(lambda: records.exists() and not story.house.rows("SELECT 1 FROM unrecorded"), "the archive is told")


def tell_corrected(story: Story) -> None:
    """A filed document is corrected: first in fields that its name does not contain, then in some that it does."""
    house = story.house
    story.start()
    house.drop("plain.pdf", PLAIN)
    story.until(lambda: house.is_quiet(1), "it is filed")
    document = house.rows("SELECT id FROM documents")[0]["id"]

    def is_corrected(said: dict[str, object]) -> bool:
        answer = house.patch(f"/api/documents/{document}", said)
        return bool(answer.get("state") == "filed" and said.items() <= answer["data"].items())

    story.until(lambda: is_corrected({"description": "Rolls"}), "its description is corrected")
    story.until(lambda: is_corrected({"amount": 7.35}), "its amount is corrected")
    story.until(lambda: house.is_quiet(1), "all is at rest")
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 5)
    story.until(lambda: house.is_quiet(1), "all is at rest again")


def tell_uploads(story: Story) -> None:
    """An upload that is read and filed, its twin, and a dropped file that is cancelled while it is read."""
    house = story.house
    story.start()

    def find(name: str) -> dict[str, object]:
        rows = house.rows("SELECT id, state FROM documents WHERE file = ?", name)
        assert len(rows) <= 1
        return rows[0] if rows else {}

    def is_uploaded(name: str) -> bool:
        if not find(name):
            house.upload(name, UPLOADED)  # who got no answer and finds nothing sends it again
        return bool(find(name)) and (house.inbox / ".expensed" / str(find(name)["id"]) / name).exists()

    def is_read() -> bool:
        if not house.rows("SELECT 1 FROM tasks WHERE origin = 'extract'"):
            house.post(f"/api/extract/{find('up.pdf')['id']}", {})
        return find("up.pdf")["state"] == "read"

    def is_filed(name: str, state: str) -> bool:
        if find(name)["state"] != state and house.is_quiet():
            house.post("/api/process", {"file_id": find(name)["id"], "expense_data": SAID})
        return find(name)["state"] == state

    def is_cancelled() -> bool:
        tasks = house.rows("SELECT t.id, t.state FROM tasks t JOIN documents d ON d.number = t.document"
                           " WHERE d.file = 'slow.tif'")  # fmt: skip
        if tasks and tasks[0]["state"] == "PROCESSING":
            house.post(f"/api/task/{tasks[0]['id']}/cancel", {})
        return bool(tasks) and tasks[0]["state"] == "FAILURE"

    story.until(lambda: is_uploaded("up.pdf"), "the first is uploaded")
    story.until(is_read, "it is read")
    story.until(lambda: is_filed("up.pdf", "filed"), "it is filed")
    story.until(lambda: is_uploaded("twin.pdf"), "its twin is uploaded")
    story.until(lambda: is_filed("twin.pdf", "duplicate"), "its twin is a duplicate")
    house.drop("slow.tif", SLOW)
    story.until(is_cancelled, "the slow one is cancelled")
    story.until(lambda: house.is_quiet(3), "all is at rest")
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 5)
    story.until(lambda: house.is_quiet(3), "all is at rest again")


def tell_handed_over(story: Story) -> None:
    """An upload that is to be filed, by a client that leaves."""
    house = story.house
    story.start()

    def is_sent() -> bool:
        if not house.states():
            house.upload("plain.pdf", PLAIN, "?file=1")
        return bool(house.states())

    story.until(is_sent, "it is uploaded")
    story.until(lambda: house.is_quiet(1) and house.states()["plain.pdf"] == "filed", "it is filed")
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 5)
    story.until(lambda: house.is_quiet(1), "all is at rest again")


def tell_discarded(story: Story) -> None:
    """A filed document and one in review are read again, then discarded, and the filed one is put back."""
    house = story.house
    story.start()
    house.drop("plain.pdf", PLAIN)
    house.drop("odd.pdf", ODD)
    story.until(lambda: house.is_quiet(2), "both are at rest")
    ids = {row["file"]: row["id"] for row in house.rows("SELECT file, id FROM documents")}

    def is_now(file: str, state: str, route: str) -> bool:
        if house.states()[file] != state and house.is_quiet():
            house.post(f"/api/documents/{ids[file]}/{route}", {})
        return house.states()[file] == state

    def is_reread(file: str) -> bool:
        tasks = house.rows("SELECT t.state FROM tasks t JOIN documents d ON d.number = t.document"
                           " WHERE t.origin = 'reread' AND d.file = ?", file)  # fmt: skip
        if not tasks:
            house.post(f"/api/documents/{ids[file]}/reread", {"apply": True})
        return bool(tasks) and tasks[-1]["state"] == "SUCCESS"

    story.until(lambda: is_reread("plain.pdf"), "the filed one is read again")
    story.until(lambda: is_reread("odd.pdf"), "the odd one is read again")
    story.until(lambda: is_now("plain.pdf", "discarded", "discard"), "the filed one is discarded")
    story.until(lambda: is_now("odd.pdf", "discarded", "discard"), "the odd one is discarded")
    story.until(lambda: is_now("plain.pdf", "filed", "undiscard"), "the filed one is put back")
    story.until(lambda: house.is_quiet(2), "all is at rest")
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 5)
    story.until(lambda: house.is_quiet(2), "all is at rest again")


def tell_purchase(story: Story) -> None:
    """An invoice, and its receipt some days later: the sidecar of the first is written again."""
    house = story.house
    story.start()
    house.drop("invoice.pdf", INVOICE)
    story.until(lambda: house.is_quiet(1), "the invoice is filed")
    house.drop("receipt.pdf", RECEIPT)
    story.until(lambda: house.is_quiet(2), "the receipt is filed")
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 5)
    story.until(lambda: house.is_quiet(2), "all is at rest again")
    story.until(lambda: not house.rows("SELECT 1 FROM purchases WHERE NOT is_told"), "each names the other")
    for path in house.archive.rglob("*.json"):
        assert len(json.loads(path.read_text())["result"]["same_purchase"]) == 1


def tell_undone(story: Story) -> None:
    """A filed document is corrected, then all that was done to it is undone, one of it done again; so is a discard."""
    house = story.house
    story.start()
    house.drop("plain.pdf", PLAIN)
    story.until(lambda: house.is_quiet(1), "it is filed")
    document = house.rows("SELECT id FROM documents")[0]["id"]

    def is_done(entry: int, *, method: Callable[[str, dict[str, object]], object], path: str, body: object) -> bool:
        has_entry = bool(house.rows("SELECT 1 FROM journal WHERE number = ?", entry))
        if not has_entry and house.is_quiet():
            method(path, body)  # type: ignore[arg-type]
        return has_entry

    def undo(entry: int, new: int, what: str) -> None:
        story.until(lambda: is_done(new, method=house.post, path="/api/undo", body={"entry": entry}), what)

    here = f"/api/documents/{document}"
    story.until(lambda: is_done(2, method=house.patch, path=here, body={"amount": 7.35}), "it is corrected")
    undo(2, 3, "the correction is undone")
    undo(1, 4, "it is in review")
    undo(4, 5, "it is filed again")
    story.until(lambda: is_done(6, method=house.post, path=f"{here}/discard", body={}), "it is discarded")
    undo(6, 7, "it is put back")
    undo(7, 8, "it is discarded again")
    undo(8, 9, "it is put back again")
    story.until(lambda: house.is_quiet(1), "all is at rest")
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 5)
    story.until(lambda: house.is_quiet(1), "all is at rest again")
    assert [(row["undoes"], row["undone_by"]) for row in house.rows("SELECT * FROM journal ORDER BY number")] == [
        (None, None), (None, 3), (2, None), (1, 5), (4, None), (None, 7), (6, None), (7, 9), (8, None),
    ]  # fmt: skip


def tell_moved(story: Story) -> None:
    """A person files, corrects, retries and replaces documents by moving them in the folders alone, and deletes one."""
    house = story.house
    story.start()
    for file, content in (("plain.pdf", PLAIN), ("odd.pdf", ODD), ("broken.pdf", BROKEN), ("other.pdf", ALSO_ODD)):
        house.drop(file, content)
    story.until(lambda: house.is_quiet(4), "all are at rest")
    moved: set[str] = set()

    def move(file: str, target: Path) -> None:
        """Move a document once, whatever crashes."""
        if file not in moved:
            target.parent.mkdir(parents=True, exist_ok=True)
            (house.archive / house.find_path(file)).rename(target)
            moved.add(file)

    def lies_at(file: str, path: str) -> bool:
        return house.is_quiet(4) and house.find_path(file) == path and (house.archive / path).exists()

    name = "2024-03-14_Bakery-Lindgren_7.53-GBP.pdf"
    move("plain.pdf", house.archive / "2024/Meals & Entertainment" / name)
    story.until(lambda: lies_at("plain.pdf", f"2024/Meals & Entertainment/{name}"), "it is corrected")
    move("odd.pdf", house.archive / "2024/Other/2024-05-06_The Odd Shop_4,5-EUR.pdf")
    story.until(lambda: lies_at("odd.pdf", "2024/Other/2024-05-06_The-Odd-Shop_4.50-EUR.pdf"), "it is filed")
    tries = "SELECT 1 FROM attempts WHERE step = 'extract_document' AND outcome = 'failed'"
    move("broken.pdf", house.inbox / "broken.pdf")
    story.until(lambda: len(house.rows(tries)) >= 2 and lies_at("broken.pdf", "_failed/broken.pdf"), "it is retried")
    move("other.pdf", house.archive / "_failed/broken.pdf")
    story.until(lambda: house.states()["broken.pdf"] == "gone", "the other one has taken its place")
    story.until(lambda: lies_at("other.pdf", "_failed/broken.pdf"), "the ledger knows it there")
    for path in (house.archive / house.find_path("plain.pdf")).parent.iterdir():
        path.unlink()
    story.until(lambda: house.states()["plain.pdf"] == "gone", "it is gone")
    story.until(lambda: not story.crash_at or story.crashes > 0, "the crash has come", 8)
    story.until(lambda: house.is_quiet(4), "all is at rest again")


STORIES = {
    "plain": tell_plain,
    "main": tell_main,
    "in a folder": tell_in_a_folder,
    "left": tell_left,
    "lost": tell_lost,
    "corrected": tell_corrected,
    "uploads": tell_uploads,
    "handed over": tell_handed_over,
    "discarded": tell_discarded,
    "purchase": tell_purchase,
    "undone": tell_undone,
    "moved": tell_moved,
}


def outline(house: House) -> dict[str, Counter[tuple[str, str]]]:
    """Map each sha256 to its folders and stems; which of two twins comes first is left to chance."""
    found: dict[str, Counter[tuple[str, str]]] = {}
    for digest, paths in house.archived().items():
        for path in map(PurePosixPath, paths):
            folder = str(path.parent)
            stem = "a twin" if folder == "_duplicates" else path.stem
            found.setdefault(digest, Counter())[(folder, stem)] += 1
    return found


Told = tuple[list[str], dict[str, Counter[tuple[str, str]]]]
"""The boundaries that a story passed, and how the archive looked at its end."""


def tell_undisturbed(name: str, root: Path) -> Told:
    """Tell a story without a crash."""
    house = House(root / "house", **ONE_AT_A_TIME)
    try:
        STORIES[name](Story(house, record=root / "passed"))
        house.stop()
    finally:
        house.clear()
    return (root / "passed").read_text().split(), outline(house)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Told]:
    """Each story told without a crash, only once however many workers share the tests."""
    root = tmp_path_factory.getbasetemp()
    told = (root if worker_id == "master" else root.parent) / "undisturbed.pickle"
    with told.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            with ThreadPoolExecutor(3) as pool:
                telling = {name: pool.submit(tell_undisturbed, name, tmp_path_factory.mktemp(name)) for name in STORIES}
                found = {name: each.result() for name, each in telling.items()}
            told.write_bytes(pickle.dumps(found))
    content: dict[str, Told] = pickle.loads(told.read_bytes())
    return content


@pytest.mark.timeout(400)
def test_the_undisturbed_run_is_as_it_should_be(undisturbed) -> None:
    _, archive = undisturbed["main"]
    assert archive == {
        sha256(PLAIN): Counter({
            ("2024/Groceries", "2024-03-14_Bakery-Lindgren_7.53-GBP"): 1,
            ("_duplicates", "a twin"): 1,
        }),
        sha256(ODD): Counter({("2024/Other", "2024-05-06_The-Odd-Shop_4.50-EUR"): 1}),
        sha256(BROKEN): Counter({("_failed", "broken"): 1}),
    }  # fmt: skip
    _, archive = undisturbed["in a folder"]
    assert archive == {sha256(PLAIN): Counter({("2024/Hobby", "2024-03-14_Bakery-Lindgren_7.53-GBP"): 1})}
    _, archive = undisturbed["uploads"]
    assert archive == {
        sha256(UPLOADED): Counter(
            {("2024/Other", "2024-05-06_The-Odd-Shop_4.50-EUR"): 1, ("_duplicates", "a twin"): 1}
        ),
        sha256(SLOW): Counter({("_failed", "slow"): 1}),
    }
    _, archive = undisturbed["handed over"]
    assert archive == {sha256(PLAIN): Counter({("2024/Groceries", "2024-03-14_Bakery-Lindgren_7.53-GBP"): 1})}
    _, archive = undisturbed["discarded"]
    assert archive == {
        sha256(PLAIN): Counter({("2024/Groceries", "2024-03-14_Bakery-Lindgren_7.53-GBP"): 1}),
        sha256(ODD): Counter({("_discarded", "odd"): 1}),
    }
    _, archive = undisturbed["undone"]
    assert archive == {sha256(PLAIN): Counter({("2024/Groceries", "2024-03-14_Bakery-Lindgren_7.53-GBP"): 1})}
    _, archive = undisturbed["purchase"]
    folder, stem = "2024/Software & Services", "2024-03-04_Larkspur-Hosting-Ltd_72.00-GBP"
    assert archive == {
        sha256(INVOICE): Counter({(folder, stem): 1}),
        sha256(RECEIPT): Counter({(folder, f"{stem}_2"): 1}),
    }


EVERY_CRASH = "EXPENSED_EVERY_CRASH" in os.environ
CRASHES = [
    (name, occurrence)
    for number, name in enumerate(find_boundaries())
    for occurrence in (("first", "last") if EVERY_CRASH else (("first", "last")[number % 2],))
]


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("name", "occurrence"), CRASHES)
def test_a_crash_there_changes_nothing(name, occurrence, undisturbed, make_house) -> None:
    stories = [story for story, (passed, _) in undisturbed.items() if name in passed]
    assert stories, f"no story passes the boundary {name}: add one that does"
    times = {story: undisturbed[story][0].count(name) for story in stories}
    chosen = stories[0] if occurrence == "first" else max(reversed(stories), key=lambda each: times[each])
    number = 1 if occurrence == "first" else times[chosen]
    house = make_house(**ONE_AT_A_TIME)
    story = Story(house, f"{name}:{number}")
    STORIES[chosen](story)
    assert story.crashes == 1
    assert outline(house) == undisturbed[chosen][1]
    assert [path for path in house.claimed() if path.parent.name != ".expensed"] == []
    assert not list(house.archive.glob("[!.]*/**/.*")), "a temporary file is left in the archive"
    checked = house.check()
    assert checked.returncode == 0, checked.stdout
    assert house.stop() < STOP_S
    house.wait(lambda: not house.processes(), 10, "nothing of it is left")
