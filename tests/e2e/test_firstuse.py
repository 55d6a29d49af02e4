"""What trips up a bookkeeper who has only the README."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.e2e import papers
from tests.e2e.house import House

from expensed.shown_commands import command

ODD = ["Corner Kiosk Ltd", "Thank you for your visit", "Please come again"]


def wait_state(house: House, name: str, state: str) -> None:
    house.wait(lambda: house.is_quiet() and house.states().get(name) == state, 60, f"{name} is {state}")


def test_what_a_note_suggests_works_and_a_wrong_filing_can_be_undone(house: House) -> None:
    house.start()
    house.drop("odd.pdf", papers.pdf(ODD))
    wait_state(house, "odd.pdf", "review")
    note = (house.archive / "_review/odd.pdf.why.txt").read_text()
    document_id = house.rows("SELECT id FROM documents")[0]["id"]
    status = house.run("status").stdout
    assert f"  {document_id}  " in status
    refused = house.run("file", "odd.pdf")
    assert (refused.returncode, "missing" in refused.stderr, "HTTP" in refused.stderr) == (1, True, False)
    asked = next(line.strip() for line in note.splitlines() if line.strip().startswith(command()))
    assert "--amount" in asked
    assert asked in house.run("show", document_id).stdout
    said = asked.removeprefix(f"{command()} ").replace("'", "").split()
    filed = house.run(*said)
    assert filed.returncode == 0, filed.stderr
    assert (house.archive / filed.stdout.strip().rpartition("filed as ")[2]).is_file()
    corrected = house.run("file", document_id, "--amount", "7")
    assert "_7.00-" in corrected.stdout, corrected.stderr
    typed = house.run("file", document_id, "--amount", "24,90", "--date", "25.9.2018", "--category", "clothing")
    assert "2018/Clothing & Personal/2018-09-25_" in typed.stdout, typed.stderr
    assert "_24.90-" in typed.stdout
    wrong = house.run("file", document_id, "--amount", "1,234")
    assert "--amount may mean 1234 or 1.234" in wrong.stderr
    assert "--currency must be the code of a currency" in house.run("file", document_id, "--currency", "ZZZ").stderr
    assert "`expensed file --help`" in wrong.stderr


def test_status_lists_what_waits_and_what_failed_and_forgets_what_was_removed(house: House) -> None:
    house.start()
    house.drop("stays.pdf", papers.pdf(papers.receipt_lines(1)))
    house.drop("goes.pdf", b"something else\n")
    house.drop("notes.pdf", b"no receipt at all\n")
    house.upload("unread.pdf", papers.pdf(papers.receipt_lines(4)))
    house.upload("read.pdf", papers.pdf(papers.receipt_lines(5)), "?extract=1")
    house.wait(lambda: sorted(house.states().values()) == ["failed", "failed", "filed", "read", "uploaded"], 30, "done")
    house.wait_quiet(5)
    ids = {row["file"]: row["id"] for row in house.rows("SELECT file, id FROM documents")}
    for each in house.archive.glob("_failed/goes.pdf*"):
        each.unlink()
    wait_state(house, "goes.pdf", "gone")
    over_http = urllib.request.urlopen(urllib.request.Request(house.address, headers={"Accept": "text/plain"}))
    for text in (house.run("status").stdout, over_http.read().decode()):
        assert "1 uploaded but not read, 1 read but not filed, 1 filed, 1 failed" in text
        assert "goes.pdf" not in text
        assert f"  {ids['unread.pdf']}  It was not read" in text
        assert f"  {ids['read.pdf']}  Read as Nordlicht Coffee, 7.65 GBP, 2024-03-14." in text
        assert f"  {ids['notes.pdf']}  " in text
        assert "Failed (1); " in text
    odd = house.run("status", extra={"EXPENSED_INBX": "/srv"}).stderr
    assert odd == "expensed: The variable EXPENSED_INBX is not a setting; did you mean EXPENSED_INBOX__PATH?\n"
    log = house.log.read_text()
    (line,) = [line for line in log.splitlines() if "stays.pdf" in line]
    assert "filed as 2024/Groceries/2024-03-14_Bakery-Lindgren_7.53-GBP.pdf: Bakery Lindgren, 2024-03-14, " in line


def test_of_several_of_one_name_the_ids_are_listed(house: House) -> None:
    house.start()
    for number in (1, 2):
        house.drop("scan.pdf", papers.pdf(papers.receipt_lines(number)))
        house.wait_quiet(number)
    refused = house.run("file", "scan.pdf", "--amount", "3")
    assert refused.returncode == 1
    assert all(row["id"] in refused.stderr for row in house.rows("SELECT id FROM documents"))


def test_mended_where_it_lies_it_is_compared_and_failed_again_it_keeps_its_name(house: House) -> None:
    house.start()
    receipt = papers.pdf(papers.receipt_lines(1))
    house.drop("scan.pdf", receipt)
    for number in (1, 2):
        house.drop("notes.pdf", f"no receipt at all {number}\n".encode())
        house.wait_quiet(number + 1)
    folder = house.archive / "_failed"
    documents = {row["path"].decode(): row["id"] for row in house.rows("SELECT path, id FROM documents")}
    for name in ("notes.pdf", "notes_2.pdf", "notes.pdf"):
        assert house.run("retry", documents[f"_failed/{name}"]).returncode == 0
        house.wait_quiet(3)
    assert documents == {row["path"].decode(): row["id"] for row in house.rows("SELECT path, id FROM documents")}
    assert house.check().returncode == 0, house.check().stdout
    (folder / "notes.pdf").write_bytes(receipt)
    house.run("retry", documents["_failed/notes.pdf"])
    house.wait_quiet(3)
    state = house.rows("SELECT state FROM documents WHERE id = ?", documents["_failed/notes.pdf"])
    assert state == [{"state": "duplicate"}]
    assert house.check().returncode == 0, house.check().stdout


def test_what_lies_apart_may_be_deleted(house: House) -> None:
    house.start()
    receipt = papers.pdf(papers.receipt_lines(1))
    for name, content in (("a.pdf", receipt), ("b.pdf", receipt), ("notes.pdf", b"no receipt at all\n")):
        house.drop(name, content)
    house.wait_quiet(3)
    assert "  state           failed" in house.run("show", "notes.pdf").stdout
    house.stop()
    for path in [*(house.archive / "_duplicates").iterdir(), *(house.archive / "_failed").iterdir()]:
        path.unlink()
    done = house.check()
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("note ") == 2


def test_a_filed_document_that_comes_back_is_a_duplicate_of_the_one_filed_in_its_stead(house: House) -> None:
    house.start()
    receipt = papers.pdf(papers.receipt_lines(1))
    house.drop("a.pdf", receipt)
    house.wait_quiet(1)
    path = next(house.archive.rglob("*.pdf"))
    away = house.root / "away.pdf"
    path.rename(away)
    assert house.check().returncode == 1
    house.drop("b.pdf", receipt)
    house.wait_quiet(2)
    assert house.states() == {"a.pdf": "gone", "b.pdf": "filed"}
    away.rename(path)
    house.wait(lambda: house.states()["a.pdf"] == "duplicate", 20, "it is a duplicate")
    assert house.states() == {"a.pdf": "duplicate", "b.pdf": "filed"}
    note = house.rows("SELECT f.note FROM filings f JOIN documents d ON d.number = f.document WHERE d.file = 'a.pdf'")
    assert note == [{"note": path.with_name(f"{path.name}.why.txt").read_text()}]
    house.wait(lambda: json.loads(path.with_name(f"{path.name}.json").read_text())["kind"] == "duplicate", 5, "told")
    assert house.check().returncode == 0, house.check().stdout


def test_what_may_be_the_same_expense_waits_for_a_look(house: House) -> None:
    house.start()
    lines = papers.receipt_lines(1)
    house.drop("a.pdf", papers.pdf(lines))
    house.wait_quiet(1)
    house.drop("b.pdf", papers.pdf([line.removesuffix(" 10:24") for line in lines[:-1]]))
    house.wait_quiet(2)
    assert house.states() == {"a.pdf": "filed", "b.pdf": "review"}
    first = house.rows("SELECT id FROM documents WHERE file = 'a.pdf'")[0]["id"]
    note = (house.archive / "_review/b.pdf.why.txt").read_text()
    assert f"It may be another scan of {first}, filed as 2024/" in note
    house.drop("c.pdf", papers.pdf(papers.receipt_lines(2)))
    house.wait_quiet(3)
    assert house.states()["c.pdf"] == "filed"


def test_a_closed_terminal_stops_it_in_order(house: House) -> None:
    house.start()
    assert house.process is not None
    house.process.send_signal(signal.SIGHUP)
    assert house.process.wait(15) == 0
    assert "stopped" in house.log.read_text()


def test_extract_speaks_of_no_inbox(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "expensed", "extract", "--json", "nosuch.pdf", "."],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    missing, folder = map(json.loads, done.stdout.splitlines())
    assert missing["error"] == "There is no file nosuch.pdf."
    assert folder["error"].endswith("is a folder.")
    assert "inbox" not in done.stdout
    assert "automatically" not in done.stdout


def test_a_daemon_that_finds_its_port_taken_makes_no_folders(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EXPENSED_")}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = subprocess.run(
            [sys.executable, "-m", "expensed", "run"],
            cwd=tmp_path, env=environment | {"EXPENSED_WEB__PORT": str(listener.getsockname()[1])},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 69
    assert "no settings file found" in done.stderr
    assert "stopping" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_was_in_work_when_it_was_killed_is_counted(house: House) -> None:
    house.start()
    for number in range(4):
        house.drop(f"{number}.jpg", papers.picture(papers.receipt_lines(number)))
    house.wait_known(4)
    house.kill(everything=True)
    assert "unfinished; the daemon finishes them" in house.check().stdout
