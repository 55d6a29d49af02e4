"""What the processes that the daemon starts inherit from it: nothing that is secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.e2e import papers
from tests.e2e.house import House

TOKEN, PASSWORD = "a-token-of-the-house", "a-password-of-another"
PROGRAMS = ("child", "redis-server", "tesseract ")


def environments(house: House) -> dict[str, bytes]:
    """Return the environment of each process that the house's daemon started, by its command line."""
    found = {}
    for pid in house.processes():
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if house.process is not None and pid != house.process.pid:
            found[command] = environment
    return found


def test_what_reads_hostile_files_knows_neither_token_nor_passwords(make_house: Callable[..., House]) -> None:
    house = make_house(web__token=TOKEN, reading__engine="tesseract", reading__workers=1)
    house.start(extra={"SOME_PASSWORD": PASSWORD})
    house.drop("a.jpg", papers.picture(papers.receipt_lines(1)))
    seen: dict[str, bytes] = {}

    def has_seen_all() -> bool:
        seen.update(environments(house))
        return all(any(program in command for command in seen) for program in PROGRAMS)

    house.wait(has_seen_all, 30, "child, Redis and tesseract run")
    for command, environment in seen.items():
        assert TOKEN.encode() not in environment, command
        assert PASSWORD.encode() not in environment, command
