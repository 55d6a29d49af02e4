"""Real picture files of every format, from one file to pixels; and AVIF, which must not be taken for HEIC."""

from __future__ import annotations

import io
import os
import struct

import pillow_heif
import pytest
from PIL import Image
from tests.documents.drawing import draw_receipt, encode

from expensed.errors import Corrupt, TooLarge
from expensed.formats.completeness import Structure, judge_completeness
from expensed.formats.ends.reader import Ending
from expensed.formats.known_formats import TABLE, Decoder, Format
from expensed.formats.sniff import find_format
from expensed.reading.options import ReadingOptions
from expensed.reading.pictures import decode_pictures
from expensed.reading.whole_pictures.page_picture import draw_page

OPTIONS = ReadingOptions()
RECEIPT = draw_receipt(["Total | 5.00"]).convert("RGB")
ORIENTATION = 0x0112


def make_heic() -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(RECEIPT).save(file)
    return file.getvalue()


AVIF = encode(RECEIPT, "AVIF")
REAL = {
    Format.JPEG: encode(RECEIPT),
    Format.PNG: encode(RECEIPT, "PNG"),
    Format.WEBP: encode(RECEIPT, "WEBP"),
    Format.GIF: encode(RECEIPT, "GIF"),
    Format.BMP: encode(RECEIPT, "BMP"),
    Format.TIFF: encode(RECEIPT, "TIFF"),
    Format.HEIC: make_heic(),
    Format.AVIF: AVIF,
}


def judge(data: bytes) -> Structure:
    descriptor = os.memfd_create("picture", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, data)
        return judge_completeness(descriptor, len(data))
    finally:
        os.close(descriptor)


def rename(data: bytes, major: bytes) -> bytes:
    """Return the same file with another major brand."""
    return data[:8] + major + data[12:]


def claim_size(data: bytes, width: int, height: int) -> bytes:
    """Return the same HEIF file with another size in its picture's properties."""
    place = data.index(b"ispe") + 8
    return data[:place] + struct.pack(">II", width, height) + data[place + 8 :]


def test_there_is_a_real_file_of_each_picture_format() -> None:
    assert list(REAL) == [row.kind for row in TABLE if row.decoder is Decoder.PICTURE]


@pytest.mark.parametrize("kind", REAL)
def test_a_real_file_is_whole_and_can_be_decoded(kind: Format) -> None:
    assert judge(REAL[kind]) == Structure(kind, Ending.COMPLETE)
    warnings: list[str] = []
    ((pixels, width, height),) = decode_pictures(REAL[kind], kind, OPTIONS, warnings)
    assert ((width, height), warnings) == (RECEIPT.size, [])
    assert pixels.mean() > 200
    assert pixels.min() < 60


@pytest.mark.parametrize("kind", REAL)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.99])
def test_a_real_file_without_its_end_looks_cut_off(kind: Format, part: float) -> None:
    data = REAL[kind]
    found = judge(data[: int(len(data) * part)])
    assert (found.kind, found.ending) == (kind, Ending.CUT_OFF)


@pytest.mark.parametrize("kind", REAL)
def test_a_picture_of_more_pixels_than_allowed_is_not_decoded(kind: Format) -> None:
    with pytest.raises(TooLarge, match=r"reading\.max_pixels"):
        draw_page(REAL[kind], 1, ReadingOptions(max_pixels=RECEIPT.width * RECEIPT.height - 1))


@pytest.mark.parametrize("major", [b"avif", b"mif1", b"msf1"])
def test_avif_is_known_by_its_compatible_brands_and_read(major: bytes) -> None:
    data = rename(AVIF, major)
    assert find_format(data) is Format.AVIF
    assert draw_page(data, 1, OPTIONS).startswith(b"\x89PNG")


@pytest.mark.parametrize("major", [b"heic", b"heix", b"hevm", b"mif1", b"msf1"])
def test_heic_is_known_by_its_brands_and_read(major: bytes) -> None:
    data = rename(REAL[Format.HEIC], major)
    assert find_format(data) is Format.HEIC
    assert draw_page(data, 1, OPTIONS).startswith(b"\x89PNG")


def test_the_first_picture_of_an_avif_sequence_is_read() -> None:
    data = encode(RECEIPT, "AVIF", save_all=True, append_images=[RECEIPT.rotate(180)])
    assert data[8:12] == b"avis"
    assert judge(data) == Structure(Format.AVIF, Ending.COMPLETE)
    assert len(list(decode_pictures(data, Format.AVIF, OPTIONS, []))) == 1


def test_an_avif_picture_is_set_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = encode(RECEIPT.rotate(90, expand=True), "AVIF", exif=exif)
    ((pixels, width, height),) = decode_pictures(data, Format.AVIF, OPTIONS, [])
    assert [width, height] == [*RECEIPT.size]
    assert pixels.shape == (RECEIPT.height, RECEIPT.width)


def test_a_transparent_avif_picture_lies_on_white() -> None:
    data = encode(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "AVIF")
    ((pixels, _, _),) = decode_pictures(data, Format.AVIF, OPTIONS, [])
    assert pixels.min() > 250


@pytest.mark.parametrize(("side", "error"), [(16_000, TooLarge), (100_000, Corrupt), (0, Corrupt)])
def test_an_avif_that_claims_a_huge_size_is_refused_before_it_is_decoded(side: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        draw_page(claim_size(AVIF, side, side), 1, OPTIONS)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
def test_an_avif_without_its_end_is_broken(part: float) -> None:
    with pytest.raises(Corrupt, match="image/avif"):
        draw_page(AVIF[: int(len(AVIF) * part)], 1, OPTIONS)
