"""A Samba server that runs as the user who runs the tests, on a high port, and a client of it."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.e2e.house import House

SMBD = shutil.which("smbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONFIGURATION = """
[global]
  server role = standalone server
  smb ports = {port}
  bind interfaces only = yes
  interfaces = 127.0.0.1/8
  private dir = {folder}
  lock directory = {folder}
  state directory = {folder}
  cache directory = {folder}
  pid directory = {folder}
  ncalrpc dir = {folder}/ncalrpc
  log file = {folder}/log
  disable netbios = yes
  load printers = no
  disable spoolss = yes
  map to guest = Bad User
  guest account = {user}
[house]
  path = {share}
  guest ok = yes
  read only = no
  veto files = /.expensed/
"""


class Share:
    """The folders of a house as a share, and what a person does there from another machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    def do(self, *commands: str) -> str:
        """Run commands of smbclient."""
        done = subprocess.run(
            ["smbclient", "//127.0.0.1/house", "-p", str(self._port), "-N", "-c", ";".join(commands)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "house")
    yield house
    house.clear()


@pytest.fixture
def share(house: House, tmp_path: Path) -> Iterator[Share]:
    if SMBD is None or shutil.which("smbclient") is None:
        pytest.exit("smbd and smbclient are missing. On Debian: apt-get install samba smbclient", 4)
    folder = tmp_path / "samba"
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    text = CONFIGURATION.format(port=port, folder=folder, user=getpass.getuser(), share=house.root)
    (folder / "smb.conf").write_text(text)
    command = [SMBD, "--foreground", "--no-process-group", "--debug-stdout", "-s", str(folder / "smb.conf")]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True
        )
    try:
        house.wait(lambda: _answers(port), 20, f"smbd answers: {folder}")
        yield Share(port)
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def local(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Write a file on the other machine."""

    def write(name: str, content: bytes) -> Path:
        path = tmp_path / "local" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    return write
