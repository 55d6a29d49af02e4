"""Checks of the machine: Python, settings, reading, Redis, clock, address. Each returns a finding and never raises."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from expensed import __version__
from expensed.cli.doctor.findings import Finding, fine, warn, wrong
from expensed.cli.http.client import Client
from expensed.config.load import LoadedSettings
from expensed.config.schema import Settings
from expensed.errors import BackendUnavailable, DocumentError, RequestError, SetupError
from expensed.jobs.redis_ping import ping_server
from expensed.jobs.redis_server import find_server
from expensed.model.expense import Examination
from expensed.pipeline.context import extraction_options, local_now, reading_options
from expensed.readers.pool import Children, Limits
from expensed.reading.engines import select
from expensed.reading.scripts.known_scripts import AUTO, SCRIPTS
from expensed.report.answers import Alive
from expensed.report.status import describe_age

OLDEST_PYTHON = (3, 11)
FIRST_YEAR = 2024
"""A clock before this year was never set: the machine has no battery and has not reached its time server yet."""
TOOL_S, HEALTH_S = 10.0, 3.0
TESSERACT_HINT = "Debian: `apt install {}`; or change reading.languages."


def check_python() -> Finding:
    """Check the version of the interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return wrong("python", f"Python {version} is too old.", "Install Python 3.11 or newer.")
    return fine("python", f"Python {version}, expensed {__version__}, {len(os.sched_getaffinity(0))} processor cores")


def check_settings(loaded: LoadedSettings) -> Finding:
    """Report where the settings come from; they were validated when they were loaded."""
    variables = sum(origin.startswith("EXPENSED_") for origin in loaded.origins.values())
    parts = [str(loaded.file) if loaded.file else "no file, defaults"]
    parts += [f"{variables} from the environment"] if variables else []
    return fine("settings", ", ".join(parts))


def check_engine(settings: Settings) -> Finding:
    """Check for an OCR engine."""
    try:
        warning = select.check_engine(settings.reading.engine, settings.reading.languages)
    except SetupError as error:
        return wrong("engine", error.message, error.hint)
    if warning:
        return warn("engine", warning, "Debian: `apt install tesseract-ocr`.")
    return fine("engine", f"reading.engine = {settings.reading.engine} is available")


def check_languages(settings: Settings) -> Finding:
    """Check whether tesseract knows the languages of the documents."""
    program = shutil.which("tesseract")
    if program is None:
        return warn(
            "tesseract", "Tesseract is not installed; there is no fallback where paddle cannot be used.",
            "Debian: `apt install tesseract-ocr`.",
        )  # fmt: skip
    known = set(_ask(program, "--list-langs").splitlines()[1:])
    if AUTO in settings.reading.languages and select.name_engine(settings.reading.engine) == "paddle":
        return _check_scripts(known, program)
    languages = select.models_of(settings.reading.languages)
    missing = [language for language in languages if language not in known]
    if not missing:
        version = (_ask(program, "--version").split() or ["", "?"])[1]
        return fine("tesseract", f"Tesseract {version} knows {', '.join(languages)}")
    packages = " ".join(f"tesseract-ocr-{language.replace('_', '-')}" for language in missing)
    tell = wrong if settings.reading.engine == "tesseract" else warn
    return tell("tesseract", f"Tesseract does not know {', '.join(missing)}.", TESSERACT_HINT.format(packages))


def _check_scripts(known: set[str], program: str) -> Finding:
    """Check which letters besides the Latin ones can be read."""
    unread = [script for script in SCRIPTS if not known & {script.model, f"script/{script.model}"}]
    version = (_ask(program, "--version").split() or ["", "?"])[1]
    if not unread:
        return fine("tesseract", f"Tesseract {version} knows {len(SCRIPTS)} scripts besides Latin")
    names, packages = ", ".join(script.name for script in unread), " ".join(script.package for script in unread)
    return warn("tesseract", f"These letters cannot be read: {names}.", f"If you need them: `apt install {packages}`.")


