"""Select this process's OCR engine; loaded on first need and kept, since loading costs more than a receipt."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from shutil import which
from typing import TYPE_CHECKING, Literal

from expensed.errors import SetupError
from expensed.reading.scripts.known_scripts import AUTO

if TYPE_CHECKING:
    from expensed.reading.engines.engine import Engine
    from expensed.reading.engines.tesseract import TesseractEngine


_LATIN = "eng"
"""Tesseract's model for a page of which nothing is known."""
WIDEST_BAND = 720
"""Pixels; photos of receipts were read no better with 960, at a tenth more CPU."""


@lru_cache(maxsize=4)
def select_engine(name: str, languages: tuple[str, ...]) -> Engine:
    """Return the engine for a setting; `auto` takes paddle if it can be imported, else tesseract.

    Raises SetupError if it is not available.
    """
    if name == "tesseract":
        return _tesseract(languages)
    if name == "paddle":
        return _paddle()
    if name != "auto":
        raise SetupError(f"There is no engine called {name!r}.", hint="reading.engine: auto, paddle or tesseract.")
    try:
        return _paddle()
    except SetupError as without_paddle:
        try:
            return _tesseract(languages)
        except SetupError as without_tesseract:
            raise SetupError(
                f"No OCR engine can be used. {without_paddle.message} {without_tesseract.message}",
                hint=f"{without_paddle.hint} Or: {without_tesseract.hint}",
            ) from without_tesseract


@lru_cache(maxsize=1)
def closer_engine() -> Engine | None:
    """Return the engine for a second look; None if it is not installed."""
    try:
        return _paddle("small", widest=WIDEST_BAND)
    except SetupError:
        return None


@lru_cache(maxsize=16)
def line_reader(model: str) -> TesseractEngine:
    """Return Tesseract with the model of a script, for single lines.

    Raises SetupError if it is not installed.
    """
    from expensed.reading.engines.tesseract import TesseractEngine, installed_models

    filed = f"script/{model}"  # where Tesseract itself puts it; Debian does not
    return TesseractEngine((filed if filed in installed_models() else model,))


@lru_cache(maxsize=4)
def name_engine(name: str) -> str:
    """Return the engine that `auto` stands for on this machine; any other name stands for itself."""
    if name != "auto":
        return name
    return "tesseract" if find_spec("faster_paddle") is None else "paddle"


def models_of(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the models with which tesseract reads whole pages: for `auto` the English one, each once."""
    return tuple(dict.fromkeys(_LATIN if language == AUTO else language for language in languages))


def check_engine(name: str, languages: tuple[str, ...]) -> str | None:
    """Check, without loading a model, that the engine is available; return a sentence if only its fallback is missing.

    Raises SetupError if it is not available.
    """
    if name != "tesseract" and find_spec("faster_paddle") is not None:
        if which("tesseract") is None:
            return "tesseract is not installed: languages that paddle does not know cannot be read."
        return None
    select_engine(name, languages)
    return None


def _paddle(size: Literal["tiny", "small"] = "tiny", *, widest: int | None = None) -> Engine:
    missing = SetupError("The engine paddle is not installed.", hint="Install it: `pip install faster-paddle`.")
    if find_spec("faster_paddle") is None:
        raise missing
    try:
        from expensed.reading.engines.paddle import PaddleEngine

        return PaddleEngine(size, widest=widest)
    except ImportError as error:
        raise missing from error


def _tesseract(languages: tuple[str, ...]) -> Engine:
    from expensed.reading.engines.tesseract import TesseractEngine

    return TesseractEngine(models_of(languages))
