"""The OpenAPI document against a live daemon: no server error, no undocumented status, no undocumented shape.

Examples are drawn from the document by schemathesis and bounded in number; EXPENSED_CONTRACT_EXAMPLES raises it. The
report of `-o junit_family=xunit1 --junitxml=FILE` says how many there were.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.e2e import papers
from tests.e2e.house import House

from expensed.web.app import ROUTES
from expensed.web.schema.openapi import name_path

EXAMPLES = int(os.environ.get("EXPENSED_CONTRACT_EXAMPLES", "12"))
"""Of each operation."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A house with a filed document, one in review and a failed one, and their ids to put into paths."""
    house = House(tmp_path_factory.mktemp("contract") / "house", web__rate_per_s=100000, web__rate_burst=1000000)
    try:
        house.start()
        house.drop("plain.pdf", papers.pdf(papers.receipt_lines(1)))
        house.drop("odd.pdf", papers.pdf(["Thank you for your visit", "Please come again"]))
        house.drop("broken.pdf", b"no receipt at all\n")
        house.wait_quiet(3)
        yield house
    finally:
        house.clear()


@pytest.fixture
def ids(lived_in: House) -> dict[str, list[str]]:
    documents = [row["id"] for row in lived_in.rows("SELECT id FROM documents")]
    tasks = [row["id"] for row in lived_in.rows("SELECT id FROM tasks")]
    return {"document_id": documents, "file_id": documents, "task_id": tasks}


def find_examples(part: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each parameter or property that has examples, and these."""
    if isinstance(part, list):
        for each in part:
            yield from find_examples(each, name)
    elif isinstance(part, dict):
        if isinstance(part.get("examples"), list):
            yield name, part["examples"]
        for key, content in part.items():
            if key == "properties":
                for field, each in content.items():
                    yield from find_examples(each, field)
            else:
                yield from find_examples(content, part["name"] if "in" in part else name)


def fill_in(given: Any, examples: dict[str, list[str]], choice: int) -> None:
    """Replace most of the text that was drawn by examples: hardly any text is a date or a category by chance."""
    if isinstance(given, dict) and choice % 4:
        for name in examples.keys() & given.keys():
            if isinstance(given[name], str):
                given[name] = examples[name][choice % len(examples[name])]


def make_call(house: House, ids: dict[str, list[str]], examples: dict[str, list[str]]) -> Callable[[Any, int], None]:
    def call(case: Any, choice: int) -> None:
        for name in case.path_parameters or {}:
            if name in ids and choice % 4:  # else the name that was drawn, which is nobody's
                case.path_parameters[name] = ids[name][choice % len(ids[name])]
        if isinstance(case.body, dict) and "file_id" in case.body and choice % 4:
            case.body["file_id"] = ids["file_id"][choice % len(ids["file_id"])]
        expense = case.body.get("expense_data") if isinstance(case.body, dict) else None
        for given in (case.query, case.body, expense):
            fill_in(given, examples, choice)
            for lines in (given.get("items"), given.get("taxes")) if isinstance(given, dict) else ():
                for line in lines if isinstance(lines, list) else ():
                    fill_in(line, examples, choice)
        if case.path == "/api/events":
            case.query["until"] = "now"
        response = case.call(base_url=house.address, timeout=30)
        case.validate_response(response, checks=CHECKS)

    return call


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("method", "path"), [(method, name_path(path)) for method, path, _ in ROUTES])
def test_the_daemon_does_as_its_document_says(
    method: str, path: str, lived_in: House, ids: dict[str, list[str]], record_property: Callable[[str, object], None]
) -> None:
    document = lived_in.get("/api/openapi.json")
    examples = dict(find_examples(document))
    figures = {"quantity", "unit_price", "discount", "total", "tax_rate", "rate", "net", "tax", "gross"}
    assert examples.keys() == {"from", "to", "since", "date", "category", "currency", "box"} | figures
    schema = schemathesis.openapi.from_dict(document)
    operation = schema[path][method]
    call = make_call(lived_in, ids, examples)
    count = itertools.count()

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(), choice=hypothesis.strategies.integers(0, 11))
    def run(case: Any, choice: int) -> None:
        next(count)
        call(case, choice)

    run()
    record_property("examples", next(count))
