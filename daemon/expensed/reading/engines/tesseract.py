"""Tesseract through pytesseract: words with boxes, one thread, killed with the process that started it.

Without OMP_THREAD_LIMIT=1 tesseract burns four times the CPU for the same text.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from expensed.errors import SetupError
from expensed.reading.deadline import Deadline
from expensed.reading.engines.engine import Pixels, Sighting
from expensed.reading.image import shrink_for_tesseract

_SCRIPT = Path(__file__).with_name("tesseract.sh")
_SHORTEST_S = 0.5
_MODE = "--psm 6"


class TesseractEngine:
    """The installed tesseract with the requested languages.

    Raises SetupError if it, or one of the languages, is not installed.
    """

    name = "tesseract"

    def __init__(self, languages: tuple[str, ...] = ("eng",)) -> None:
        os.environ["OMP_THREAD_LIMIT"] = "1"
        if shutil.which("tesseract") is None:
            raise SetupError("Tesseract is not installed.", hint="Install it, e.g. `apt install tesseract-ocr`.")
        import pytesseract  # type: ignore[import-untyped]

        pytesseract.pytesseract.tesseract_cmd = str(_executable())
        self._tesseract: Any = pytesseract
        self._languages = "+".join(languages) or "eng"
        self._check_languages(languages)

    def read(self, picture: Pixels, deadline: Deadline) -> list[Sighting]:
        """Return all words on the picture; TimeoutError if the deadline passes meanwhile."""
        left_s = deadline.left_s()
        small, scale = shrink_for_tesseract(picture)
        try:
            table = self._tesseract.image_to_data(
                small,
                lang=self._languages,
                config=_MODE,
                timeout=0 if left_s is None else max(left_s, _SHORTEST_S),
                output_type=self._tesseract.Output.DICT,
            )
        except RuntimeError as error:
            if "timeout" in str(error).lower():
                raise TimeoutError("tesseract took too long") from error
            raise
        return _sightings(table, scale)

    def _check_languages(self, languages: tuple[str, ...]) -> None:
        try:
            known = set(self._tesseract.get_languages())
        except (self._tesseract.TesseractNotFoundError, OSError, RuntimeError) as error:
            raise SetupError(
                f"Tesseract cannot be run: {error}.", hint="Install it, e.g. `apt install tesseract-ocr`."
            ) from error
        missing = [language for language in languages if language not in known]
        if missing:
            packages = " ".join(f"tesseract-ocr-{language.replace('_', '-')}" for language in missing)
            raise SetupError(
                f"Tesseract does not know the language {', '.join(missing)}.",
                hint=f"Install it, e.g. `apt install {packages}`, or change reading.languages.",
            )


def _sightings(table: dict[str, list[Any]], scale: float) -> list[Sighting]:
    found = []
    for text, confidence, left, top, width, height in zip(
        table["text"], table["conf"], table["left"], table["top"], table["width"], table["height"], strict=True
    ):
        if float(confidence) < 0 or not text.strip():
            continue
        box = (left / scale, top / scale, (left + width) / scale, (top + height) / scale)
        found.append(Sighting(text.strip(), box, float(confidence) / 100))
    return found


def _executable() -> Path:
    """Return the wrapper script, or a private copy of it if the installer dropped its executable bit."""
    if os.access(_SCRIPT, os.X_OK):
        return _SCRIPT
    folder = Path(tempfile.mkdtemp(prefix="expensed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = folder / _SCRIPT.name
    copy.write_bytes(_SCRIPT.read_bytes())
    copy.chmod(0o700)
    return copy
