"""Debian's nginx and Caddy in front of a daemon, with the examples that docs/proxy.md gives."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e.house import ROOT

DOCS = (ROOT / "docs" / "proxy.md").read_text(encoding="utf-8")
NGINX_NAME, NGINX_PATH = re.findall(r"```nginx\n(.*?)```", DOCS, re.DOTALL)
CADDY_NAME, CADDY_PATH = re.findall(r"```caddyfile\n(.*?)```", DOCS, re.DOTALL)
DAEMON = "127.0.0.1:8765"
"""Where the daemon of the examples listens."""
CERTIFICATE, KEY = "/etc/ssl/certs/receipts.example.pem", "/etc/ssl/private/receipts.example.key"
START_S = 20.0


@dataclass(frozen=True, slots=True)
class Example:
    """A proxy's configuration, and the address at which it offers the daemon."""

    program: str
    text: str
    address: str

    @property
    def name(self) -> str:
        return self.address.removeprefix("https://").partition("/")[0]


NAME, PATH = "https://receipts.example", "https://home.example/expensed"


def replace(text: str, old: str, new: str) -> str:
    """Replace a part of an example; an example that lacks it is an error."""
    assert old in text, f"the example lacks {old!r}:\n{text}"
    return text.replace(old, new)


EXAMPLES = {
    "nginx at a name": Example("nginx", NGINX_NAME, NAME),
    "nginx keeps the path": Example("nginx", NGINX_PATH, PATH),
    "nginx takes the path off": Example("nginx", replace(NGINX_PATH, f"http://{DAEMON}", f"http://{DAEMON}/"), PATH),
    "caddy at a name": Example("caddy", CADDY_NAME, NAME),
    "caddy takes the path off": Example("caddy", CADDY_PATH, PATH),
    "caddy keeps the path": Example("caddy", replace(CADDY_PATH, "handle_path", "handle"), PATH),
}


def find_program(name: str) -> str:
    """Return the path of a program; Debian keeps nginx out of an ordinary user's PATH."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"no {name} here: `make test` installs it")
    return found


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_proxy(example: Example, daemon: str, port: int, folder: Path) -> Iterator[None]:
    """Run the example's program on `port` of this machine, in front of the daemon at the address `daemon`."""
    program = find_program(example.program)
    folder.mkdir()
    text = replace(example.text, DAEMON, daemon.removeprefix("http://"))
    write = _write_nginx if example.program == "nginx" else _write_caddy
    command = [program, *write(text, port, folder)]
    environment = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    log = folder / "proxy.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    try:
        _wait_for(lambda: process.poll() is not None or _answers(port, example.name))
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(START_S)


def _write_nginx(text: str, port: int, folder: Path) -> list[str]:
    """Write a whole configuration around the example; return the arguments that run it without root's paths."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=example", "-keyout", "key.pem", "-out", "certificate.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    certificates = f"ssl_certificate {CERTIFICATE};\nssl_certificate_key {KEY};\n"
    if "server {" not in text:
        text = f"server {{\nlisten 443 ssl;\nserver_name home.example;\n{certificates}{text}}}\n"
    text = replace(text, "listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    text = replace(replace(text, CERTIFICATE, f"{folder}/certificate.pem"), KEY, f"{folder}/key.pem")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{text}}}\n"
    )
    return ["-p", str(folder), "-e", "stderr", "-c", str(path)]


def _write_caddy(text: str, port: int, folder: Path) -> list[str]:
    """Write the example below options that keep Caddy on one port and make it sign the certificate itself."""
    path = folder / "Caddyfile"
    options = (
        f"admin off\ngrace_period 100ms\nlocal_certs\nskip_install_trust\ndefault_bind 127.0.0.1\nhttps_port {port}\n"
    )
    path.write_text(f"{{\n{options}auto_https disable_redirects\n}}\n{text}")
    return ["run", "--config", str(path), "--adapter", "caddyfile"]


def _answers(port: int, name: str) -> bool:
    """Whether the proxy speaks TLS for that name: Caddy listens before it has a certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection(("127.0.0.1", port)) as plain, context.wrap_socket(plain, server_hostname=name):
            return True
    except OSError:
        return False


def _wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_S
    while not is_so():
        assert time.monotonic() < deadline, "the proxy does not answer"
        time.sleep(0.02)
