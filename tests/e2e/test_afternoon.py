"""The afternoon with curl, exactly as in docs/afternoon.md, against a daemon."""

from __future__ import annotations

import re
import subprocess

import pytest
from tests.e2e import papers
from tests.e2e.house import ROOT, House

TRANSCRIPT = re.search(
    r"^(    \$ curl .*?)\n\n[^ ]", (ROOT / "docs" / "afternoon.md").read_text(), re.DOTALL | re.MULTILINE
)
ID = re.compile(r"\d{8}_\d{6}_[\w.-]+\.pdf|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def read_transcript() -> list[tuple[str, list[str]]]:
    """Return each command with the lines shown below it."""
    assert TRANSCRIPT
    steps: list[tuple[str, list[str]]] = []
    for line in TRANSCRIPT[1].splitlines():
        text = line.removeprefix("    ")
        if text.startswith("$ "):
            steps.append((text[2:], []))
        else:
            steps[-1][1].append(text)
    return steps


def pattern_of(line: str, known: dict[str, str], new: list[str]) -> str:
    """Return the pattern for a shown line: `...` matches anything, a new id matches any id of its kind."""
    parts: list[str] = []
    for piece in re.split(rf'(\.\.\.(?!")|{ID.pattern}|(?<="id":)\d+)', line):
        if piece == "...":
            parts.append(".*")
        elif ID.fullmatch(piece):
            if piece not in known and piece not in new:
                new.append(piece)
            parts.append(re.escape(known[piece]) if piece in known else f"({ID.pattern})")
        elif piece.isdigit() and parts and parts[-1].endswith('"id":'):
            parts.append(r"\d+")
        else:
            parts.append(re.escape(piece))
    return "".join(parts)


@pytest.mark.timeout(180)
def test_the_afternoon_goes_as_it_is_told(house: House) -> None:
    house.start()
    for number, name in ((5, "coffee-1.pdf"), (10, "coffee-2.pdf")):
        (house.root / name).write_bytes(papers.pdf(papers.receipt_lines(number)))
    known: dict[str, str] = {}
    steps = read_transcript()
    assert len(steps) == 9
    for told_command, shown in steps:
        command = told_command
        for told, real in known.items():
            command = command.replace(told, real)
        assert command.startswith("curl ")
        address = house.address.removeprefix("http://")
        said = subprocess.run(
            ["bash", "-c", command.replace("curl ", "curl -sS ", 1).replace("localhost:8765", address)],
            cwd=house.root, capture_output=True, text=True, timeout=60, check=False,
        ).stdout  # fmt: skip
        for line in shown:
            new: list[str] = []
            found = re.search(pattern_of(line, known, new), said)
            assert found, f"$ {command}\n{said}\ndoes not hold\n{line}"
            known |= dict(zip(new, [each for each in found.groups() if each and ID.fullmatch(each)], strict=True))
    assert house.check().returncode == 0
