"""From the close of a JPEG to its row in the ledger, and to its place in the archive, one file after another.

    .venv/bin/python benchmarks/latency.py FOLDER

The clock starts just before close(2) and stops when the event arrives over HTTP, which is sent after the commit: the
figures include the listening. Each file is dropped on an idle daemon whose children are warm. Each is paired with a
GET on an aiohttp application that answers nothing, on a persistent connection: what Python, aiohttp and this machine
cost at that moment.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import argparse
import http.client
import subprocess
import time
from pathlib import Path

from benchmarks.subject import Daemon, OtherLoad, choose_files, machine, percentile

WARM = 2
PAUSE_S = 0.15
LONGEST_S = 60.0
JPEG = frozenset((".jpg", ".jpeg"))
EMPTY = """
import asyncio
from aiohttp import web
async def answer(request): return web.Response()
async def main():
    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


class EmptyServer:
    """An aiohttp application that answers nothing, in a separate process, for the duration of a `with` block."""

    def __enter__(self) -> EmptyServer:
        """Start it and connect."""
        self._process = subprocess.Popen([sys.executable, "-c", EMPTY], stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.host = f"127.0.0.1:{int(self._process.stdout.readline())}"
        self._connection = http.client.HTTPConnection(self.host)
        self.request()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._connection.close()
        self._process.kill()
        self._process.communicate()

    def request(self) -> float:
        """Return the seconds that one request takes."""
        began = time.monotonic()
        self._connection.request("GET", "/")
        self._connection.getresponse().read()
        return time.monotonic() - began


def run_once(files: list[tuple[str, bytes]]) -> tuple[list[float], list[float], list[float], float]:
    """Return for each file the seconds to ledger and archive and of an empty request; and the cores others used."""
    known, ended, empty = [], [], []
    with Daemon() as subject, EmptyServer() as server:
        load, before = OtherLoad(), 0.0
        for number, (name, content) in enumerate(files):
            if number == WARM:
                load, before = OtherLoad(), subject.cpu_s()
            closed_at = subject.drop(name, content)
            (passage,) = subject.listener.wait([name], LONGEST_S)
            if number >= WARM:
                known.append(passage.known_at - closed_at)
                ended.append((passage.ended_at or 0.0) - closed_at)
                empty.append(server.request())
            time.sleep(PAUSE_S)  # until the source is removed and nothing is left to do
        others = load.cores(subject.cpu_s() - before)
    return known, ended, empty, others


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the JPEG files are")
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    files = choose_files(args.folder, args.files + WARM, JPEG)
    print(f"{args.files} files of {args.folder}, one after the other; {machine()}")
    print("milliseconds                   median     p95     max")
    for number in range(1, args.runs + 1):
        known, ended, empty, others = run_once(files)
        print(f"run {number}, others used {others:.2f} cores")
        for what, values in (
            ("close to ledger", known),
            ("close to its place", ended),
            ("an empty aiohttp request", empty),
        ):
            shares = percentile(values, 0.5), percentile(values, 0.95), max(values)
            print(f"  {what:<26}" + "".join(f"{1000 * share:8.1f}" for share in shares), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
