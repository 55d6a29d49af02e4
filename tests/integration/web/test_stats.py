from __future__ import annotations

import asyncio
import re
import shutil
from collections import namedtuple

from prometheus_client.parser import text_string_to_metric_families
from tests.integration.web.rig import RESULT

from expensed.errors import Fault
from expensed.ledger.task_moves import hand_back
from expensed.model.events import Event
from expensed.model.states import AttemptOutcome, DocumentState, Status, TaskState
from expensed.web.routes.metrics import Metrics

BROKEN = Fault("corrupt", "The file is broken.", "Scan it anew.")
Usage = namedtuple("Usage", "total used free")


async def stats(http):
    async with http.get("/api/stats") as answer:
        assert answer.status == 200
        return await answer.json()


async def metrics(http):
    """Return the samples by name and labels."""
    async with http.get("/metrics") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        text = await answer.text()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_the_numbers_of_an_idle_daemon_are_nought(site, http):
    shown = await stats(http)
    assert shown["documents"] == {"total": 0} | {state.value: 0 for state in DocumentState}
    assert shown["tasks"] == {"total": 0, "PENDING": 0, "PROCESSING": 0, "SUCCESS": 0, "FAILURE": 0}
    assert shown["backlog"] == {"count": 0, "oldest_at": None, "oldest_s": None}
    assert shown["worker"] == {
        "heartbeat_age_s": 1.0, "trouble": None, "registered": ["extract_document", "process_document"], "active": []
    }  # fmt: skip
    assert shown["children"] == {"alive": 0, "slots": 1, "waiting": 0}
    assert shown["last_success_at"] is None


async def test_documents_tasks_and_backlog_are_counted(site, http):
    filed, failed, running, waiting = [await site.add(f"{n}.pdf") for n in range(4)]
    await site.begin(filed)
    await site.end(filed, TaskState.SUCCESS, state=DocumentState.FILED, result=RESULT)
    await site.begin(failed)
    await site.end(failed, TaskState.FAILURE, BROKEN, state=DocumentState.FAILED)
    await site.begin(running)
    shown = await stats(http)
    assert {key: shown["documents"][key] for key in ("total", "filed", "failed", "admitted")} == {
        "total": 4, "filed": 1, "failed": 1, "admitted": 2
    }  # fmt: skip
    assert (shown["tasks"]["PENDING"], shown["tasks"]["PROCESSING"]) == (1, 1)
    assert shown["backlog"]["count"] == 2
    assert shown["backlog"]["oldest_at"] <= waiting.created_at
    assert [task["task_id"] for task in shown["worker"]["active"]] == [running.id]
    assert {key: shown["today"][key] for key in ("filed", "review", "failed", "tasks_last_hour")} == {
        "filed": 1, "review": 0, "failed": 1, "tasks_last_hour": 2
    }  # fmt: skip
    assert shown["inbox"]["missed_by_events"] == 3
    assert shown["last_success_at"] is not None


async def test_the_metrics_tell_what_is_in_the_ledger_and_what_happened(site, http):
    task, again = await site.add(), await site.add()
    await site.begin(task)
    for status in (Status.ENHANCING, Status.CURRENCY, Status.DUPLICATES):
        await site.say(task, status)
    await site.end(task, TaskState.SUCCESS, state=DocumentState.DUPLICATE)
    await site.begin(again)
    async with site.ledger.transaction() as tx:
        await hand_back(tx, again, outcome=AttemptOutcome.FAILED, delay_s=60, error=BROKEN)
    async with asyncio.timeout(8):
        while (shown := await metrics(http))["expensed_retries_total",] == 0:  # the last of it all
            await asyncio.sleep(0.01)
    assert shown["expensed_documents", "duplicate"] == 1
    assert shown["expensed_documents", "admitted"] == 1
    assert shown["expensed_duplicates_total",] == 1
    assert shown["expensed_tasks", "SUCCESS"] == 1
    assert shown["expensed_backlog",] == 1
    assert shown["expensed_backlog_oldest_timestamp_seconds",] > 0
    assert shown["expensed_last_success_timestamp_seconds",] > 0
    assert shown["expensed_missed_by_events_total",] == 3
    assert shown["expensed_retries_total",] == 1
    assert shown["expensed_stage_seconds_count", "queue"] == 2
    assert shown["expensed_stage_seconds_count", "ocr"] == 2
    assert shown["expensed_stage_seconds_count", "duplicates"] == 1
    assert shown["expensed_stage_seconds_count", "filing"] == 0
    assert shown["expensed_task_seconds_count", "SUCCESS"] == 1
    assert not [name for name, *_ in shown if not name.startswith("expensed_")]


def event(at: str, state: TaskState, status: Status, error: str | None = None) -> Event:
    return Event(
        id=1, at=f"2024-01-15T12:00:{at}Z", document_id="d", task_id="t", file="a.pdf", state=state, status=status,
        attempt=1, error=error,
    )  # fmt: skip


def test_a_stage_lasts_until_the_next_one_begins():
    watch = Metrics()
    for each in (
        event("00.0", TaskState.PENDING, Status.PENDING),
        event("01.0", TaskState.PENDING, Status.PENDING),
        event("02.5", TaskState.PROCESSING, Status.READING),
        event("03.0", TaskState.PENDING, Status.PENDING, "It died."),
        event("04.0", TaskState.PROCESSING, Status.READING),
        event("06.0", TaskState.FAILURE, Status.FAILED, "It died."),
    ):
        watch.watch.note(each)
    value = watch.registry.get_sample_value
    assert value("expensed_stage_seconds_sum", {"stage": "queue"}) == 2.5 + 1.0
    assert value("expensed_stage_seconds_sum", {"stage": "ocr"}) == 0.5 + 2.0
    assert value("expensed_task_seconds_sum", {"state": "FAILURE"}) == 6.0
    assert value("expensed_retries_total") == 1
    watch.watch.note(event("30.0", TaskState.PENDING, Status.PENDING))
    watch.watch.note(event("31.0", TaskState.FAILURE, Status.FAILED, "It died."))
    assert value("expensed_task_seconds_sum", {"state": "FAILURE"}) == 6.0 + 1.0, "what has ended is forgotten"


async def test_readyz_says_when_the_worker_was_not_heard_of(site, http):
    for age_s, word in ((None, "not sent a heartbeat yet"), (15.5, "for 16 s")):
        site.heartbeat_age_s = age_s
        async with http.get("/readyz") as answer:
            shown = await answer.json()
            assert (answer.status, shown["checks"]["worker"]["ok"]) == (503, False)
            assert word in shown["error"]
    site.heartbeat_age_s = 14.9
    async with http.get("/readyz") as answer:
        assert answer.status == 200


async def test_readyz_says_which_disk_is_full(site, http, monkeypatch):
    archive = site.settings.archive.path
    usage = shutil.disk_usage

    def full(path):
        return Usage(10**9, 10**9, 12_000_000) if path == archive else usage(path)

    monkeypatch.setattr(shutil, "disk_usage", full)
    async with http.get("/readyz") as answer:
        shown = await answer.json()
    assert (answer.status, shown["checks"]["disk"]["ok"]) == (503, False)
    assert re.fullmatch(r"The archive's disk has 12 MB left; at least \d+ are needed\.", shown["error"])
