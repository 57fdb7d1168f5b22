import uuid
from typing import Any

import httpx


class Api:
    """The HTTP API as a client sees it; `as_` gives it somebody's token."""

    def __init__(self, client: httpx.AsyncClient, token: str = "") -> None:
        self.client = client
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    def as_(self, token: str) -> "Api":
        return Api(self.client, token)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.send("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return await self.send("POST", path, json=json, **options)

    async def patch(self, path: str, json: Any, rev: int | None = None) -> httpx.Response:
        return await self.send("PATCH", path, json=json, rev=rev)

    async def put(self, path: str, json: Any, rev: int | None = None) -> httpx.Response:
        return await self.send("PUT", path, json=json, rev=rev)

    async def delete(self, path: str) -> httpx.Response:
        return await self.send("DELETE", path)

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**self._headers, **options.pop("headers", {})}
        rev = options.pop("rev", None)
        key = options.pop("key", uuid.uuid4().hex)
        if rev is not None:
            headers["if-match"] = f'"{rev}"'
        if key and method != "GET":
            headers["idempotency-key"] = key
        if options.get("json", ...) is None:
            options.pop("json")
        return await self.client.request(method, path, headers=headers, **options)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Give status and code of a problem, having checked its form."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["type"].endswith(f"#{body['code']}")
    return answer.status_code, body["code"]


def ok(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None
