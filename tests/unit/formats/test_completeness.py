"""Completeness by structure: whole files are whole, cut ones are cut, whatever their bytes."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from tests.unit.formats import samples

from expensed.formats.completeness import Structure, judge_completeness
from expensed.formats.ends.reader import Ending
from expensed.formats.known_formats import Format


@pytest.fixture
def judge(tmp_path: Path):
    """Judges bytes as a file."""

    def judge_bytes(data: bytes) -> Structure:
        path = tmp_path / "file"
        path.write_bytes(data)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            return judge_completeness(descriptor, len(data))
        finally:
            os.close(descriptor)

    return judge_bytes


@pytest.mark.parametrize("kind", samples.WHOLE)
def test_a_whole_file_is_complete(judge, kind: str) -> None:
    assert judge(samples.WHOLE[kind]) == Structure(Format(kind), Ending.COMPLETE)


@pytest.mark.parametrize("kind", samples.WHOLE)
def test_a_file_cut_anywhere_is_not_complete(judge, kind: str) -> None:
    whole = samples.WHOLE[kind].rstrip(b"\n")
    endings = {length: judge(whole[:length]).ending for length in range(1, len(whole))}
    assert Ending.COMPLETE not in endings.values()
    assert all(ending is Ending.CUT_OFF for length, ending in endings.items() if length >= 64)


@pytest.mark.parametrize("form", samples.SIGNED)
def test_a_signed_file_is_complete_in_every_form_and_never_before_its_end(judge, form: str) -> None:
    whole = samples.SIGNED[form].rstrip(b"\n")
    assert judge(whole + b"\r\n") == Structure(Format.SIGNED, Ending.COMPLETE)
    endings = {length: judge(whole[:length]).ending for length in range(64, len(whole), 3)}
    assert set(endings.values()) == {Ending.CUT_OFF}


def test_a_signed_file_in_base64_that_states_no_length_is_left_to_time(judge) -> None:
    whole = base64.encodebytes(samples.SIGNED["ber"])
    assert judge(whole) == Structure(Format.SIGNED, Ending.UNKNOWN)


def test_an_archive_may_end_in_a_comment_that_is_all_there(judge) -> None:
    whole = samples.WHOLE["isdocx"][:-2] + b"\x05\0hello"
    assert judge(whole).ending is Ending.COMPLETE
    assert judge(whole[:-1]).ending is Ending.CUT_OFF


@pytest.mark.parametrize("kind", ["jpeg", "png", "gif", "bmp", "webp", "heic", "avif", "pdf"])
def test_bytes_behind_the_end_are_fine(judge, kind: str) -> None:
    assert judge(samples.WHOLE[kind] + b"\0" * 300 + b"appended by a phone").ending is Ending.COMPLETE


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_picture(judge) -> None:
    whole = samples.make_jpeg(thumbnail=samples.make_jpeg())
    assert judge(whole).ending is Ending.COMPLETE
    assert judge(whole[:-2]).ending is Ending.CUT_OFF
    assert judge(whole[:300]).ending is Ending.CUT_OFF


def test_stuffed_bytes_restarts_and_fill_are_not_the_end_of_a_jpeg(judge) -> None:
    whole = samples.make_jpeg(scan=b"\x12\xff\x00\xff\xd0\x34\xff\xff\xff\xd7" * 50, scans=3)
    assert judge(whole).ending is Ending.COMPLETE
    assert judge(whole[:-1]).ending is Ending.CUT_OFF


def test_a_jpeg_marker_across_two_chunks_is_found(judge) -> None:
    head = len(samples.make_jpeg(scan=b""))
    for shift in range(-4, 5):
        whole = samples.make_jpeg(scan=b"\x01" * ((1 << 20) - head + shift))
        assert judge(whole).ending is Ending.COMPLETE


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("strips", [1, 5])
def test_a_tiff_is_complete_in_every_layout(judge, order: str, big: bool, strips: int) -> None:
    whole = samples.make_tiff(order=order, big=big, pages=3, strips=strips)
    assert judge(whole) == Structure(Format.TIFF, Ending.COMPLETE)
    assert all(judge(whole[:length]).ending is Ending.CUT_OFF for length in range(20, len(whole)))


def test_a_tiff_whose_first_page_is_not_linked_yet_is_cut_off(judge) -> None:
    assert judge(b"II*\0" + b"\0" * 200).ending is Ending.CUT_OFF


def test_a_bmp_with_a_wrong_declared_size_is_judged_by_its_pixels(judge) -> None:
    assert judge(samples.make_bmp(declared=0)).ending is Ending.COMPLETE
    assert judge(samples.make_bmp(declared=10**9)).ending is Ending.COMPLETE
    assert judge(samples.make_bmp(declared=0)[:-1]).ending is Ending.CUT_OFF


def test_a_webp_whose_size_is_not_filled_in_yet_is_cut_off(judge) -> None:
    whole = samples.make_webp()
    assert judge(whole[:4] + b"\0\0\0\0" + whole[8:]).ending is Ending.CUT_OFF


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif", b"hevc"])
def test_every_brand_of_heic_is_known(judge, brand: bytes) -> None:
    kind = Format.AVIF if brand == b"avif" else Format.HEIC
    assert judge(samples.make_heic(brand=brand)) == Structure(kind, Ending.COMPLETE)


def test_a_pdf_with_junk_before_its_header_is_complete(judge) -> None:
    assert judge(samples.make_pdf(junk=b"HTTP/1.1 200 OK\r\n\r\n" * 20)).ending is Ending.COMPLETE


def test_a_linearized_pdf_is_complete_only_at_its_full_length(judge) -> None:
    whole = samples.make_pdf(linearized=True, body=b"%" * 5000)
    assert judge(whole).ending is Ending.COMPLETE
    assert all(judge(whole[:length]).ending is Ending.CUT_OFF for length in range(100, len(whole) - 1, 37))


def test_a_pdf_that_ends_inside_its_second_revision_is_cut_off(judge) -> None:
    first = samples.make_pdf()
    second = first + b"1 0 obj\n<</Type/Catalog /Lang(en)>>\nendobj\nxref\n0 1\ntrailer <<>>\nstartxref\n100\n%%EOF"
    assert judge(second).ending is Ending.COMPLETE
    assert judge(second[: len(first) + 20]).ending is Ending.CUT_OFF
    assert judge(second[:-4]).ending is Ending.CUT_OFF


def test_a_pdf_whose_table_lies_beyond_its_end_is_cut_off(judge) -> None:
    assert judge(b"%PDF-1.4\nstartxref\n99999\n%%EOF\n").ending is Ending.CUT_OFF


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1"])
def test_xml_is_complete_when_its_root_is_closed_in_every_encoding(judge, encoding: str) -> None:
    whole = samples.make_xml(encoding=encoding)
    assert judge(whole) == Structure(Format.XML, Ending.COMPLETE)
    assert (
        judge(whole + "\n<!-- end -->\n".encode(encoding if encoding != "utf-16" else "utf-16-le")).ending
        is Ending.COMPLETE
    )
    assert judge(whole[:-8]).ending is Ending.CUT_OFF


def test_xml_that_closes_itself_is_complete(judge) -> None:
    assert judge(b'<?xml version="1.0"?><Invoice a="1"/>').ending is Ending.COMPLETE


@pytest.mark.parametrize("text", [b"<?xml?>", b"<?xml?><!-- only a remark -->", b"<?xml?><!DOCTYPE a [<!ENTITY"])
def test_xml_without_a_root_is_cut_off(judge, text: bytes) -> None:
    assert judge(text).ending is Ending.CUT_OFF


@pytest.mark.parametrize("data", [b"plain words", b"PK\x03\x04rest", b"<html><body>", b"\x01\x02\x03" * 100])
def test_what_has_no_structure_of_its_own_is_left_to_time(judge, data: bytes) -> None:
    assert judge(data) == Structure(None, Ending.UNKNOWN)


@pytest.mark.parametrize("data", [b"\xff", b"\x89PN", b"%PD", b"II*", b"\0", b"\0" * 9000])
def test_a_file_that_has_only_begun_is_cut_off(judge, data: bytes) -> None:
    assert judge(data).ending is Ending.CUT_OFF
