"""The OpenAPI document is complete and right."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema_rs import Draft202012Validator

from infra.http import Access
from infra.problems import registered
from schemas.ids import new_id
from tests.web.api import Api, ok
from tests.web.shop import Shop
from workers.web import explained
from workers.web.openapi import document
from workers.web.routes import TAGS, endpoints

ENDPOINTS = endpoints(None)
API_PAGE = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return json.loads(msgspec.json.encode(document(ENDPOINTS)))  # type: ignore[no-any-return]


def test_every_endpoint_is_described(described: dict[str, Any]) -> None:
    for endpoint in ENDPOINTS:
        operation = described["paths"][endpoint.path.replace(":path", "")][endpoint.method.lower()]
        assert operation["summary"], endpoint.path
        assert operation["tags"][0] in TAGS
        assert ({} in operation["security"]) is (endpoint.access is Access.PUBLIC)
        names = {(one["in"], one["name"]) for one in operation["parameters"]}
        assert {("path", name) for name in endpoint.parameters} <= names
        assert (("header", "If-Match") in names) is endpoint.edits
        assert ("requestBody" in operation) is (endpoint.body is not None)
        assert any(status.startswith(("2", "3")) for status in operation["responses"])
        assert {"500", "503"} <= set(operation["responses"])
        for one in operation["parameters"]:
            assert one["schema"], one


def test_operation_ids_are_one_of_a_kind() -> None:
    names = [endpoint.name for endpoint in ENDPOINTS]
    assert len(names) == len(set(names))


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(one) for one in value.values())) if value else own
    if isinstance(value, list):
        return set().union(*(references(one) for one in value)) if value else set()
    return set()


def test_every_reference_leads_to_a_schema_that_is_right(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    assert {name.rpartition("/")[2] for name in references(described)} == set(schemas)
    for schema in schemas.values():
        Draft202012Validator({**schema, "components": described["components"]})


async def test_answers_fit_their_schemas(api: Api, shop: Shop, described: dict[str, Any]) -> None:
    manager = api.as_(shop.manager.token)
    new = {"room": shop.room.id, "title": "t"}
    program = ok(await manager.post("/v1/programs", new, key=new_id("key")), 201)
    answers = {
        "/v1/config": "/v1/config",
        "/v1/feed": "/v1/feed",
        "/v1/me": "/v1/me",
        "/v1/rooms": "/v1/rooms",
        "/v1/products": "/v1/products",
        "/v1/programs": "/v1/programs",
        "/v1/programs/{program}": f"/v1/programs/{program['id']}",
        "/v1/businesses/{business}": f"/v1/businesses/{shop.business.id}",
        "/v1/accounts": f"/v1/accounts?business={shop.business.id}",
        "/v1/jobs": "/v1/jobs",
        "/v1/health": "/v1/health",
    }
    for template, path in answers.items():
        operation = described["paths"][template]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, "components": described["components"]})
        errors = [str(error) for error in validator.iter_errors(ok(await manager.get(path)))]
        assert errors == [], template
    problem = await manager.get("/v1/programs/none")
    schema = {"$ref": "#/components/schemas/Problem", "components": described["components"]}
    assert Draft202012Validator(schema).is_valid(problem.json())


async def test_the_document_and_its_page_are_served(api: Api, described: dict[str, Any]) -> None:
    assert ok(await api.get("/openapi.json")) == described
    page = (await api.get("/docs")).text
    for endpoint in ENDPOINTS:
        assert f'id="{endpoint.name}"' in page
    errors = (await api.get("/docs/errors")).text
    assert 'id="key_expired"' in errors


def test_the_command_prints_the_document(described: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "workers.web.openapi"]
    printed = subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert json.loads(printed.stdout) == described
    assert printed.stderr == b""


def test_every_error_code_is_in_the_documentation() -> None:
    rows = [line.split("|") for line in API_PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    told = {row[1].strip(" `"): (int(row[2]), row[3].strip(), row[4].strip()) for row in rows}
    assert told == {code: (one.status, one.en, one.zh) for code, one in registered().items()}


def test_every_component_that_refuses_is_explained() -> None:
    root = Path(__file__).parents[2]
    floors = ("content", "commerce", "streaming", "workers")
    modules = {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for floor in floors
        for path in (root / floor).rglob("refusals.py")
    }
    source = Path(explained.__file__).read_text("utf-8")
    imported = set(re.findall(r"^import (\S+refusals)$", source, re.MULTILINE))
    assert modules == imported
