from __future__ import annotations

from expensed.formats.sniff import sniff_kind
from expensed.reading.demo_papers import INVOICE, PHOTO, TILL, draw_samples


def test_the_samples_are_two_photos_and_a_pdf_and_always_the_same():
    first, second = draw_samples(), draw_samples()
    assert first == second
    assert [sniff_kind(sample.content) for sample in first] == ["image/jpeg", "image/jpeg", "application/pdf"]
    assert len({sample.name for sample in first}) == 3


def test_what_a_sample_should_say_stands_on_it():
    for sample, lines in zip(draw_samples(), (TILL, PHOTO, [text for _, _, text in INVOICE]), strict=True):
        text = "\n".join(lines).replace(",", ".") if sample.currency == "EUR" else "\n".join(lines).replace(",", "")
        assert sample.vendor in text
        assert str(sample.amount) in text
        assert sample.currency in text


def test_the_font_that_comes_along_has_every_letter():
    assert "".join((*TILL, *PHOTO)).isascii(), "it knows no umlauts"
