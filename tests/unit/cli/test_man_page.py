from __future__ import annotations

import re

import click

from expensed.cli.app import COMMANDS, cli
from expensed.cli.man_page import write_man_page


def test_the_manual_page_has_every_command_with_its_options():
    page = "\n".join(write_man_page()).replace("\\-", "-")
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        section = re.search(rf"^\.SS {name}\b.*?(?=^\.S[SH])", page, re.MULTILINE | re.DOTALL)
        assert section is not None, name
        assert command is not None
        options = [each for each in command.params if isinstance(each, click.Option)]
        assert all(option.opts[-1] in section[0] for option in options), name


def test_no_line_of_the_page_is_a_request_by_accident():
    macros = {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".I", ".nf", ".fi"}
    lines = [line for line in write_man_page() if line.startswith((".", "'"))]
    assert {line.split()[0] for line in lines} <= macros
    assert all("\n" not in line for line in write_man_page())
