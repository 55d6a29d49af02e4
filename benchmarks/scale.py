"""A daemon with 200,000 documents: at rest, asked, and with searches and an export while files are dropped.

    .venv/bin/python benchmarks/scale.py [ROOT]

ROOT holds inbox, archive and state; it is filled by `many_documents.py` if it has no ledger, which takes about eight
minutes, and is kept. Run it with the source of another version first on PYTHONPATH, on a copy of ROOT, to compare.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import argparse
import http.client
import multiprocessing
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

from benchmarks.many_documents import fill_ledger
from benchmarks.subject import Daemon, OtherLoad, machine, percentile

LEDGER = "ledger.sqlite3"
START_S = 600.0
"""A newer version brings the ledger's tables up to date when it first starts."""
CLIENTS = 8
DROPS = 20
LONGEST_S = 60.0
SEARCH = "/api/documents?q=c"
REQUESTS = (
    ("the page in text", "/"),
    ("first page of documents", "/api/documents"),
    ("search, one letter", SEARCH),
    ("search, three words", "/api/documents?q=cachun+gmbh+linova"),
    ("search, from and to", "/api/documents?from=2023-01-01&to=2026-12-31"),
    ("search, category", "/api/documents?category=Software+%26+Services"),
    ("search, one letter in review", f"{SEARCH}&state=review"),
    ("search, a vendor", "/api/documents?vendor=cachun"),
    ("search, a deep page", f"{SEARCH}&before=50000"),
    ("the first tasks", "/api/tasks"),
    ("/api/stats", "/api/stats"),
    ("/metrics", "/metrics"),
    ("snapshot", "/api/events?until=now"),
)
INVOICE = """<rsm:CrossIndustryInvoice xmlns:rsm="{cii}:CrossIndustryInvoice:100"
 xmlns:ram="{cii}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{cii}:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>{name}</ram:ID><ram:TypeCode>380</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">20240314</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>{name} GmbH</ram:Name></ram:SellerTradeParty>
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:TaxBasisTotalAmount>50.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">9.50</ram:TaxTotalAmount>
<ram:GrandTotalAmount>59.50</ram:GrandTotalAmount><ram:DuePayableAmount>59.50</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


class Client:
    """One connection that is used again and again."""

    def __init__(self, host: str) -> None:
        self._connection = http.client.HTTPConnection(host, timeout=LONGEST_S)

    def get(self, path: str) -> float:
        """Return the seconds that a request and all of its answer take."""
        began = time.monotonic()
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        while answer.read(1 << 16):
            pass
        if answer.status >= 400:
            raise RuntimeError(f"{path} was answered with {answer.status}")
        return time.monotonic() - began


def ask_until(done: Event, host: str, path: str, count: int, asked: Callable[[float], None]) -> None:
    """Send a request again and again from `count` clients until told to stop."""

    def ask() -> None:
        client = Client(host)
        while not done.is_set():
            asked(client.get(path))

    asking = [threading.Thread(target=ask) for _ in range(count)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()


def _load(done: Event, host: str, searches: multiprocessing.SimpleQueue[list[float]]) -> None:
    taken: list[float] = []
    exporting = threading.Thread(target=ask_until, args=(done, host, "/api/export?format=csv", 1, lambda _: None))
    exporting.start()
    ask_until(done, host, SEARCH, CLIENTS, taken.append)
    exporting.join()
    searches.put(taken)


@contextmanager
def loaded(host: str) -> Iterator[list[float]]:
    """Have eight clients search, and one export, during the block; the list holds afterwards what searches took."""
    start = multiprocessing.get_context("fork")
    done, searches = start.Event(), start.SimpleQueue()
    process = start.Process(target=_load, args=(done, host, searches))
    process.start()
    taken: list[float] = []
    try:
        time.sleep(3)
        yield taken
    finally:
        done.set()
        process.join(LONGEST_S)
        taken += [] if searches.empty() else searches.get()


def drop_some(subject: Daemon, prefix: str) -> tuple[list[float], list[float]]:
    """Drop e-invoices one after another; return the seconds until each has its row, and until it is filed."""
    known, ended = [], []
    for number in range(DROPS):
        name = f"{prefix}{time.time_ns()}"
        content = INVOICE.format(cii="urn:un:unece:uncefact:data:standard", name=name).encode()
        closed_at = subject.drop(f"{name}.xml", content)
        (passage,) = subject.listener.wait([f"{name}.xml"], LONGEST_S)
        known.append(passage.known_at - closed_at)
        ended.append((passage.ended_at or 0.0) - closed_at)
        time.sleep(0.2 + 0.05 * (number % 3))
    return known, ended


def show(what: str, *values: str) -> None:
    """Print a line of the table."""
    print(f"{what:<38}" + "".join(f"{value:>12}" for value in values), flush=True)


def show_times(what: str, seconds: list[float], *more: str) -> None:
    """Print median, 95th percentile and maximum in milliseconds."""
    shares = percentile(seconds, 0.5), percentile(seconds, 0.95), max(seconds)
    show(what, *(f"{1000 * share:.1f} ms" for share in shares), *more)


def measure_rest(subject: Daemon, rest_s: float) -> None:
    """Print the share of a core in the first minute, and after it."""
    for what, seconds in (("first minute", 60.0), ("at rest after it", rest_s)):
        load, before, began = OtherLoad(), subject.cpu_s(), time.monotonic()
        time.sleep(seconds)
        used = subject.cpu_s() - before
        share = 100 * used / (time.monotonic() - began)
        show(what, f"{share:.2f} %", f"others {load.cores(used):.2f}")


def measure_requests(subject: Daemon, count: int) -> None:
    """Print the times of each kind of request, one client alone, with the daemon's CPU for each in milliseconds."""
    show("one client", "median", "p95", "max")
    client = Client(subject.host)
    for what, path in REQUESTS:
        client.get(path)
        before = subject.cpu_s()
        taken = [client.get(path) for _ in range(count)]
        show_times(what, taken, f"CPU {1000 * (subject.cpu_s() - before) / count:.1f}")