def _ask(*command: str) -> str:
    """Return what a program prints; nothing if it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=TOOL_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout or done.stderr


def check_reading(settings: Settings) -> Finding:
    """Read a drawn receipt in a child process, as the daemon would."""
    from expensed.reading.demo_papers import draw_samples

    sample = draw_samples()[0]
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="expensed-doctor-") as folder:
            path = Path(folder) / sample.name
            path.write_bytes(sample.content)
            found = asyncio.run(_read(settings, path, Path(folder)))
    except (DocumentError, SetupError) as error:
        return wrong("reading", f"A drawn receipt could not be read: {error.message}", error.hint)
    except OSError as error:
        return wrong(
            "reading", f"A drawn receipt could not be read: {error}.", "Make room in the folder for temporary files."
        )
    seconds = f"{time.monotonic() - began:.1f} s"
    if found.expense.amount != sample.amount:
        read = f"{found.expense.amount} instead of {sample.amount}"
        return warn("reading", f"A drawn receipt was misread: {read}.", "Try another reading.engine.")
    return fine("reading", f"a drawn receipt was read correctly in {seconds} (by {found.engine})")


async def _read(settings: Settings, path: Path, scratch: Path) -> Examination:
    reading = settings.reading
    children = Children(Limits(reading.time_limit_s, reading.memory_mb, reading.idle_exit_s), scratch, 1)
    today = local_now().date()
    try:
        return await children.examine(path, reading_options(settings), extraction_options(settings, today), _ignore)
    finally:
        await children.stop()


async def _ignore(stage: str) -> None:
    """Ignore the stage."""


def check_redis(url: str) -> Finding:
    """Check for a redis-server to start, or whether the configured one answers."""
    if url:
        return _check_server(url)
    try:
        program = find_server()
    except SetupError as error:
        return wrong("redis", error.message, error.hint)
    version = next((word[2:] for word in _ask(program, "--version").split() if word.startswith("v=")), "")
    return fine("redis", f"{program} {version}".rstrip() + "; the daemon starts a private one")


def _check_server(url: str) -> Finding:
    parts = urlsplit(url)
    place = parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"
    trouble = ping_server(url)
    if trouble is None:
        return fine("redis", f"the server at {place} answers")
    hint = "Start it, correct queue.url, or leave queue.url empty: expensed then runs a private one."
    return wrong("redis", f"The server at {place} does not answer: {trouble}.", hint)


def check_clock(now: datetime | None = None) -> Finding:
    """Check whether the clock is plausible; dates in the future send documents to review."""
    now = now or datetime.now(UTC).astimezone()
    if now.year < FIRST_YEAR:
        hint = "Set it: `timedatectl set-ntp true`, or `date -s`."
        return wrong("clock", f"It says {now:%Y-%m-%d}, which cannot be right.", hint)
    return fine("clock", f"{now:%Y-%m-%d %H:%M} {now.tzname() or ''}".rstrip())


def check_address(settings: Settings) -> Finding:
    """Check whether the address is free or used by expensed."""
    host, port = settings.web.host, settings.web.port
    place = f"{host if ':' not in host else f'[{host}]'}:{port}"
    if port == 0:
        return fine("address", f"any free port of {host}; the daemon's log names it")
    try:
        for family, kind, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(address)
    except OSError as error:
        return _explain_address(settings, place, error)
    return fine("address", f"{place} is free")


def _explain_address(settings: Settings, place: str, error: OSError) -> Finding:
    if error.errno == errno.EADDRINUSE:
        try:
            health = Client(settings, patience_s=HEALTH_S).get("/healthz", Alive)
            said = f"expensed {health.version} answers at {place}, up {describe_age(health.uptime_s)}"
            return fine("address", said)
        except (BackendUnavailable, RequestError):
            hint = "Stop that program, or set web.port to another port."
            return wrong("address", f"{place} is in use by another program.", hint)
    hint = "Set web.port to 1024 or more." if error.errno == errno.EACCES else "Set web.host to 127.0.0.1."
    return wrong("address", f"{place} cannot be used: {error.strerror or error}.", hint)
