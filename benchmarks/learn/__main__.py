"""Learn the choosers of extraction from labelled documents, and tell how well they choose on sellers never seen.

    make learn                                    the folds' table; writes extraction/models and weights.json
    .venv/bin/python -m benchmarks.learn --data DIR [--kept DIR] [--folds 8] [--dry]

Every folder below DIR that has a labels.json takes part. What is read from each document is kept below `--kept`, since
reading takes an hour and choosing a minute. In the table each paper is judged by models and by probabilities that
were learnt without its seller.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.learn.candidates import FIELDS, describe_papers
from benchmarks.learn.fitting import Example, fit_weights
from benchmarks.learn.papers import Paper, Weights, hash_data, load_papers
from benchmarks.learn.table import Outcome, group, judge, show, show_honesty
from benchmarks.learn.train import Group, learn
from expensed.extraction import confidence
from expensed.extraction.choosing.chooser import Chooser, Model, chosen_by
from expensed.model.json_text import encode

FITTED = ("amount", "date", "vendor")
"""The fields whose probabilities are fitted here; currency and category have theirs from `benchmarks/country.py` and
`benchmarks/fit_category.py`, whose models are not learnt again for each fold, so that their figures flatter here."""
TREES = {"amount": 150, "vendor": 250}
PACKAGE = Path(confidence.__file__).parent


def learn_choosers(papers: Sequence[Paper], described: dict[str, dict[str, list[Group]]]) -> dict[str, Model]:
    """Return the models of all fields, learnt from these papers."""
    return {
        name: learn([each for paper in papers for each in described[name][paper.name]], TREES[name]) for name in FIELDS
    }


def learn_folds(
    papers: Sequence[Paper], described: dict[str, dict[str, list[Group]]], folds: int
) -> list[dict[str, Chooser]]:
    """Return for each fold the choosers learnt from the other folds."""
    found = []
    for fold in range(folds):
        models = learn_choosers([paper for paper in papers if paper.fold != fold], described)
        found.append({name: Chooser(model) for name, model in models.items()})
    return found


def find_examples(papers: Sequence[Paper], choosers: Sequence[dict[str, Chooser]]) -> dict[str, list[Example]]:
    """Return by paper what its fields' features were and whether they are right, chosen by models that never saw it."""
    found: dict[str, list[Example]] = {}
    for paper in papers:
        with chosen_by(choosers[paper.fold]):
            findings = paper.understand()
        right = paper.labelled.judge(findings.expense if findings else None)
        fields = findings.fields.items() if findings else ()
        found[paper.name] = [
            Example(name, each.features, right[name], paper.share)
            for name, each in fields
            if name in FITTED and each.features and not (name == "date" and _is_swapped(each.value, paper))
        ]
    return found


def _is_swapped(said: str | None, paper: Paper) -> bool:
    """Whether day and month were exchanged: how sure their order is, is not fitted but known."""
    year, month, day = (said or "--").split("-")
    return bool(f"{year}-{day}-{month}" == paper.labelled.row["date"])


def fit_folds(papers: Sequence[Paper], examples: dict[str, list[Example]], folds: int) -> list[Weights]:
    """Return for each fold the weights of the probabilities, fitted on the other folds."""
    return [
        refit([each for paper in papers if paper.fold != fold for each in examples[paper.name]])
        for fold in range(folds)
    ]


def refit(examples: Sequence[Example]) -> Weights:
    """Return all weights, those of the fitted fields from these examples."""
    return {**confidence.fitted_weights(), **fit_weights(examples)}


def judge_all(
    papers: Sequence[Paper], choosers: Sequence[dict[str, Chooser]], weights: Sequence[Weights]
) -> list[Outcome]:
    """Judge each paper by what was learnt without its seller."""
    outcomes = []
    for paper in papers:
        with chosen_by(choosers[paper.fold]):
            outcomes.append(judge(paper, paper.understand(weights[paper.fold])))
    return outcomes


def hash_code() -> str:
    """Return the hash of extraction's sources, which find and describe the candidates."""
    found = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def write(models: dict[str, Model], weights: Weights, made_from: dict[str, str]) -> None:
    """Write what ships."""
    for name, model in models.items():
        content = encode(Model(model.features, model.weights, model.trees, made_from))
        (PACKAGE / "models" / f"{name}.json").write_bytes(content + b"\n")
    (PACKAGE / "weights.json").write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Read, learn, judge, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--kept", type=Path, default=Path("state/learn"), help="where what was read is kept")
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    parser.add_argument("--outcomes", type=Path, help="write each paper's outcome to this file, as JSON")
    args = parser.parse_args()
    papers = load_papers(args.data, args.kept, args.folds)
    described = describe_papers(papers)
    choosers = learn_folds(papers, described, args.folds)
    examples = find_examples(papers, choosers)
    outcomes = judge_all(papers, choosers, fit_folds(papers, examples, args.folds))
    print(show(group(outcomes)), show_honesty(group(outcomes)), sep="\n\n")
    if args.outcomes:
        rows = [
            {"paper": each.paper.name, "right": each.right, "sure": each.sure, "reasons": each.reasons}
            for each in outcomes
        ]
        args.outcomes.write_text(json.dumps(rows), encoding="utf-8")
    if not args.dry:
        weights = refit([each for rows in examples.values() for each in rows])
        write(learn_choosers(papers, described), weights, {"data": hash_data(papers), "code": hash_code()})


if __name__ == "__main__":
    main()
