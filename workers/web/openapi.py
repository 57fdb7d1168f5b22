"""The OpenAPI 3.1 document, made from the endpoints' own types.

`python -m workers.web.openapi` prints it; the front ends generate their types from that.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, get_args, get_origin

import msgspec

from content.files.rules import SUFFIXES as FILES
from infra.http import Access, Endpoint, Media, Redirect, Reply, Upload
from infra.problems import registered
from infra.version import VERSION
from schemas.problems import Problem
from workers.web.routes import TAGS, endpoints

REF = "#/components/schemas/{name}"
JSON = "application/json"
ANY_BYTES = {"type": "string", "format": "binary"}
PICTURES = ("image/jpeg", "image/png", "image/webp")
PLAYLIST = "application/vnd.apple.mpegurl"

ABOUT = """\
The HTTP API of Kaibo. Bodies are JSON; times are UTC epoch milliseconds; money is in minor units.
Every write takes an `Idempotency-Key`; edits take `If-Match` with the revision they were read at.
Lists answer `{items, next_cursor}`. Errors are problem details (RFC 9457) with a stable `code`.
"""


def document(found: Sequence[Endpoint]) -> dict[str, Any]:
    """Describe the endpoints."""
    kinds = [Problem]
    for endpoint in found:
        kinds += [kind for kind in (endpoint.query, _json_body(endpoint), _json_answer(endpoint)) if kind]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REF)
    by_kind = dict(zip(map(str, kinds), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for endpoint in found:
        template = re.sub(r"{(\w+):\w+}", r"{\1}", endpoint.path)
        paths[template][endpoint.method.lower()] = _operation(endpoint, by_kind, components)
    queries = {_name(endpoint.query) for endpoint in found if endpoint.query}
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "Kaibo", "version": VERSION, "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": meaning} for name, meaning in TAGS.items()],
        "paths": dict(paths),
        "x-errors": [
            {"code": code, "status": one.status, "zh-CN": one.zh, "en": one.en}
            for code, one in sorted(registered().items())
        ],
        "components": {
            "schemas": {name: schema for name, schema in components.items() if name not in queries},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "kaibo_session"},
            },
        },
    }


def _operation(
    endpoint: Endpoint, by_kind: dict[str, dict[str, Any]], components: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "parameters": _parameters(endpoint, components),
        "responses": {**_success(endpoint, by_kind), **_problems(endpoint)},
        "security": [{"bearer": []}, {"cookie": []}],
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.access is Access.PUBLIC:
        operation["security"].append({})
    if endpoint.body is Upload:
        kinds = FILES if endpoint.tag == "files" else PICTURES
        content = {kind: {"schema": ANY_BYTES} for kind in kinds}
        operation["requestBody"] = {"required": True, "content": content}
    elif endpoint.body is not None:
        content = {JSON: {"schema": by_kind[str(endpoint.body)]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameters(endpoint: Endpoint, components: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in endpoint.parameters
    ]
    if endpoint.query is not None:
        schema = components[_name(endpoint.query)]
        found += [
            {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": one}
            | ({"description": one["description"]} if "description" in one else {})
            for name, one in schema["properties"].items()
        ]
    if endpoint.method != "GET":
        found.append(_header("Idempotency-Key", endpoint.creates, "Makes sending again harmless"))
    if endpoint.edits:
        found.append(_header("If-Match", True, 'Revision the edit is based on, as `"<rev>"`'))
    return found


def _header(name: str, required: bool, meaning: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": 200}
    return {"name": name, "in": "header", "required": required, "description": meaning, "schema": schema}


def _success(endpoint: Endpoint, by_kind: dict[str, dict[str, Any]]) -> dict[str, Any]:
    kind = _json_answer(endpoint)
    if endpoint.answer is Redirect:
        location = {"schema": {"type": "string", "format": "uri"}}
        return {"302": {"description": "Where the object is", "headers": {"Location": location}}}
    if endpoint.answer is Media:
        return {"200": {"description": "As asked", "content": {PLAYLIST: {"schema": {"type": "string"}}}}}
    if kind is None:
        return {"204": {"description": "Done"}}
    headers = {}
    if "rev" in getattr(get_origin(kind) or kind, "__struct_fields__", ()):
        headers = {"headers": {"ETag": {"schema": {"type": "string"}, "description": "The revision"}}}
    content = {JSON: {"schema": by_kind[str(kind)]}}
    return {str(endpoint.status): {"description": "As asked", **headers, "content": content}}


def _problems(endpoint: Endpoint) -> dict[str, Any]:
    codes: dict[int, list[str]] = defaultdict(list)
    for code in endpoint.refusals:
        codes[registered()[str(code)].status].append(str(code))
    schema = {"$ref": REF.format(name="Problem")}
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(sorted(names))}",
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status, names in sorted(codes.items())
    }


def _json_body(endpoint: Endpoint) -> Any:
    return None if endpoint.body is Upload else endpoint.body


def _json_answer(endpoint: Endpoint) -> Any:
    answer = endpoint.answer
    if answer in (Media, Redirect):
        return None
    if get_origin(answer) is Reply:
        answer = get_args(answer)[0]
    return None if answer is type(None) else answer


def _name(kind: type) -> str:
    return kind.__name__


if __name__ == "__main__":
    described = msgspec.json.encode(document(endpoints(None)))
    sys.stdout.buffer.write(msgspec.json.format(described, indent=2) + b"\n")
