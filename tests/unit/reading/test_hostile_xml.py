"""XML that tries to reach outside, to blow up or to go on forever is refused in bounded time and memory."""

import io
import resource
import socket
import subprocess
import sys
import zipfile

import pytest
from tests.documents.drawing import write_pdf
from tests.documents.einvoices import attach, encode_xml, write_ubl
from tests.documents.signed import sign, sign_in_pieces

from expensed.errors import DocumentError, TooLarge, UnsupportedKind
from expensed.reading.document import read_document
from expensed.reading.einvoice.read import read_invoices
from expensed.reading.einvoice.tree import DEEPEST, LONGEST_VALUE, MOST_NODES, parse_tree
from expensed.reading.options import ReadingOptions

OPTIONS = ReadingOptions()
LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
ENOUGH_S = 30
ENOUGH_MB = 700


def entity(declared, used="&x;"):
    text = write_ubl(seller=f"A{used}")
    return f'<?xml version="1.0"?><!DOCTYPE Invoice [{declared}]>{text}'.encode()


@pytest.mark.parametrize(
    "data",
    [
        entity('<!ENTITY x SYSTEM "file:///etc/passwd">'),
        entity('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">'),
        entity('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;', ""),
        entity('<!ENTITY x "harmless">'),
        entity(f'<!ENTITY e0 "ha">{LAUGHS}', "&e9;"),
        entity("", ""),
        b'<?xml version="1.0"?><!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/x.dtd">' + write_ubl().encode(),
        b'<?xml version="1.0" encoding="bad/name"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        entity('<!ENTITY x "y">').decode().encode("utf-16"),
        sign(entity('<!ENTITY x SYSTEM "file:///etc/passwd">')),
        sign_in_pieces(entity(f'<!ENTITY e0 "ha">{LAUGHS}', "&e9;")),
        b'<s:Envelope xmlns:s="u"></s:Envelope>' + entity('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">'),
    ],
)
def test_document_types_and_entities_are_refused_before_anything_is_fetched(data, monkeypatch):
    def refuse(*_):
        raise AssertionError("it went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(UnsupportedKind, match="document type or entities") as error:
        read_document(data, OPTIONS)
    assert "root:" not in str(error.value)


def test_an_entity_that_was_never_declared_is_an_error():
    with pytest.raises(DocumentError, match="The XML is broken"):
        read_document(encode_xml(write_ubl(seller="&passwd;")), OPTIONS)


def test_includes_are_not_followed():
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    reading = read_document(encode_xml(write_ubl(more=f"<cbc:Note>{include}</cbc:Note>")), OPTIONS)
    assert "root:" not in reading.text


def test_what_is_nested_without_end_is_refused():
    with pytest.raises(TooLarge, match="nested"):
        read_document(b"<a>" * 200_000 + b"</a>" * 200_000, OPTIONS)
    assert parse_tree(b"<a>" * DEEPEST + b"</a>" * DEEPEST).name == "a"


def test_what_has_elements_without_number_is_refused():
    with pytest.raises(TooLarge, match="elements"):
        read_document(b"<a>" + b"<b/>" * (MOST_NODES + 1) + b"</a>", OPTIONS)


def test_long_values_are_cut_and_many_attributes_left_out():
    attributes = " ".join(f'a{number}="{"x" * 1000}"' for number in range(5_000))
    root = parse_tree(f"<a {attributes}>{'y' * 1_000_000}<b>z</b></a>".encode())
    assert len(root.attributes) <= 20
    assert max(map(len, root.attributes.values())) <= 200
    assert len(root.value) == LONGEST_VALUE


def make_isdocx(*files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


BIG = 20 << 20
BOMBS = {
    "one attribute": lambda: b'<Invoice a="' + b"x" * BIG + b'"><b/></Invoice>',
    "one name": lambda: b"<" + b"x" * BIG + b"/>",
    "one text": lambda: b"<Invoice><a>" + b"x" * BIG + b"</a></Invoice>",
    "one comment": lambda: b"<Invoice><!--" + b"x" * BIG + b"--></Invoice>",
    "one instruction": lambda: b"<?a " + b"x" * BIG + b"?><Invoice/>",
    "utf-16": lambda: ("<Invoice><a>" + "x" * (BIG // 2) + "</a></Invoice>").encode("utf-16"),
    "utf-16 without an end": lambda: b"\xff\xfe" + "<a>".encode("utf-16-le") * (BIG // 6),
    "character references": lambda: b"<a>" + b"&#65;" * (BIG // 5) + b"</a>",
    "empty sections": lambda: b"<a>" + b"<![CDATA[]]>" * (BIG // 12) + b"</a>",
    "line ends": lambda: b"<a>" + b"\n" * BIG + b"</a>",
    "brackets": lambda: b"<" * BIG,
    "declaration": lambda: b"<?xml " + b" " * BIG,
    "namespaces": lambda: b"<a " + b" ".join(b'xmlns:n%d="u%d"' % (n, n) for n in range(200_000)) + b"/>",
    "blanks": lambda: b" " * BIG + b"<a/>",
    "envelopes": lambda: b'<s:Envelope xmlns:s="u"></s:Envelope>' * (BIG // 38),
    "signed": lambda: sign(b"<a>" * (BIG // 3)),
    "signed in pieces": lambda: sign_in_pieces(b"<a>" * (BIG // 3), 1000),
    "signed without an end": lambda: sign_in_pieces(b"<a>" * (BIG // 3), 1000)[: BIG // 2],
    "opened without an end": lambda: sign_in_pieces(b"")[:30] + b"\x24\x80" * (BIG // 2),
    "packed": lambda: make_isdocx(("a.isdoc", b"<a>" + b" " * (200 << 20))),
}
"""XML designed to be expensive, made when it is needed: all of it together would fill the memory."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little_time_and_memory(name, tmp_path):
    """Run in a separate process, whose time and memory can be measured and are limited."""
    path = tmp_path / "bomb.xml"
    path.write_bytes(BOMBS[name]())
    code = (
        "import sys, resource\n"
        "from expensed.errors import DocumentError\n"
        "from expensed.reading.document import read_document\n"
        "from expensed.reading.options import ReadingOptions\n"
        "try:\n"
        "    read_document(open(sys.argv[1], 'rb').read(), ReadingOptions())\n"
        "except DocumentError as error:\n"
        "    print(error.code)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (ENOUGH_S, ENOUGH_S))

    run = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, preexec_fn=limit, check=False
    )
    assert run.returncode == 0, f"{name}: {run.stderr[-500:]}"
    refused, used_mb = run.stdout.split()
    assert refused in {"unsupported-kind", "corrupt", "too-large"}
    assert int(used_mb) < ENOUGH_MB


def test_a_bomb_attached_to_a_pdf_leaves_its_pages_readable():
    printed = write_pdf([((60, 60, "Kesselring Werkzeuge GmbH"), (60, 90, "Total EUR 59,50"))])
    for content in (b"<a>" * 200_000, entity(f'<!ENTITY e0 "ha">{LAUGHS}', "&e9;"), b"<a" + b"\0" * 100_000):
        reading = read_document(attach(printed, ("factur-x.xml", content)), OPTIONS)
        assert reading.invoices == ()
        assert "Total EUR 59,50" in reading.text


def test_a_large_embedded_file_is_no_obstacle():
    embedded = f"<cbc:EmbeddedDocumentBinaryObject>{'QUJD' * 3_000_000}</cbc:EmbeddedDocumentBinaryObject>"
    (invoice,) = read_invoices(encode_xml(write_ubl(more=embedded)))
    assert invoice.total == "60.00"
    assert len(invoice.text) < 10_000
