"""How well the taxes of twelve countries are read, by rate, on drawn and worn receipts.

    PYTHONPATH=. nice .venv/bin/python -m benchmarks.drawn_taxes [--country DE ...] [--count 30] [--seed 1] [--misses]
    PYTHONPATH=. .venv/bin/python -m benchmarks.drawn_taxes --words        from the true words, in a few seconds

A tax is right if its rate and its amount are the printed ones, and its net and gross where both are known; where no
rate is printed, its amount alone. *whole* are the receipts with all taxes right and none besides. Items are counted,
by quantity and total. What the engine reads is kept below `--kept`, so that it is read only once.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from benchmarks.breakdown.labelled import Judgement, Line, Truth, judge
from benchmarks.drawn.taxes.sample import Sample, draw_sample
from benchmarks.drawn.taxes.wording import COUNTRIES
from benchmarks.drawn.typefaces import FontMissing
from benchmarks.labels import Labelled
from benchmarks.learn.papers import TODAY, Paper, read_looks
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.breakdown import SumName
from expensed.model.expense import Expense

TARGET = 97.0
"""Percent of the taxes of all countries."""


@dataclass
class Tally:
    """The results of one country."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, judged: Judgement, sample: Sample, expense: Expense | None) -> None:
        """Count one receipt."""
        is_whole = judged.taxes_right == judged.taxes_labelled == judged.taxes_claimed
        has_amount = expense is not None and expense.amount == sample.bill.purchase.total
        self.counts.update(
            papers=1, taxes=judged.taxes_labelled, claimed=judged.taxes_claimed, right=judged.taxes_right,
            whole=is_whole, amount=has_amount, items=judged.labelled, items_claimed=judged.claimed,
            items_right=judged.right, kinds=judged.kinds_right, proven=judged.is_proven,
            violations=len(judged.violations),
        )  # fmt: skip

    def share(self, name: str, of: str) -> float:
        """Return a share in percent."""
        return 100 * self.counts[name] / max(self.counts[of], 1)

    def __str__(self) -> str:
        counts = self.counts
        return (
            f"{counts['papers']:6} {counts['taxes']:6} {self.share('right', 'taxes'):7.1f}"
            f" {self.share('right', 'claimed'):11.1f} {self.share('whole', 'papers'):7.1f}"
            f" {self.share('items_right', 'items'):7.1f} {self.share('items_right', 'items_claimed'):11.1f}"
            f" {self.share('kinds', 'items_right'):8.1f}"
            f" {self.share('amount', 'papers'):7.1f} {self.share('proven', 'papers'):7.1f} {counts['violations']:5}"
        )


HEAD = "country papers  taxes   right  of claimed   whole   items  of claimed   kinds  amount  proven  wrong proofs"


def truth_of(sample: Sample) -> Truth:
    """Return what a receipt says, as the judge takes it."""
    purchase = sample.bill.purchase
    lines = tuple(Line(each.quantity or Decimal(1), each.total, each.kind) for each in sample.bill.items)
    taxes = sum((tax["tax"] for tax in sample.taxes), Decimal(0))
    nets = {each.tax_class: each.net for each in purchase.taxes}.values()
    sums = {
        SumName.TOTAL: (purchase.total, purchase.exact), SumName.SUBTOTAL: (purchase.subtotal, purchase.exact),
        SumName.NET: (sum(nets, Decimal(0)), *nets, purchase.subtotal), SumName.TAX: (taxes,),
    }  # fmt: skip
    return Truth(lines, tuple(sample.taxes), sums)


def understand(sample: Sample, kept: Path | None) -> Expense | None:
    """Return what is made of a receipt: of its true words, or of what the engine reads and is kept there."""
    if kept is None:
        return extract_expense(sample.reading(), ExtractionOptions(today=TODAY)).expense
    content = sample.picture()
    path = kept / "pictures" / f"{sample.name}-{hashlib.sha256(content).hexdigest()[:8]}.jpg"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    paper = Paper("read", Labelled(path, {"file": path.name, "vendor": sample.bill.vendor}))
    paper.looks = read_looks(paper, kept)
    found = paper.understand()
    return found.expense if found else None


def measure(code: str, seed: int, count: int, kept: Path | None, *, shows_misses: bool) -> Tally:
    """Draw and read the receipts of one country."""
    tally = Tally()
    for number in range(count):
        sample = draw_sample(code, seed, number)
        expense = understand(sample, kept)
        judged = judge(truth_of(sample), expense)
        tally.add(judged, sample, expense)
        if shows_misses:
            print("\n".join(describe(sample, judged, expense)), end="")
    return tally


def describe(sample: Sample, judged: Judgement, expense: Expense | None) -> Iterator[str]:
    """Yield what is wrong with an answer."""
    if judged.taxes_right != judged.taxes_labelled or judged.taxes_claimed != judged.taxes_labelled:
        said = [(each.rate, each.net, each.tax, each.gross) for each in expense.taxes] if expense else []
        wanted = [tuple(each.get(name) for name in ("rate", "net", "tax", "gross")) for each in sample.taxes]
        yield f"  {sample.name}: taxes {_show(said)}, are {_show(wanted)}"
    if judged.wrong or judged.missed:
        yield f"  {sample.name}: items wrong {_show(judged.wrong)}, missed {_show(judged.missed)}"
    for each in judged.violations:
        yield f"  {sample.name}: {each.name} {each.value} is proven by {each.proof}"
    yield ""


def _show(rows: Sequence[Sequence[object]]) -> str:
    return "; ".join(" ".join("-" if each is None else str(each) for each in row) for row in rows) or "none"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--country", nargs="+", choices=COUNTRIES, default=COUNTRIES)
    parser.add_argument("--count", type=int, default=30, help="receipts of each country")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other receipts")
    parser.add_argument("--words", action="store_true", help="take the true words instead of reading the pictures")
    parser.add_argument("--misses", action="store_true", help="list what is wrong")
    parser.add_argument("--kept", type=Path, default=Path("state/drawn_taxes"), help="where what was read is kept")
    parser.add_argument("--require", action="store_true", help="exit with 1 if the target is missed")
    args = parser.parse_args()
    print(HEAD)
    whole = Tally()
    for code in args.country:
        try:
            tally = measure(code, args.seed, args.count, None if args.words else args.kept, shows_misses=args.misses)
        except FontMissing as error:
            parser.error(str(error))
        print(f"{code:7}{tally}", flush=True)
        whole.counts += tally.counts
    print(f"{'all':7}{whole}")
    return 0 if whole.share("right", "taxes") >= TARGET or not args.require else 1


if __name__ == "__main__":
    sys.exit(main())
