"""Tesseract through pytesseract: words with boxes, one thread, killed with the process that started it.

Without OMP_THREAD_LIMIT=1 tesseract burns four times the CPU for the same text.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2

from expensed.errors import SetupError
from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.engine import Pixels, Sighting
from expensed.reading.engines.memory import make_room
from expensed.reading.image import shrink_for_tesseract

_SCRIPT = Path(__file__).with_name("tesseract.sh")
_SHORTEST_S = 0.5
_PROCESS_MB = 105
"""What tesseract takes, with the largest model of a script, for lines."""
_MODE = "--psm 6"
_LINE_MODE = "--psm 7 --dpi 150 -c preserve_interword_spaces=1"
"""Without the last, words of scripts without spaces come letter by letter."""


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
        small, scale = shrink_for_tesseract(picture)
        return [each for each in _sightings(self._table(small, _MODE, deadline), scale) if each is not None]

    def read_lines(self, lines: Sequence[Pixels], deadline: Deadline) -> list[list[Sighting]]:
        """Return the words on each of these pictures of a single line, in reading order.

        One process reads them all, since loading a model costs more than a line. Raises TimeoutError as `read` does,
        and SetupError if tesseract fails: its model is broken, it was killed, or the disk is full.
        """
        try:
            return self._read_lines(lines, deadline) if lines else []
        except TimeoutError:
            raise
        except (RuntimeError, OSError, LookupError, ValueError) as error:
            raise SetupError(f"Tesseract failed at lines in {self._languages}: {error}.") from error

    def _read_lines(self, lines: Sequence[Pixels], deadline: Deadline) -> list[list[Sighting]]:
        with tempfile.TemporaryDirectory(prefix="expensed-") as folder:
            names = [f"{folder}/{number}.bmp" for number in range(len(lines))]
            for name, line in zip(names, lines, strict=True):
                cv2.imwrite(name, line)
            listed = Path(folder, "lines.txt")
            listed.write_text("".join(f"{name}\n" for name in names))
            table = self._table(str(listed), _LINE_MODE, deadline)
        found: list[list[Sighting]] = [[] for _ in lines]
        for page, sighting in zip(table["page_num"], _sightings(table, 1.0), strict=True):
            if sighting is not None:
                found[int(page) - 1].append(sighting)
        return found

    def _table(self, picture: Pixels | str, mode: str, deadline: Deadline) -> dict[str, list[Any]]:
        """Return tesseract's table of a picture, or of those that a file names."""
        make_room(_PROCESS_MB)
        left_s = deadline.left_s()
        try:
            table: dict[str, list[Any]] = self._tesseract.image_to_data(
                picture,
                lang=self._languages,
                config=mode,
                timeout=0 if left_s is None else max(left_s, _SHORTEST_S),
                output_type=self._tesseract.Output.DICT,
            )
        except RuntimeError as error:
            if "timeout" in str(error).lower():
                raise TimeoutError("tesseract took too long") from error
            raise
        return table

    def _check_languages(self, languages: tuple[str, ...]) -> None:
        known = installed_models()
        missing = [language for language in languages if language not in known]
        if missing:
            packages = " ".join(f"tesseract-ocr-{language.replace('_', '-')}" for language in missing)
            raise SetupError(
                f"Tesseract does not know the language {', '.join(missing)}.",
                hint=f"Install it, e.g. `apt install {packages}`, or change reading.languages.",
            )


def installed_models() -> frozenset[str]:
    """Return the names of tesseract's models on this machine, such as `eng` and `Cyrillic`; SetupError if it fails.

    pytesseract would leave out those of scripts.
    """
    try:
        command = ["tesseract", "--list-langs"]
        asked = subprocess.run(command, capture_output=True, text=True, errors="replace", check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(
            f"Tesseract cannot be run: {error}.", hint="Install it, e.g. `apt install tesseract-ocr`."
        ) from error
    return frozenset(asked.stdout.splitlines()[1:])


def _sightings(table: dict[str, list[Any]], scale: float) -> list[Sighting | None]:
    """Return the word of each row of tesseract's table; None where the row is of something else."""
    rows = zip(table["text"], table["conf"], table["left"], table["top"], table["width"], table["height"], strict=True)
    found: list[Sighting | None] = []
    for text, confidence, left, top, width, height in rows:
        is_word = float(confidence) >= 0 and text.strip()
        box = (left / scale, top / scale, (left + width) / scale, (top + height) / scale)
        found.append(Sighting(text.strip(), box, float(confidence) / 100) if is_word else None)
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
