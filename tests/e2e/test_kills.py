"""Twenty files, and SIGKILL twenty-five times at random moments: nothing is lost, nothing is done twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import PurePosixPath

import pytest
from tests.e2e import papers
from tests.e2e.house import STOP_S, House, sha256

KILLS = 25
SEED = 20240315


def make_papers() -> dict[str, bytes]:
    """Twenty documents: PDFs, pictures that need real OCR, one for review, and three sets of twins."""
    files: dict[str, bytes] = {}
    for number in range(7):
        files[f"invoice {number}.pdf"] = papers.pdf(papers.receipt_lines(number))
    for number in range(7, 14):
        kind = ("JPEG", "PNG", "WEBP", "BMP", "TIFF")[number % 5]
        files[f"SCN_{number:04d}.{kind.lower()}"] = papers.picture(papers.receipt_lines(number), kind)
    files["letter.pdf"] = papers.pdf(["Dear Ms Ode,", "thank you for your letter.", "Yours, A. Writer"])
    for number, name in enumerate(("invoice 0.pdf", "SCN_0007.webp", "SCN_0008.bmp"), 1):
        files[f"twin {number} {name}"] = files[name]
    files["twin 4 invoice 0.pdf"] = files["invoice 0.pdf"]
    files["invoice 20.pdf"] = papers.pdf(papers.receipt_lines(20))
    assert len(files) == 20
    return files


def outline(house: House) -> dict[str, Counter[tuple[str, str]]]:
    """sha256 to folders and stems; which of several twins comes first and gives its name is left to chance."""
    found: dict[str, Counter[tuple[str, str]]] = {}
    for digest, paths in house.archived().items():
        for path in map(PurePosixPath, paths):
            is_twin = len(paths) > 1 and str(path.parent).startswith("_")
            stem = "a twin" if is_twin else path.stem
            found.setdefault(digest, Counter())[(str(path.parent), stem)] += 1
    return found


@pytest.mark.timeout(900)
def test_killed_again_and_again_it_files_all_as_if_undisturbed(make_house) -> None:
    files = make_papers()
    calm = make_house("calm")
    calm.start(fresh=True)
    for name, content in files.items():
        calm.drop(name, content)
    calm.wait_quiet(20, 120)
    calm.stop()
    expected = outline(calm)
    assert sum(sum(found.values()) for found in expected.values()) == 20

    house = make_house("stormy")
    chance = random.Random(SEED)
    moments = sorted(chance.randrange(KILLS) for _ in files)
    pending = list(files.items())
    for turn in range(KILLS):
        house.start()
        for _ in range(moments.count(turn)):
            house.drop(*pending.pop(0))
        time.sleep(chance.uniform(0.0, 1.2))  # the moment of the kill, not a wait for something
        # alone at five ends in a row it would be given up: a slow machine gets the time to read it before that
        house.wait(lambda: not house.rows("SELECT 1 FROM documents WHERE unclean_alone > 2"), 60, "it was read")
        house.kill(everything=turn % 2 == 0)
        house.wait(lambda: not house.processes(), 15, "no process of the killed run is left")
    house.start()
    house.wait_quiet(20, 120)

    assert outline(house) == expected
    for digest, paths in house.archived().items():
        filed = [path for path in paths if not path.startswith("_")]
        assert len(filed) <= 1
        for path in paths:
            assert sha256((house.archive / path).read_bytes()) == digest
    assert {sha256(content) for content in files.values()} == set(house.archived())
    assert not list(house.archive.glob("_failed/*"))
    assert [path for path in house.claimed() if path.parent.name != ".expensed"] == []
    checked = house.check()
    assert checked.returncode == 0, checked.stdout
    assert house.stop() < STOP_S
    house.wait(lambda: not house.processes(), 10, "nothing of it is left")
