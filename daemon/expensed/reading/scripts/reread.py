"""Read the words of a page again whose letters the first engine does not know.

The script is guessed from the first engine's mistakes and confirmed by reading a few lines with Tesseract's model of
that script. If the model is missing, or reads nothing either, what the first engine took for Latin letters is dropped,
and a sentence says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

import numpy as np

from expensed.errors import SetupError
from expensed.model.reading import Band, Box, Lean, Page, Word
from expensed.reading.closer_look import look_closer, share_place
from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.engine import Sighting
from expensed.reading.engines.select import line_reader
from expensed.reading.scripts.joined_words import join_words
from expensed.reading.scripts.known_scripts import Script, scripts_of_kind
from expensed.reading.scripts.line_pictures import cut_lines
from expensed.reading.scripts.lost_labels import find_lost_labels
from expensed.reading.scripts.misreadings import LATIN, Likelihoods, tell_scripts
from expensed.reading.scripts.several_pictures import read_doubtful_again
from expensed.reading.scripts.spelt_lines import spell_lines
from expensed.reading.scripts.two_readings import Line, combine, drop_sign_digit, find_sign_digits
from expensed.reading.sheet import Sheet
from expensed.reading.slope.lean import measure_lean

_log = logging.getLogger(__name__)
_Read = TypeVar("_Read")
_Given = ParamSpec("_Given")

_SUSPICIOUS = 0.3
"""How likely another script must be, compared with Latin, to be tried: some pages in two scripts stay below 0.4."""
_SUSPICIOUS_SHAPES = 1.0
"""The same for scripts with Latin shapes, which blurred Latin is taken for: it reaches 0.6, pages in Cyrillic 2.8."""
_OBVIOUS = 1.2
"""The same, from which on the page is in another script even if nothing can read it."""
_MOST_TRIED, _MOST_TRIED_IF_OBVIOUS = 2, 4
_TRIED_LINES = 8
_CONVINCING, _PLAUSIBLE = 0.4, 0.25
"""The confidence, counted by letters, that a script's model must have in them: if it is suspected, if it is obvious."""
_BEYOND_DOUBT = 0.6
"""The same, from which no further script is tried."""
_RIVAL = 0.7
"""How likely another script must be, compared with Chinese or Japanese, to be tried, too."""
_LATIN_WORD = 0.75
"""How likely Latin must be for a word that the first engine read to be kept."""
_LEGIBLE_LABEL, _SHORTEST_LABEL = 0.6, 3
"""The confidence of Tesseract in a label that only it has seen, and its letters."""
_HEAD, _HEAD_WORDS = 0.25, 10
"""The head of a page: at most this share of the paper's height, and at most down to the tenth word or line."""
_EAST_ASIAN = frozenset({"Han", "Japanese"})
"""What paddle's small model reads better than Tesseract."""
_WELL_READ = 0.95
"""The confidence of the tiny model in East Asian words from which it needs no help."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A page after its other letters were read: the script, if there was one, and a warning if it could not be read."""

    page: Page
    script: Script | None = None
    warning: str | None = None


def reread_other_script(
    page: Page, sheet: Sheet, scripts: Sequence[Script], deadline: Deadline, *, larger: bool
) -> Rewriting:
    """Return the page with the letters of one of these scripts read by an engine that knows them; else as it is.

    That is paddle's small model for Chinese and Japanese if the `larger` model may be used, else Tesseract. If that
    fails, or time runs out, the page is treated like one whose letters nobody can read.
    """
    likely = tell_scripts(page.words)
    candidates = list(_candidates(likely, scripts))
    if not candidates:
        return Rewriting(page)
    page = replace(page, lean=_or(None, measure_lean, sheet, page.words))
    if larger and _is_east_asian(likely):
        return Rewriting(_read_by_larger_model(page, sheet, likely, deadline))
    try:
        return _reread(page, sheet, candidates, likely, deadline, larger=larger)
    except TimeoutError:
        warning = f"Time ran out before the letters of page {page.number} were read."
        return replace(_unread(page, likely, candidates[0], ()), warning=warning)
    except Exception as error:  # noqa: BLE001 - whatever an engine fails on, the page has been read
        _log.warning("the letters of page %d were not read: %s", page.number, error, exc_info=True)
        return _unread(page, likely, candidates[0], ())


