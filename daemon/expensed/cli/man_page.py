"""The manual page expensed(1), made from the commands themselves: `python -m expensed.cli.man_page`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from expensed import __version__
from expensed.cli.app import COMMANDS, PROGRAM, cli

_SEE = """\
.SH EXIT STATUS
0: done. 1: it failed, or nothing was found. 2: the command line is wrong. 69: the machine or the folders cannot be
used. 75: no daemon answers, or the ledger cannot be opened; try again later. 78: the settings are wrong.
.SH FILES
.TP
.I /etc/expensed/expensed.toml
The settings of the service. Elsewhere the first of these applies: \\-c FILE, $EXPENSED_CONFIG, ./config/expensed.toml.
.SH ENVIRONMENT
Every setting can come from a variable, as inbox.path does from EXPENSED_INBOX__PATH.
.SH SEE ALSO
/opt/expensed/README.md; http://127.0.0.1:8765/api/docs while the daemon runs."""


def write_man_page() -> Iterator[str]:
    """Yield the lines of the page, in the macros of man(7)."""
    yield f'.TH EXPENSED 1 "" "expensed {__version__}" "User commands"'
    yield from (".SH NAME", "expensed \\- drop a receipt into a folder: it is read, understood and filed")
    yield from (".SH SYNOPSIS", ".B expensed", "[\\fB\\-h\\fR] \\fICOMMAND\\fR ...", ".SH DESCRIPTION")
    yield from _paragraphs(cli.help or "")
    yield ".SH COMMANDS"
    context = click.Context(cli, info_name=PROGRAM)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        if command is not None and not command.hidden:
            yield from _describe(command, click.Context(command, context, info_name=name))
        if isinstance(command, click.Group):
            for each in command.commands.values():
                yield from _describe(each, click.Context(each, context, info_name=f"{name} {each.name}"))
    yield from _SEE.splitlines()


def _describe(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f".SS {_escape(' '.join([context.info_name or '', *command.collect_usage_pieces(context)]))}"
    yield from _paragraphs(command.help or "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            yield from (".TP", f".B {_escape(record[0])}", _escape(record[1]))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a command's help; one that begins with \\b keeps its line breaks."""
    for number, paragraph in enumerate(text.strip().split("\n\n")):
        lines = paragraph.splitlines()
        is_laid_out = lines[:1] == ["\b"]
        yield from [".PP"] * bool(number)
        yield from [".nf"] * is_laid_out
        yield from (_escape(line if is_laid_out else line.strip()) for line in lines[is_laid_out:])
        yield from [".fi"] * is_laid_out


def _escape(text: str) -> str:
    """Return text in which no character has a meaning to roff."""
    plain = " ".join(text.split("\n")).replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain


if __name__ == "__main__":
    print(*write_man_page(), sep="\n")
