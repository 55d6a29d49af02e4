from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import TypeAdapter

from expensed.model.breakdown import ItemKind, SumName
from expensed.report import answers
from expensed.web.app import ROUTES
from expensed.web.routes.docs import POLICY, render_page
from expensed.web.schema import requests, values
from expensed.web.schema.openapi import make_document, name_path
from expensed.web.schema.operations import MEANINGS, OPERATIONS, Operation


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return make_document((method, path) for method, path, _ in ROUTES)


def operations(document):
    return [operation for methods in document["paths"].values() for operation in methods.values()]


@pytest.mark.parametrize(("method", "path"), [(method, name_path(path)) for method, path, _ in ROUTES])
def test_every_route_is_described(method, path):
    assert (method, path) in OPERATIONS, "describe it in web/schema/operations.py"


def test_nothing_is_described_that_is_no_route():
    assert set(OPERATIONS) == {(method, name_path(path)) for method, path, _ in ROUTES}


def test_every_status_has_a_meaning_and_every_operation_a_name_of_its_own(document):
    names = [operation["operationId"] for operation in operations(document)]
    assert len(names) == len(set(names))
    for operation in operations(document):
        assert {int(status) for status in operation["responses"]} <= set(MEANINGS)
        assert operation["summary"].endswith((".", "?"))


def test_every_part_of_a_path_is_a_parameter(document):
    for path, methods in document["paths"].items():
        for operation in methods.values():
            named = [part["name"] for part in operation["parameters"] if part["in"] == "path"]
            assert named == re.findall(r"\{(\w+)\}", path)


def references(value):
    if isinstance(value, dict):
        yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else ()
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_reference_leads_somewhere(document):
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    found = set(references(document))
    assert found
    assert found <= known


def test_a_query_names_its_parameters_as_they_are_sent(document):
    parameters = {part["name"]: part["schema"] for part in document["paths"]["/api/documents"]["get"]["parameters"]}
    assert set(parameters) == {"q", "state", "vendor", "category", "from", "to", "limit", "before"}
    assert {"2024-01-15", "2024-01", "2024"} <= set(parameters["from"]["examples"])
    assert {"software", "Software & Services"} <= set(parameters["category"]["examples"])
    assert not {"format", "enum"} & (parameters["from"].keys() | parameters["category"].keys())
    assert parameters["limit"] == {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
    assert "filed" in parameters["state"]["enum"]


@pytest.mark.parametrize(
    "kind", [values.FirstDay, values.LastDay, values.PurchaseDay, values.Category, values.Currency]
)
def test_text_as_people_type_it_is_described_by_examples_that_are_accepted(kind):
    adapter = TypeAdapter(kind)
    schema = adapter.json_schema()
    assert schema.keys() == {"type", "description", "examples"}
    for example in schema["examples"]:
        adapter.validate_python(example)


def test_a_file_is_sent_as_a_form_and_a_body_may_be_left_out(monkeypatch):
    routes = [("POST", "/api/form"), ("POST", "/api/body")]
    described = {
        ("POST", "/api/form"): Operation(summary="A form.", form="file", answers={200: answers.Alive}),
        ("POST", "/api/body"): Operation(
            summary="A body.", body=requests.ProcessBody, is_body_optional=True, answers={200: answers.Alive}
        ),
    }
    for key, operation in described.items():
        monkeypatch.setitem(OPERATIONS, key, operation)
    paths = make_document(routes)["paths"]
    form = paths["/api/form"]["post"]["requestBody"]
    assert form["required"]
    assert form["content"]["multipart/form-data"]["schema"]["required"] == ["file"]
    body = paths["/api/body"]["post"]["requestBody"]
    assert not body["required"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ProcessBody"}


def test_a_route_that_is_not_described_is_an_error():
    with pytest.raises(KeyError):
        make_document([*((method, path) for method, path, _ in ROUTES), ("GET", "/api/unheard")])


def test_what_an_expense_is_made_of_is_described_with_every_value_it_may_have(document):
    schemas = document["components"]["schemas"]
    shown = schemas["Expense"]["properties"]
    assert shown["items"]["items"] == {"$ref": "#/components/schemas/Item"}
    assert shown["taxes"]["items"] == {"$ref": "#/components/schemas/TaxLine"}
    assert shown["sums"]["items"] == {"$ref": "#/components/schemas/CheckedSum"}
    assert set(schemas["ItemKind"]["enum"]) == set(ItemKind)
    assert set(schemas["SumName"]["enum"]) == set(SumName)
    assert "`deposit`: A deposit on bottles and the like" in schemas["ItemKind"]["description"]
    assert schemas["Item"]["properties"]["total"]["description"].startswith("With or without tax")
    assert schemas["TaxLine"]["properties"]["is_included"]["description"].startswith("Whether the prices")
    assert schemas["Item"]["properties"]["proof"]["description"].startswith("The sum that proves it")


def test_fields_have_the_descriptions_of_the_class_that_declares_them(document):
    for name in ("Expense", "DocumentRow"):
        described = document["components"]["schemas"][name]["properties"]
        assert described["due_date"]["description"] == "The last day to pay, if one is printed."
    assert "description" not in document["components"]["schemas"]["Expense"]["properties"]["kind"]


def test_a_prefix_is_named_as_the_server_and_on_the_page(document):
    assert document["servers"] == [{"url": "/"}]
    assert "are below" not in render_page(document)
    prefixed = make_document(((method, path) for method, path, _ in ROUTES), "/expensed")
    assert prefixed["servers"] == [{"url": "/expensed"}]
    assert "below <code>/expensed</code>" in render_page(prefixed)


def test_the_page_names_every_route_and_runs_nothing(document):
    page = render_page(document)
    for method, path, _ in ROUTES:
        assert f"<h2><b>{method}</b>{name_path(path)}</h2>" in page
    assert "<script" not in page
    assert not re.search(r'\s(style|on\w+)="', page)
    assert "script-src" not in POLICY
    assert "'unsafe-inline'" not in POLICY
    for anchor in re.findall(r"href='#([^']+)'", page):
        assert f"id='{anchor}'" in page
