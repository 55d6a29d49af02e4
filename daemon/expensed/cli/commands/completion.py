"""`expensed completion`: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from expensed.cli.app import PROGRAM, cli
from expensed.errors import SetupError

VARIABLE = "_EXPENSED_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that lets your SHELL complete commands.

    \b
    bash:  eval "$(expensed completion bash)"          in ~/.bashrc
    zsh:   eval "$(expensed completion zsh)"           in ~/.zshrc
    fish:  expensed completion fish | source           in ~/.config/fish/config.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise SetupError(f"This version of click has no completion for {shell}.", hint="Reinstall click.")
    click.echo(kind(cli, {}, PROGRAM, VARIABLE).source())
