"""The path of a file from inbox to archive, through a real daemon."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.documents.codes import draw_code, print_invoice, write_epc
from tests.documents.drawing import write_pdf
from tests.documents.drawn_invoices import cents, draw
from tests.documents.einvoices import attach, encode_xml, write_cii, write_fattura, write_ubl
from tests.documents.national import pack_isdocx, write_isdoc, write_ksef
from tests.documents.signed import detach, sign, sign_in_pieces
from tests.e2e import papers
from tests.e2e.house import STOP_S, House


def test_a_dropped_receipt_is_filed_with_its_sidecar(house: House) -> None:
    house.start(fresh=True)
    content = papers.pdf(papers.receipt_lines(1))
    house.drop("scan.pdf", content)
    house.wait_quiet(1)
    (paths,) = house.archived().values()
    assert paths == ["2024/Groceries/2024-03-14_Bakery-Lindgren_7.53-GBP.pdf"]
    assert (house.archive / paths[0]).read_bytes() == content
    sidecar = json.loads((house.archive / f"{paths[0]}.json").read_text())
    assert sidecar["result"]["amount"] == 7.53
    assert house.check(fresh=True).returncode == 0
    assert not house.claimed()


def test_dropped_e_invoices_are_filed_by_what_their_xml_says(house: House) -> None:
    """As XML and inside a PDF; other XML goes to `_failed` with a reason, and a contradiction to review."""
    page = ((60, 60, "Kesselring Werkzeuge GmbH"), (60, 90, "Gesamtbetrag EUR 59,50"))
    whole = encode_xml(write_ubl(root="CreditNote"))
    files = {
        "peppol.xml": whole,
        "fattura.xml": encode_xml(write_fattura()),
        "hybrid.pdf": attach(write_pdf([page]), ("factur-x.xml", encode_xml(write_cii()))),
        "contradiction.xml": encode_xml(write_ubl(total="61.00")),
        "feed.xml": b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>',
    }
    house.start()
    for name, content in files.items():
        house.drop(name, content)
    house.wait_quiet(len(files))
    filed = sorted(path for paths in house.archived().values() for path in paths)
    assert filed == [
        "2024/Groceries/2024-03-14_Birkenhof-Bakery-Ltd_-60.00-GBP.xml",
        "2024/Meals & Entertainment/2024-03-14_Kesselring-Werkzeuge-GmbH_59.50-EUR.pdf",
        "2024/Meals & Entertainment/2024-03-14_Trattoria-Lucciola-S-r-l_61.00-EUR.xml",
        "_failed/feed.xml",
        "_review/contradiction.xml",
    ]
    assert "'rss'" in (house.archive / "_failed/feed.xml.why.txt").read_text()
    assert "contradict each other" in (house.archive / "_review/contradiction.xml.why.txt").read_text()
    assert (house.archive / filed[0]).read_bytes() == whole
    sidecar = json.loads((house.archive / f"{filed[0]}.json").read_text())
    assert sidecar["media_type"] == "application/xml"
    assert sidecar["result"]["kind"] == "credit-note"
    assert sidecar["result"]["invoice_number"] == "U-9"
    assert sidecar["result"]["fields"]["amount"]["proof"].startswith("e-invoice XML")
    assert "RegistrationName: Birkenhof Bakery Ltd" in sidecar["text"]
    rows = house.rows("SELECT result, text FROM documents WHERE kind = 'application/xml' AND state = 'filed'")
    assert {json.loads(row["result"])["amount"] for row in rows} == {-60, 61}
    assert any("Birkenhof" in row["text"] for row in rows)
    assert house.check().returncode == 0


def test_signed_and_packed_e_invoices_are_filed_by_what_is_inside_and_byte_for_byte(house: House) -> None:
    drawn = draw("plain", 3, percents=("23", "8"), home="PLN", foreign="EUR")
    czech = replace(drawn, seller="Pekárna Novák", currency="CZK")
    files = {
        "IT01234567890_1.xml.p7m": sign_in_pieces(encode_xml(write_fattura())),
        "faktura.isdocx": pack_isdocx(encode_xml(write_isdoc(czech))),
        "ksef.xml": encode_xml(write_ksef(replace(drawn, seller="Hurtownia Sowa"))),
        "cut.p7m": sign(encode_xml(write_fattura()).replace(b"Lucciola", b"Falena"))[:-300] + bytes(300),
        "detached.p7m": detach(),
    }
    house.start()
    for count, (name, content) in enumerate(files.items(), 1):
        house.drop(name, content)
        house.wait_quiet(count)  # the one that is cut looks like the whole one, and the later of two waits
    stored = {path: (house.archive / path).read_bytes() for paths in house.archived().values() for path in paths}
    ends = {path.rpartition("/")[2]: content for path, content in stored.items()}
    total = cents(drawn.total)
    assert ends["2024-03-14_Trattoria-Lucciola-S-r-l_61.00-EUR.p7m"] == files["IT01234567890_1.xml.p7m"]
    assert ends[f"{drawn.day}_Pekarna-Novak_{total}-CZK.isdocx"] == files["faktura.isdocx"]
    assert ends[f"{drawn.day}_Hurtownia-Sowa_{total}-PLN.xml"] == files["ksef.xml"]
    assert {path for path in stored if path.startswith("_")} == {"_review/cut.p7m", "_failed/detached.p7m"}
    assert "a file of its own" in (house.archive / "_failed/detached.p7m.why.txt").read_text()
    assert house.check().returncode == 0


def test_a_dropped_invoice_is_filed_because_its_payment_code_proves_it(house: House) -> None:
    lines = (
        "Kesselring Werkzeuge GmbH",
        "Hauptstrasse 7, 10115 Berlin",
        "Rechnungsdatum 14.05.2024",
        "Gesamtbetrag 1.617,53 EUR",
        "IBAN DE02 1203 0000 0000 2020 51",
    )
    code = draw_code(write_epc(creditor="Kesselring Werkzeuge GmbH"), 400)
    other = draw_code(write_epc(creditor="Kesselring Werkzeuge GmbH", amount="EUR99.00"), 400)
    house.start()
    house.drop("proven.pdf", print_invoice(*lines, code=code))
    house.wait_quiet(1)  # of two that look like the same expense, the later one goes to review anyway
    house.drop("contradicted.pdf", print_invoice(*lines, code=other))
    house.wait_quiet(2)
    filed = {path for paths in house.archived().values() for path in paths}
    assert filed == {
        "2024/Equipment & Hardware/2024-05-14_Kesselring-Werkzeuge-GmbH_1617.53-EUR.pdf",
        "_review/contradicted.pdf",
    }
    note = (house.archive / "_review/contradicted.pdf.why.txt").read_text()
    assert "The payment code on it asks for 99.00, not 1617.53." in note


def test_a_stop_is_quick_and_leaves_nothing_running(house: House) -> None:
    house.start()
    for number in range(6):
        house.drop(f"{number}.jpg", papers.picture(papers.receipt_lines(number)))
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE state = 'PROCESSING'"), 20, "something is being read")
    assert house.stop() < STOP_S
    house.wait(lambda: not house.processes(), 10, "nothing of it is left")
    assert not house.rows("SELECT 1 FROM tasks WHERE standing = 'running'")
    house.start()
    house.wait_quiet(6)
    assert house.check().returncode == 0
