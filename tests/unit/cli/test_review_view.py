"""The screen of `expensed review` fits its terminal, whatever a document is called and however much is doubtful."""

from decimal import Decimal

import pytest
from rich.cells import cell_len

from expensed.cli.screen.review_view import Sight, draw_help, draw_sight, first_doubt, next_doubt
from expensed.report.answers import Links
from expensed.report.review_answers import CandidateShown, DoubtShown, FieldInReview, InReview


def shown(value, *candidates, is_doubtful=False):
    others = tuple(
        CandidateShown(value=each, confidence=0.1, page=1, box=None, text=f"Total {each}", crop=None)
        for each in candidates
    )
    return FieldInReview(
        value=value, confidence=0.8, proof=None, page=1, box=None, text=None, crop=None,
        is_doubtful=is_doubtful, candidates=others,
    )  # fmt: skip


def document(*sentences, file="scan.jpg", lacking=(), **fields):
    usual = {
        "amount": shown("34.73", "37.43", "30.00", is_doubtful=True), "date": shown("2024-01-05"),
        "vendor": shown("Harbour Books", "Atlas Ltd", is_doubtful=True), "currency": shown("EUR"),
        "category": shown("Groceries"),
    }  # fmt: skip
    return InReview(
        document_id="1_scan.jpg", file=file, doubts=tuple(DoubtShown(field=None, sentence=each) for each in sentences),
        fields=usual | fields, lacking=lacking, looks_like=None, path="_review/scan.jpg", pages=1,
        created_at="2024-01-05T00:00:00Z", links=Links(self="", file="", pages=()),
    )  # fmt: skip


def text(page):
    return "\n".join(line.plain.rstrip() for line in page.lines)


def test_it_shows_the_doubts_the_fields_and_what_may_be_taken():
    sight = Sight(document=document("34.73 EUR is probably right."), waiting=3, done=1)
    screen = text(draw_sight(sight, 80, 24, with_picture=False))
    assert "- 34.73 EUR is probably right." in screen
    assert "> amount    34.73  doubtful, 80%" in screen
    assert '  2 30.00  in "Total 30.00"' in screen
    assert "3 wait, 1 done" in screen
    assert "undo" not in screen


def test_what_the_person_said_stands_in_its_place():
    sight = Sight(document=document(), said={"amount": Decimal("37.43")})
    screen = text(draw_sight(sight, 80, 24, with_picture=False))
    assert "> amount    37.43  yours" in screen
    assert "u undo" in screen


@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 12), (200, 60)])
@pytest.mark.parametrize("with_picture", [True, False])
def test_nothing_is_wider_or_higher_than_the_terminal(width, height, with_picture):
    long = document(
        *(f"{number} " + "It may be the same. " * 20 for number in range(9)), file="レシート" * 40,
        vendor=shown("株式会社" * 60, *(f"{number}" * 90 for number in range(5)), is_doubtful=True),
    )  # fmt: skip
    sight = Sight(document=long, focus="vendor", message="It cannot be filed. " * 9, waiting=9)
    for page in (draw_sight(sight, width, height, with_picture=with_picture), draw_help(sight, width, height)):
        assert len(page.lines) < height
        assert all(cell_len(line.plain) <= width for line in page.lines)
    assert "Enter file" in text(draw_sight(sight, 80, 24, with_picture=with_picture))


def test_a_picture_has_room_below_what_may_be_taken():
    page = draw_sight(Sight(document=document("One.")), 80, 40, with_picture=True)
    assert page.picture_rows == 10
    assert all(not line.plain for line in page.lines[page.picture_row : page.picture_row + 10])


def test_names_from_papers_cannot_move_the_cursor():
    sight = Sight(document=document("\x1b[2J", file="\x1b]0;x\a.jpg", vendor=shown("a\x1b[31m", is_doubtful=True)))
    assert "\x1b" not in text(draw_sight(sight, 80, 24, with_picture=False))


def test_the_arrow_goes_from_what_is_missing_to_what_is_doubtful():
    assert first_doubt(document(date=shown(None), lacking=("date",))) == "date"
    sight = Sight(document=document())
    assert first_doubt(sight.document) == "amount"
    sight.said["amount"] = "1"
    assert next_doubt(sight) == "vendor"
