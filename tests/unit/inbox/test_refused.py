"""Names: which are refused, with what sentence, and how any name is shown."""

from __future__ import annotations

import os
import stat

import pytest

from expensed.inbox.ignored_names import is_silent, refuse_folder, refuse_kind, refuse_name
from expensed.model.text import display_name


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.jpg", "..double.jpg", ".jpg", ".DS_Store", "._scan.jpg", "Thumbs.db", "THUMBS.DB", "desktop.ini",
        "ehthumbs.db", "Icon\r", "scan.pdf.part", "scan.jpg.crdownload", "Unconfirmed 1.crdownload", "a.PARTIAL",
        "a.download", "a.tmp", "a.!ut", "a.!sync", "a.filepart", "a.aria2", "~$invoice.docx", ".~lock.invoice.odt#",
        ".syncthing.scan.jpg.tmp", "~syncthing~scan.jpg.tmp", ".goutputstream-AB12C3", ".scan.pdf.Xy12Zq", "scan.pdf~",
        "scan.pdf:Zone.Identifier", "scan.pdf\uf03aZone.Identifier", "scan.pdf:Zone.Identifier:$DATA",
        "scan.pdf:AFP_AfpInfo", "scan.pdf:com.apple.quarantine", "Thumbs.db:encryptable", "scan.pdf.Zone.Identifier",
        "IMG_0001.AAE", "img_0001.aae", "scan.pdf@SynoEAStream", "Picasa.ini",
        ".scan.pdf.swp", ".nfs000000000123", ".fuse_hidden0001", ".expensed", ".gitkeep",
    ],
)  # fmt: skip
def test_litter_is_refused_with_a_sentence(name: str) -> None:
    reason = refuse_name(name)
    assert reason is not None
    assert reason[0].isupper()
    assert reason.endswith(".")


@pytest.mark.parametrize(
    "name",
    [
        "scan.jpg", "Rechnung Nr. 5.pdf", "-rf", "--help.pdf", "a\nb.png", "🧾.jpg", "x" * 255, "no ending", "tmp",
        "part", "Scan~1.pdf", "a.part.pdf", "download.pdf", "receipt (1).jpg", "CON.pdf", "%s%n.jpg",
        "a.sync-conflict-20240101.pdf", "IT01234567890_00001.xml.p7m", "IT01234567890_00001.XML.P7M", "faktura.isdoc",
        "faktura.isdocx",
        "scan 12:30.pdf", "Zone.Identifier.pdf", "a:b.jpg",
        os.fsdecode(b"caf\xe9.jpg"), "x..", "@home.pdf", "#1.pdf", "$5.pdf",
    ],
)  # fmt: skip
def test_names_that_people_and_scanners_give_are_accepted(name: str) -> None:
    assert refuse_name(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "@eaDir",
        "#recycle",
        ".stfolder",
        ".Trash-1000",
        "lost+found",
        "$RECYCLE.BIN",
        "x.download",
        ".expensed",
        "Network Trash Folder",
        "Temporary Items",
    ],
)
def test_folders_of_programs_are_not_looked_into(name: str) -> None:
    assert refuse_folder(name) is not None


@pytest.mark.parametrize("name", ["2024", "Scans März", "recycle", "tmp", "a.b"])
def test_folders_of_people_are_looked_into(name: str) -> None:
    assert refuse_folder(name) is None


def test_only_regular_files_are_taken() -> None:
    refused = [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFDIR]
    assert all(refuse_kind(kind | 0o644) for kind in refused)
    assert refuse_kind(stat.S_IFREG | 0o644) is None


def test_our_own_folder_and_placeholders_are_not_even_shown() -> None:
    assert is_silent(".expensed")
    assert is_silent(".gitkeep")
    assert not is_silent(".hidden.jpg")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"plain.jpg", "plain.jpg"),
        (b"caf\xe9.jpg", "caf\ufffd.jpg"),
        (b"two\nlines\x1b[31m.pdf", "two\ufffdlines\ufffd[31m.pdf"),
        ("gpj.\u202epdf".encode(), "gpj.\ufffdpdf"),
        ("🧾 ß.pdf".encode(), "🧾 ß.pdf"),
    ],
)
def test_any_name_can_be_shown(raw: bytes, shown: str) -> None:
    assert display_name(os.fsdecode(raw)) == shown
    shown.encode("utf-8")
