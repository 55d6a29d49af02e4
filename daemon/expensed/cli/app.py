"""The `expensed` command and how it reports errors: what happened, what to do, and an exit code of sysexits(3)."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from expensed import __version__
from expensed.config.load import LoadedSettings, load_settings
from expensed.errors import ExpensedError

PROGRAM = "expensed"
COMMANDS = {
    "run": "expensed.cli.commands.run:run",
    "demo": "expensed.cli.commands.demo:demo",
    "status": "expensed.cli.commands.status:status",
    "watch": "expensed.cli.commands.watch:watch",
    "show": "expensed.cli.commands.show:show",
    "tasks": "expensed.cli.commands.tasks:tasks",
    "search": "expensed.cli.commands.search:search",
    "export": "expensed.cli.commands.export:export",
    "inspect": "expensed.cli.commands.inspect:inspect",
    "review": "expensed.cli.commands.review:review",
    "file": "expensed.cli.commands.file:file",
    "retry": "expensed.cli.commands.retry:retry",
    "reread": "expensed.cli.commands.reread:reread",
    "discard": "expensed.cli.commands.discard:discard",
    "undo": "expensed.cli.commands.undo:undo",
    "learned": "expensed.cli.commands.learned:learned",
    "forget": "expensed.cli.commands.forget:forget",
    "vendors": "expensed.cli.commands.vendors:vendors",
    "extract": "expensed.cli.commands.extract:extract",
    "check": "expensed.cli.commands.check:check",
    "rebuild": "expensed.cli.commands.rebuild:rebuild",
    "adopt": "expensed.cli.commands.adopt:adopt",
    "doctor": "expensed.cli.commands.doctor:doctor",
    "config": "expensed.cli.commands.config:config",
    "completion": "expensed.cli.commands.completion:completion",
}


class LazyCommands(click.Group):
    """A group that imports a command's module only when the command is called or described."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(__import__(module, fromlist=[name]), name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM)
def cli() -> None:
    """Drop a receipt into a folder: it is read, understood and filed.

    Start with `expensed demo`, then `expensed run`. `expensed completion --help` explains shell completion.
    """


config_option = click.option(
    "-c", "--config", "config_file", type=click.Path(path_type=Path, dir_okay=False), help="The settings file."
)


def load(config_file: Path | None) -> LoadedSettings:
    """Return the settings in force for a command; what is odd about them is said on stderr."""
    loaded = load_settings(config_file, os.environ, Path.cwd())
    for warning in loaded.warnings:
        print(f"expensed: {warning}", file=sys.stderr)
    return loaded


def run_command_line(arguments: Sequence[str]) -> int:
    """Run a command; errors go to stderr as sentences, never as a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names may hold characters that the terminal cannot show
    try:
        code = cli.main(args=list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except ExpensedError as error:
        print(f"expensed: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return code if isinstance(code, int) else 0