def _reread(
    page: Page, sheet: Sheet, candidates: Sequence[Script], likely: Likelihoods, deadline: Deadline, *, larger: bool
) -> Rewriting:
    """Return the page read in the most convincing of these scripts. Raises what the engines do."""
    if deadline.has_passed():
        raise TimeoutError
    lean = page.lean or Lean()
    trial = _try_scripts(candidates, likely, sheet, lean, deadline)
    if trial.best is None:
        return _unread(page, likely, candidates[0], trial.missing)
    if larger and trial.best.kind in _EAST_ASIAN:
        return Rewriting(_read_by_larger_model(page, sheet, likely, deadline))
    again = _or([], _see_head_again, page, sheet, deadline) if larger else []
    return Rewriting(_rewritten(page, again, sheet, lean, trial.best, likely, deadline), trial.best)


@dataclass(frozen=True, slots=True)
class _Trial:
    """The script that is likeliest and whose model was convinced of what it read, if any was; those not installed."""

    best: Script | None
    missing: tuple[Script, ...]


def _try_scripts(
    candidates: Sequence[Script], likely: Likelihoods, sheet: Sheet, lean: Lean, deadline: Deadline
) -> _Trial:
    """Read a few lines in each script until one is beyond doubt."""
    missing: list[Script] = []
    convinced: dict[Script, float] = {}
    for script in candidates:
        try:
            reader = line_reader(script.model)
        except SetupError:
            missing.append(script)
            continue
        seen = reader.read_lines(cut_lines(sheet, _most_telling(likely, script), lean), deadline)
        conviction = _conviction(script, seen)
        if conviction >= (_PLAUSIBLE if _odds(likely, script.kind) >= _OBVIOUS else _CONVINCING):
            convinced[script] = conviction
        if conviction >= _BEYOND_DOUBT and script.kind not in _EAST_ASIAN:
            break
    best = max(convinced, key=lambda script: convinced[script] * likely.page[script.kind], default=None)
    if best is not None and candidates[0] in missing and convinced[best] < _BEYOND_DOUBT:
        best = None  # the likeliest one cannot be tried, and a wrong one may seem plausible
    return _Trial(best, tuple(missing))


def _is_east_asian(likely: Likelihoods) -> bool:
    """Whether the page is most likely in Chinese or Japanese, which the first engine half knows."""
    kinds = sorted((kind for kind in likely.page if kind != LATIN), key=lambda kind: -likely.page[kind])
    others = [kind for kind in kinds if kind not in _EAST_ASIAN]
    return kinds[0] in _EAST_ASIAN and likely.page[others[0]] < _RIVAL * likely.page[kinds[0]]


def _read_by_larger_model(page: Page, sheet: Sheet, likely: Likelihoods, deadline: Deadline) -> Page:
    """Return the page as the larger model reads it, unless the smaller one was confident."""
    words = [word for word, odds in likely.words.items() if sum(odds[kind] for kind in _EAST_ASIAN) > odds[LATIN]]
    weights = [len(word.text) for word in words]
    if words and np.average([word.confidence for word in words], weights=weights) >= _WELL_READ:
        return page
    return look_closer(page, sheet, [Band(page.number, 0.0, 1.0)], deadline)


def _see_head_again(page: Page, sheet: Sheet, deadline: Deadline) -> list[Word]:
    """Return what the larger model sees in the page's head: it finds large letters that the smaller passes over.

    It knows them no better, and passes over those of some scripts; what matters is its boxes.
    """
    heights = sorted((word.box[1] + word.box[3]) / 2 for word in page.words)
    top, bottom = sheet.box[1], sheet.box[3]
    end = min([top + _HEAD * (bottom - top), *heights[_HEAD_WORDS : _HEAD_WORDS + 1]])
    closer = look_closer(page, sheet, [Band(page.number, top, end)], deadline)
    return [word for word in closer.words if word not in page.words]


def _candidates(likely: Likelihoods, scripts: Sequence[Script]) -> Iterator[Script]:
    """Yield the scripts that the page may be in, the likeliest first."""
    if not likely.words:
        return
    kinds = sorted((kind for kind in likely.page if kind != LATIN), key=lambda kind: -likely.page[kind])
    most = _MOST_TRIED_IF_OBVIOUS if _odds(likely, kinds[0]) >= _OBVIOUS else _MOST_TRIED
    for kind in kinds[:most]:
        for script in scripts_of_kind(kind):
            enough = _SUSPICIOUS_SHAPES if script.latin_shapes else _SUSPICIOUS
            if script in scripts and _odds(likely, kind) >= enough:
                yield script


def _odds(likely: Likelihoods, kind: str) -> float:
    """Return how likely a kind of script is on the page, compared with Latin."""
    return likely.page[kind] / max(likely.page[LATIN], 1e-6)


