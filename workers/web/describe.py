"""The API described: /openapi.json, and a plain page of it while the docs page is not built."""

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from infra.http import Endpoint
from infra.problems import registered
from workers.web.openapi import document

STYLE = """body{font:15px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1b1d22;background:#fff8f3}code{background:#0001;padding:.1em .3em;border-radius:4px}
section{margin:1.2rem 0}
table{border-collapse:collapse;width:100%}td,th{border-top:1px solid #0002;padding:.3rem;text-align:left}"""


def describe_routes(found: Sequence[Endpoint]) -> list[Route]:
    """Make the routes that describe the endpoints; what they say is written when it is first asked for."""

    @cache
    def described() -> dict[str, Any]:
        return document(found)

    @cache
    def body() -> bytes:
        return msgspec.json.encode(described())

    @cache
    def page() -> str:
        return plain_page(described())

    async def openapi(_request: Request) -> Response:
        return Response(body(), media_type="application/json", headers={"cache-control": "no-cache"})

    async def docs(_request: Request) -> Response:
        return HTMLResponse(page())

    return [
        Route("/openapi.json", openapi),
        Route("/docs", docs),
        Route("/docs/errors", docs),
    ]


def plain_page(described: dict[str, Any]) -> str:
    """Write the document as one readable page without scripts."""
    parts = [f"<h1>Kaibo API {escape(described['info']['version'])}</h1>"]
    parts.append(f"<p>{escape(described['info']['description'])}</p>")
    parts.append('<p><a href="/openapi.json">openapi.json</a></p>')
    for tag in described["tags"]:
        parts.append(f"<h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}</p>")
        for path, methods in described["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    parts.append(_operation(path, method, operation))
    rows = (
        f'<tr id="{escape(code)}"><td><code>{escape(code)}</code><td>{one.status}'
        f"<td>{escape(one.zh)}<td>{escape(one.en)}"
        for code, one in sorted(registered().items())
    )
    parts.append(f"<h2>errors</h2><table><tr><th>code<th>status<th>zh<th>en{''.join(rows)}</table>")
    head = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Kaibo API</title><style>{STYLE}</style>'
    )
    return head + "".join(parts)


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parameters = ", ".join(
        f"<code>{escape(one['name'])}</code>{'' if one['required'] else '?'}"
        for one in operation["parameters"]
    )
    answers = "; ".join(
        f"{status} {escape(one['description'])}" for status, one in operation["responses"].items()
    )
    name = escape(operation["operationId"])
    return (
        f'<section id="{name}"><b><code>{method.upper()} {escape(path)}</code></b> '
        f"{escape(operation['summary'])}. {escape(operation.get('description', ''))}<br>"
        f"{parameters}<br><small>{answers}</small></section>"
    )
