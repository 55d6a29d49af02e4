"""Documents at rest in the archive, which a person may take away and bring back, looked after at each rescan."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.integration.web.rig import Site
from tests.integration.web.test_recovery import rest_in_review

from expensed.disk import listed_folders
from expensed.disk.listed_folders import ROUND_S
from expensed.ledger.tasks import count_unfinished, list_due
from expensed.model.states import DocumentState, Step


@pytest.fixture
def review(site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder, on a disk whose times are exact."""
    monkeypatch.setattr(listed_folders, "FRESH_S", 0.0)
    return site.settings.archive.path / "_review"


def hide_changes(site: Site, review: Path) -> None:
    """Do as if the folder's times had not changed since it was listed."""
    found = review.stat()
    stamp = found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns
    site.pipeline.context.resting.keep("_review", stamp)


async def count_states(site: Site) -> dict[str, int]:
    rows = await site.ledger.all("SELECT state, count(*) AS number FROM documents GROUP BY 1")
    return {row["state"]: row["number"] for row in rows}


async def test_documents_at_rest_cost_no_look_each_at_every_rescan(
    site: Site, review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        await rest_in_review(site, f"{number}.pdf")
    await site.pipeline.recover()
    stat, seen = os.stat, []

    def note(path: Any, *given: Any, **named: Any) -> os.stat_result:
        seen.append(os.fspath(path))
        return stat(path, *given, **named)

    with monkeypatch.context() as noting:
        noting.setattr(os, "stat", note)
        await site.pipeline.recover()
        await site.pipeline.recover()
    assert not [path for path in seen if str(path).endswith(".pdf")]
    assert await count_states(site) == {"review": 30}


async def test_what_is_taken_away_and_brought_back_is_noticed_at_the_next_rescan(site: Site, review: Path) -> None:
    for number in range(5):
        await rest_in_review(site, f"{number}.pdf")
    await site.pipeline.recover()
    away = site.settings.archive.path.parent / "away"
    away.mkdir()
    (review / "3.pdf").rename(away / "3.pdf")
    await site.pipeline.recover()
    assert await count_states(site) == {"review": 4, "gone": 1}
    (away / "3.pdf").rename(review / "3.pdf")
    await site.pipeline.recover()
    assert await count_states(site) == {"review": 5}
    os.rename(review, away / "_review")
    await site.pipeline.recover()
    assert await count_states(site) == {"gone": 5}
    (away / "_review").rename(review)
    await site.pipeline.recover()
    assert await count_states(site) == {"review": 5}


async def test_a_document_that_came_to_rest_after_its_folder_was_listed_is_looked_after(
    site: Site, review: Path
) -> None:
    await rest_in_review(site, "a.pdf")
    await site.pipeline.recover()
    task = await rest_in_review(site, "b.pdf")
    (review / "b.pdf").unlink()
    hide_changes(site, review)
    await site.pipeline.recover()
    assert (await site.document(task)).state is DocumentState.GONE


async def test_what_the_times_of_a_folder_do_not_tell_is_noticed_at_the_next_round(site: Site, review: Path) -> None:
    task = await rest_in_review(site, "a.pdf")
    await site.pipeline.recover()
    (review / "a.pdf").unlink()
    hide_changes(site, review)
    await site.pipeline.recover()
    assert (await site.document(task)).state is DocumentState.REVIEW
    site.pipeline.context.resting.began_at -= ROUND_S
    await site.pipeline.recover()
    assert (await site.document(task)).state is DocumentState.GONE


async def test_a_folder_that_has_just_changed_is_listed_again_because_its_time_may_be_coarse(
    site: Site, review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await rest_in_review(site, "a.pdf")
    monkeypatch.setattr(listed_folders, "FRESH_S", 60.0)
    await site.pipeline.recover()
    (review / "a.pdf").unlink()
    hide_changes(site, review)
    await site.pipeline.recover()
    assert (await site.document(task)).state is DocumentState.GONE


async def test_while_the_archive_is_away_nothing_is_gone_and_the_log_says_it_once(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(20):
        await rest_in_review(site, f"{number}.pdf")
    archive = site.settings.archive.path
    archive.rename(archive.with_name("unmounted"))
    await site.pipeline.recover()
    assert len(caplog.records) <= 1
    assert await count_states(site) == {"review": 20}
    archive.with_name("unmounted").rename(archive)
    await site.pipeline.recover()
    assert await count_states(site) == {"review": 20}


async def test_no_round_of_the_daemon_walks_through_all_documents_tasks_or_filings(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rest_in_review(site, "a.pdf")
    await site.pipeline.recover()
    ask = site.ledger.all
    ways: list[str] = []

    async def note(sql: str, *values: Any, **how: Any) -> Any:
        with closing(sqlite3.connect(site.ledger.path)) as explaining:
            ways.extend(str(way) for *_, way in explaining.execute(f"EXPLAIN QUERY PLAN {sql}", values))
        return await ask(sql, *values, **how)

    monkeypatch.setattr(site.ledger, "all", note)
    await site.pipeline.recover()
    await count_unfinished(site.ledger)
    for step in Step:
        await list_due(site.ledger, 10, step)
    small = ("tasks_due", "tasks_unfinished", "filings_open", "unrecorded", "SCAN u", "purchases_untold",
             "moved_unread", "lessons_untold", "SCAN given VIRTUAL TABLE INDEX 1:")  # fmt: skip
    assert ways
    assert [way for way in ways if way.startswith("SCAN") and not way.endswith(small)] == []
