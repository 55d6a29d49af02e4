"""Filing on file systems without modes, hard links and RENAME_NOREPLACE: FAT, exFAT, many FUSE mounts."""

from __future__ import annotations

import errno

import pytest
from tests.e2e import papers
from tests.e2e.house import SOURCES, House

RECEIPT, LETTER = papers.pdf(papers.receipt_lines(1)), papers.pdf(["Dear all,", "see you soon."])
SAID = {"vendor": "Post Office", "amount": 3.2, "date": "2024-02-03", "currency": "EUR", "category": "Other"}


@pytest.mark.parametrize("refused_with", [errno.EPERM, errno.EOPNOTSUPP], ids=errno.errorcode.get)
def test_documents_are_filed_where_modes_links_and_renameat2_are_refused(house: House, refused_with: int) -> None:
    extra = {"PYTHONPATH": SOURCES, "REFUSED_WITH": str(refused_with)}
    house.start("-m", "tests.e2e.refused_calls", extra=extra)
    house.wait(lambda: house.get("/readyz")["http"] == 200, 10, "it is ready to work")
    house.drop("receipt.pdf", RECEIPT)
    house.drop("letter.pdf", LETTER)
    house.wait_quiet(2, 20)
    house.drop("twin.pdf", RECEIPT)
    house.wait_quiet(3, 20)
    assert house.states() == {"receipt.pdf": "filed", "letter.pdf": "review", "twin.pdf": "duplicate"}
    ids = {row["file"]: row["id"] for row in house.rows("SELECT file, id FROM documents")}
    assert house.post("/api/process", {"file_id": ids["letter.pdf"], "expense_data": SAID})["http"] == 200
    assert house.patch(f"/api/documents/{ids['receipt.pdf']}", {"amount": 7.35})["http"] == 200
    house.wait_quiet(3, 20)
    assert sorted(map(len, house.archived().values())) == [1, 2]
    checked = house.check()
    assert checked.returncode == 0, checked.stdout
