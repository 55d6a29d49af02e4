"""`expensed doctor`: whether this machine can run expensed and, if not, what to do; needs no daemon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.doctor.findings import SIGNS, WARNING, WRONG, Finding, wrong
from expensed.cli.screen.json_output import print_json
from expensed.config.load import LoadedSettings
from expensed.errors import SetupError


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `expensed doctor --json` prints."""

    success: bool
    checks: tuple[Finding, ...]


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(config_file: Path | None, as_json: bool) -> int:
    """Check this machine: tools, folders, limits, clock, address.

    Each line is one check, with what to do if it fails. Needs no daemon. Run it as the daemon's user.
    Exit status 69 if something is wrong.
    """
    findings = []
    for finding in examine(load(config_file)):
        findings.append(finding)
        if not as_json:
            click.echo(describe_finding(finding))
    failed = [finding for finding in findings if finding.state == WRONG]
    warnings = [finding for finding in findings if finding.state == WARNING]
    if as_json:
        print_json(Report(success=not failed, checks=tuple(findings)))
    else:
        click.echo(f"{len(failed) or 'Nothing'} wrong, {len(warnings) or 'no'} warning{'s' * (len(warnings) != 1)}.")
    return SetupError.exit_code if failed else 0


def examine(loaded: LoadedSettings) -> Iterator[Finding]:
    """Run every check in turn; yield each outcome as soon as it is known."""
    from expensed.cli.doctor import folders, machine

    settings = loaded.settings
    checks: dict[str, Callable[[], Finding | Iterable[Finding]]] = {
        "python": machine.check_python,
        "settings": lambda: machine.check_settings(loaded),
        "engine": lambda: machine.check_engine(settings),
        "tesseract": lambda: machine.check_languages(settings),
        "reading": lambda: machine.check_reading(settings),
        "redis": lambda: machine.check_redis(settings.queue.url),
        "folders": lambda: folders.check_folders(settings),
        "watching": lambda: folders.check_watching(settings),
        "disk": lambda: folders.check_space(settings),
        "clock": machine.check_clock,
        "address": lambda: machine.check_address(settings),
    }
    for name, check in checks.items():
        try:
            found = check()
            yield from [found] if isinstance(found, Finding) else found
        except Exception as error:  # noqa: BLE001 - on a broken machine anything may fail; the other checks still run
            yield wrong(name, f"This could not be checked: {error}.", "Please report it if everything else is fine.")


def describe_finding(finding: Finding) -> str:
    """Return a finding as one line, plus another with what to do."""
    line = f"{SIGNS[finding.state]} {finding.name:<10} {finding.message}"
    return f"{line}\n{'':<13}{finding.hint}" if finding.hint else line