def _most_telling(likely: Likelihoods, script: Script) -> list[Word]:
    """Return the words that look most like misread letters of a script."""

    def weight(word: Word) -> float:
        return likely.words[word][script.kind] * sum(sign.isalpha() for sign in word.text)

    return sorted(likely.words, key=weight, reverse=True)[:_TRIED_LINES]


def _conviction(script: Script, lines: Sequence[Sequence[Sighting]]) -> float:
    """Return the mean confidence in the letters read, where those of other scripts count as none."""
    words = [word for line in lines for word in line]
    letters = sum(sum(sign.isalpha() for sign in word.text) for word in words)
    return sum(script.letters(word.text) * word.confidence for word in words) / max(letters, 1)


def _rewritten(
    page: Page,
    again: Sequence[Word],
    sheet: Sheet,
    lean: Lean,
    script: Script,
    likely: Likelihoods,
    deadline: Deadline,
) -> Page:
    """Return the page with each word made of both readings; what is not legible in either is dropped.

    `again` is what the larger model has seen on it; of a line that is in both, the better reading is kept.
    """
    words = (*again, *page.words)
    pictures = cut_lines(sheet, words, lean)
    seen = line_reader(script.model).read_lines(pictures, deadline)
    first = {word: join_words(line, script) for word, line in zip(words, seen, strict=True)}
    second = _or(first, read_doubtful_again, first, sheet, lean, script, deadline)
    spelt = _or({}, spell_lines, words, pictures, seen, script)
    digits = find_sign_digits((word.text, second[word].text) for word in words)
    rewritten = []
    for word in words:
        latin = likely.words[word][LATIN] if word in likely.words else 0.0
        own = drop_sign_digit(Line(word.text, word.confidence), second[word].text, digits)
        line = spelt.get(word) or combine(own, second[word], script, latin)
        if line is not None:
            rewritten.append(replace(word, text=line.text, confidence=line.confidence))
    kept = _once(rewritten, frozenset(word.box for word in again))
    labels = _or([], _read_lost_labels, page, kept, sheet, lean, script, deadline)
    return replace(page, words=(*kept, *labels))


def _or(otherwise: _Read, read: Callable[_Given, _Read], *given: _Given.args, **named: _Given.kwargs) -> _Read:
    """Return what a step reads that a page can do without; if it fails, what there is otherwise."""
    try:
        return read(*given, **named)
    except Exception as error:  # noqa: BLE001 - whatever it fails on, the rest of the page has been read
        _log.warning("a page is read without one step: %s", error, exc_info=True)
        return otherwise


def _read_lost_labels(
    page: Page, words: Sequence[Word], sheet: Sheet, lean: Lean, script: Script, deadline: Deadline
) -> list[Word]:
    """Return what Tesseract reads beside sums that stand alone: the first engine does not see every word."""
    if deadline.has_passed():
        return []
    blanks = find_lost_labels(page, words, lean, right_to_left=script.right_to_left)
    seen = line_reader(script.model).read_lines(cut_lines(sheet, blanks, lean), deadline)
    lines = [(blank, join_words(line, script)) for blank, line in zip(blanks, seen, strict=True)]
    return [
        replace(blank, text=line.text, confidence=line.confidence)
        for blank, line in lines
        if line.confidence >= _LEGIBLE_LABEL and script.letters(line.text) >= _SHORTEST_LABEL
    ]


def _once(words: Sequence[Word], again: frozenset[Box]) -> list[Word]:
    """Return the words without those of which more was read at the same place; `again` has the boxes seen again."""
    kept: list[Word] = []
    for word in sorted(words, key=_weight, reverse=True):
        rivals = [other for other in kept if (other.box in again) != (word.box in again)]
        if not any(share_place(word, other) for other in rivals):
            kept.append(word)
    return sorted(kept, key=words.index)


def _weight(word: Word) -> float:
    return word.confidence * sum(sign.isalnum() for sign in word.text)


def _unread(page: Page, likely: Likelihoods, best: Script, missing: Sequence[Script]) -> Rewriting:
    """Return the page as it is, or without its misread letters if it is obviously in a script that is not read here."""
    if _odds(likely, best.kind) < _OBVIOUS:
        return Rewriting(replace(page, lean=None))
    numbers = tuple(word for word in page.words if word not in likely.words or likely.words[word][LATIN] >= _LATIN_WORD)
    told = f"Page {page.number} seems to be written in {best.name} letters"
    if best in missing:
        warning = f"{told}, which cannot be read here: install the package {best.package} (its name in Debian)."
    else:
        warning = f"{told}, which could not be read."
    return Rewriting(replace(page, words=numbers), None, warning)
