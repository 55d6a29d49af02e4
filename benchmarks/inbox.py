"""A burst of documents dropped on a running daemon, against bare tesseract under xargs; A B A B A B, each afresh.

    .venv/bin/python benchmarks/inbox.py FOLDER

Ours: 100 distinct files are written into the inbox of a daemon whose reading processes have read other files before;
the time runs from the first write to the last document's end in the ledger (filed or in review, copied, synced, with
sidecar). Theirs: `tesseract FILE stdout` for the same files under `xargs -P2` with OMP_THREAD_LIMIT=1: text only.
Ratios are formed pair by pair, with `reading.second_look = false`; one more burst has it on. The last daemon then takes
one file with warm processes, is left alone until they are gone, is measured while idle, and takes one more file. At
last, a burst with a clock in the daemon (`stages.py`) tells which stage spends what beside the engine, without the
second look and with it.
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

from benchmarks import stages
from benchmarks.subject import Daemon, Memory, OtherLoad, Peak, choose_files, machine

Files = list[tuple[str, bytes]]
LONGEST_S = 900.0
GONE_S = 90.0
WARMERS = 8
"""How many other files are read before, so that every reading process has read some."""
LAST = 10
"""When so few are left, there may not be enough work for all cores."""
CORES = len(os.sched_getaffinity(0))
WITHOUT = {"EXPENSED_READING__SECOND_LOOK": "false"}


@dataclass
class Run:
    """One burst, ours or theirs."""

    count: int
    seconds: float
    cpu_s: float
    others: float
    note: str = ""
    peak: Memory | None = None
    busy: float | None = None
    """The share of all cores that was used by anyone until the last ten documents; `own`: by the daemon."""
    own: float = 0.0

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
        busy = "" if self.busy is None else f"  cores {self.busy:.0%} busy until the last {LAST} (own: {self.own:.0%})"
        return f"{figures}{busy}  others used {self.others:.2f} cores{self.note}"


def warm_up(subject: Daemon, files: Files) -> None:
    """Have every reading process read something before anything is measured."""
    for name, content in files:
        subject.drop(name, content)
    subject.listener.wait([name for name, _ in files], LONGEST_S)
    time.sleep(1.0)


def run_ours(subject: Daemon, files: Files) -> Run:
    """Drop a burst on a running daemon."""
    load, before, names = OtherLoad(), subject.cpu_s(), [name for name, _ in files]
    with Peak(subject) as peak:
        began = time.monotonic()
        for name, content in files:
            subject.drop(name, content)
        subject.listener.wait(names, LONGEST_S, but=min(LAST, len(files) - 1))
        so_far, cpu_s = time.monotonic() - began, subject.cpu_s() - before
        own, others = cpu_s / so_far / CORES, load.cores(cpu_s) / CORES
        passages = subject.listener.wait(names, LONGEST_S)
        seconds = max(passage.ended_at or 0.0 for passage in passages) - began
    cpu_s = subject.cpu_s() - before
    failed = sum(passage.state == "FAILURE" for passage in passages)
    note = f"  {failed} FAILED" if failed else ""
    return Run(len(files), seconds, cpu_s, load.cores(cpu_s), note, peak.memory, own + others, own)


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


def count_stages(warmers: Files, files: Files, settings: dict[str, str]) -> float:
    """Print which stage spends how much for a document; return the sum of all but the engine, in CPU seconds."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        program = (sys.executable, str(Path(stages.__file__).absolute()), folder)
        with Daemon(settings, program=program) as subject:
            warm_up(subject, warmers)
            before, redis = stages.read_accounts(Path(folder)), subject.redis_cpu_s()
            run = run_ours(subject, files)
            redis = subject.redis_cpu_s() - redis
            time.sleep(2 * stages.LOOK_S)
            after = stages.read_accounts(Path(folder))
    spent = {name: (seconds - before[name]) / len(files) for name, seconds in after.items()}
    spent["Redis"] = redis / len(files)
    waiting = spent.pop(stages.WAITING, 0.0)
    outside = sum(spent.values()) - spent[stages.ENGINE] - spent.pop(stages.OWN, 0.0)
    looks = "off" if settings else "on"
    print(f"by stage, second look {looks}, CPU ms a document:\n    {run}")
    for name, seconds in sorted(spent.items(), key=lambda each: (each[0].partition(":")[0], -each[1])):
        print(f"  {name:34}{seconds * 1000:7.1f}")
    print(f"  all but the engine                {outside * 1000:7.1f}; a reading process waits", end="")
    print(f" {waiting * 1000:.1f} ms for its next document", flush=True)
    return outside


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the documents are")
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=3, help="how often ours and theirs take turns; 0: only the stages")
    parser.add_argument("--jobs", type=int, default=2, help="tesseract processes at a time")
    parser.add_argument("--idle-s", type=float, default=60.0, help="how long to watch the idle daemon; 0: not at all")
    parser.add_argument("--min-ratio", type=float, help="exit 1 below this ratio of documents a second")
    parser.add_argument("--max-cpu", type=float, help="exit 1 above this ratio of CPU seconds a document")
    parser.add_argument(
        "--max-outside", type=float, help="exit 1 above so many CPU seconds a document beside the engine"
    )
    args = parser.parse_args()
    files = choose_files(args.folder, args.files + WARMERS + 2)
    (warm, cold), files = files[-2:], files[:-2]
    warmers, files = files[-WARMERS:], files[:-WARMERS]
    print(f"{len(files)} files of {args.folder}; {machine()}", flush=True)
    missed = args.pairs > 0 and compare(args, warmers, files, warm, cold)
    outside = count_stages(warmers, files, WITHOUT)
    count_stages(warmers, files, {})
    return int(missed or (args.max_outside is not None and outside > args.max_outside))


def compare(
    args: argparse.Namespace, warmers: Files, files: Files, warm: tuple[str, bytes], cold: tuple[str, bytes]
) -> bool:
    """Let ours and theirs take turns, and print the ratios; return whether one misses what was asked for."""
    pairs: list[tuple[Run, Run]] = []
    for number in range(1, args.pairs + 1):
        with Daemon(WITHOUT) as subject:
            time.sleep(1.0)
            idle = subject.memory()
            warm_up(subject, warmers)
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
    with Daemon() as subject:
        warm_up(subject, warmers)
        both = run_ours(subject, files)
    print(f"  with second look {both}", flush=True)
    rate = median(ours.rate / theirs.rate for ours, theirs in pairs)
    cpu = median(ours.cpu_each / theirs.cpu_each for ours, theirs in pairs)
    print(f"median ratio, ours to theirs: {rate:.2f} times the documents a second, {cpu:.2f} of the CPU a document;")
    print(
        f"  with second look: {both.rate / median(theirs.rate for _, theirs in pairs):.2f} times the documents a second"
    )
    return (args.min_ratio is not None and rate < args.min_ratio) or (args.max_cpu is not None and cpu > args.max_cpu)


if __name__ == "__main__":
    sys.exit(main())