def measure_export(subject: Daemon) -> None:
    """Print what an export takes alone: time, CPU, and the memory that the daemon has more at its peak."""
    before_mb, before_s = subject.memory().daemon, subject.cpu_s()
    peak, done = [before_mb], threading.Event()

    def sample() -> None:
        while not done.wait(0.1):
            peak.append(subject.memory().daemon)

    sampling = threading.Thread(target=sample)
    sampling.start()
    taken = Client(subject.host).get("/api/export?format=csv")
    done.set()
    sampling.join()
    show("export", f"{taken:.1f} s", f"CPU {subject.cpu_s() - before_s:.1f} s", f"+{max(peak) - before_mb:.1f} MB")


def measure_drops(subject: Daemon) -> None:
    """Print how long dropped e-invoices take undisturbed, and with eight clients that search and an export."""
    drop_some(subject, "warm")
    quiet = drop_some(subject, "quiet")
    with loaded(subject.host) as searches:
        busy = drop_some(subject, "busy")
        page = [Client(subject.host).get("/") for _ in range(20)]
    show_times("drop to row, undisturbed", quiet[0])
    show_times("drop to row, 8 searches + export", busy[0])
    show_times("drop to filed, undisturbed", quiet[1])
    show_times("drop to filed, 8 searches + export", busy[1])
    show_times("the page in text meanwhile", page)
    show_times("searches meanwhile", searches, f"{len(searches)} done")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path, nargs="?", help="kept folders; without it, temporary ones")
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--resting", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=50, help="of each kind")
    parser.add_argument("--only", choices=("rest", "requests", "export", "drops"), help="one part of the table")
    parser.add_argument("--rest-s", type=float, default=120.0, help="how long it is watched at rest")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        measure(args, args.root or Path(folder))
    return 0


def measure(args: argparse.Namespace, root: Path) -> None:
    """Fill what is empty, start the daemon, and print the table."""
    ledger = root / "state" / LEDGER
    if not ledger.exists():
        with Daemon(kept=root):
            pass  # it makes the folders its own
        began = time.monotonic()
        fill_ledger(ledger, root / "archive", args.documents, args.resting)
        print(f"filled with {args.documents} documents, {args.resting} at rest, in {time.monotonic() - began:.0f} s")
    print(f"{machine()}\n{ledger}: {ledger.stat().st_size / 1e6:.0f} MB before")
    began = time.monotonic()
    with Daemon(kept=root, start_s=START_S) as subject:
        show("ready after", f"{time.monotonic() - began:.1f} s")
        if args.only in {None, "rest"}:
            measure_rest(subject, args.rest_s)
            show("memory at rest", f"{subject.memory().daemon:.0f} MB")
        if args.only in {None, "requests"}:
            measure_requests(subject, args.requests)
        if args.only in {None, "export"}:
            measure_export(subject)
        if args.only in {None, "drops"}:
            measure_drops(subject)
        wal = ledger.with_name(f"{LEDGER}-wal")
        show("ledger, WAL", f"{ledger.stat().st_size / 1e6:.0f} MB", f"{wal.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
