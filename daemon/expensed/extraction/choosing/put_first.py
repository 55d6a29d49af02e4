"""Put the candidate first that the learnt chooser takes, and note whether the rules would have taken it as well."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace

from expensed.extraction.candidates import Candidate, Value
from expensed.extraction.choosing.chooser import load_chooser


def put_learnt_first(
    candidates: Sequence[Candidate[Value]], is_same: Callable[[Candidate[Value], Candidate[Value]], bool] = operator.is_
) -> list[Candidate[Value]]:
    """Return candidates of one field, which come in the rules' order, with their chances and the chosen one first.

    The chosen one is agreed upon if the first by the rules, by the logistic model and by the trees are the same as it.
    """
    if not candidates:
        return []
    choice = load_chooser(candidates[0].field).choose([each.described for each in candidates])
    best = candidates[choice.best]
    firsts = (candidates[0], candidates[_first(choice.logistic)], candidates[_first(choice.trees)])
    is_agreed = all(each is best or is_same(each, best) for each in firsts)
    weighed = [replace(each, chance=chance) for each, chance in zip(candidates, choice.mean, strict=True)]
    chosen = weighed.pop(choice.best)
    return [replace(chosen, is_agreed=is_agreed), *weighed]


def _first(chances: Sequence[float]) -> int:
    return max(range(len(chances)), key=chances.__getitem__)
