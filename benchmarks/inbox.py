"""A burst of documents dropped on a running daemon, against bare tesseract under xargs; A B A B A B, each afresh.

    .venv/bin/python benchmarks/inbox.py FOLDER

Ours: 40 distinct files are written into the inbox of a daemon that has just been started (no reading process
exists yet); the time runs from the first write to the last document's end in the ledger (filed or in review, copied,
synced, with sidecar). Theirs: `tesseract FILE stdout` for the same files under `xargs -P2` with OMP_THREAD_LIMIT=1:
text only. Ratios are formed pair by pair. The last daemon then takes one file with warm children, is left alone until
they are gone, is measured while idle, and takes one more file.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import argparse
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.subject import Daemon, Memory, OtherLoad, Peak, choose_files, machine

Files = list[tuple[str, bytes]]
LONGEST_S = 900.0
GONE_S = 90.0


@dataclass
class Run:
    """One burst, ours or theirs."""

    count: int
    seconds: float
    cpu_s: float
    others: float
    note: str = ""
    peak: Memory | None = None

    @property
    def rate(self) -> float:
        """Documents per second."""
        return self.count / self.seconds

    @property
    def cpu_each(self) -> float:
        """CPU seconds per document."""
        return self.cpu_s / self.count

    def __str__(self) -> str:
        """Format it for printing."""
        figures = f"{self.rate:6.2f} documents/s  {self.cpu_each:6.3f} CPU s/document  {self.seconds:6.1f} s"
        return f"{figures}  others used {self.others:.2f} cores{self.note}"


def run_ours(subject: Daemon, files: Files) -> Run:
    """Drop a burst on a running daemon."""
    load, before = OtherLoad(), subject.cpu_s()
    with Peak(subject) as peak:
        began = time.monotonic()
        for name, content in files:
            subject.drop(name, content)
        passages = subject.listener.wait([name for name, _ in files], LONGEST_S)
        seconds = max(passage.ended_at or 0.0 for passage in passages) - began
    cpu_s = subject.cpu_s() - before
    failed = sum(passage.state == "FAILURE" for passage in passages)
    note = f"  {failed} FAILED" if failed else ""
    return Run(len(files), seconds, cpu_s, load.cores(cpu_s), note, peak.memory)


def run_theirs(files: Files, jobs: int) -> Run:
    """Run bare tesseract on the same files; CPU seconds are what the kernel counted for xargs and its children."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for name, content in files:
            Path(folder, name).write_bytes(content)
        load, began = OtherLoad(), time.monotonic()
        process = subprocess.Popen(
            ["xargs", "-0", f"-P{jobs}", "-I{}", "tesseract", "{}", "stdout"],
            cwd=folder, env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(b"\0".join(os.fsencode(name) for name, _ in files))
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
    cpu_s = usage.ru_utime + usage.ru_stime
    note = f"  xargs ended with {process.returncode}" if process.returncode else ""
    return Run(len(files), seconds, cpu_s, load.cores(cpu_s), note)


def drop_one(subject: Daemon, name: str, content: bytes, what: str) -> None:
    closed_at = subject.drop(name, content)
    (passage,) = subject.listener.wait([name], LONGEST_S)
    known, ended = passage.known_at - closed_at, (passage.ended_at or 0.0) - closed_at
    print(f"  one file, {what}: in the ledger after {known * 1000:.0f} ms, at its place after {ended:.2f} s")


def watch_idle(subject: Daemon, watch_s: float) -> None:
    """Wait until the children are gone, then measure what the rest uses."""
    began = time.monotonic()
    while subject.memory().child_count and time.monotonic() < began + GONE_S:
        time.sleep(0.5)
    gone_s, before, since = time.monotonic() - began, subject.cpu_s(), time.monotonic()
    time.sleep(watch_s)
    share, memory = (subject.cpu_s() - before) / (time.monotonic() - since), subject.memory()
    verb = "gone" if not memory.child_count else "STILL THERE"
    print(f"  idle: children {verb} {gone_s:.0f} s after the last file; then {share:.2%} of a core over {watch_s:g} s,")
    print(f"        memory {memory}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the documents are")
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--pairs", type=int, default=3, help="how often ours and theirs take turns")
    parser.add_argument("--jobs", type=int, default=2, help="tesseract processes at a time")
    parser.add_argument("--idle-s", type=float, default=60.0, help="how long to watch the idle daemon; 0: not at all")
    parser.add_argument("--min-ratio", type=float, help="exit 1 below this ratio of documents a second")
    parser.add_argument("--max-cpu", type=float, help="exit 1 above this ratio of CPU seconds a document")
    args = parser.parse_args()
    files = choose_files(args.folder, args.files + 2)
    (warm, cold), files = files[-2:], files[:-2]
    print(f"{len(files)} files of {args.folder}; {machine()}", flush=True)
    pairs: list[tuple[Run, Run]] = []
    for number in range(1, args.pairs + 1):
        with Daemon() as subject:
            time.sleep(1.0)
            idle = subject.memory()
            ours = run_ours(subject, files)
            print(f"{number} ours    {ours}", flush=True)
            if number == args.pairs:
                time.sleep(2.0)
                drop_one(subject, *warm, "daemon idle, children warm")
                if args.idle_s:
                    watch_idle(subject, args.idle_s)
                    drop_one(subject, *cold, "daemon idle, children gone")
        theirs = run_theirs(files, args.jobs)
        print(f"{number} theirs  {theirs}", flush=True)
        pairs.append((ours, theirs))
        print(f"  memory just started: {idle}\n  memory at its peak:  {ours.peak}", flush=True)
    rate = median(ours.rate / theirs.rate for ours, theirs in pairs)
    cpu = median(ours.cpu_each / theirs.cpu_each for ours, theirs in pairs)
    print(f"median ratio, ours to theirs: {rate:.2f} times the documents a second, {cpu:.2f} of the CPU a document")
    missed = (args.min_ratio is not None and rate < args.min_ratio) or (args.max_cpu is not None and cpu > args.max_cpu)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
