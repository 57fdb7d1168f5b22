"""The vocabulary of our HTTP routes: what a component's `routes.py` is written in.

Nothing here serves anything: `workers.web` turns the declared endpoints into an ASGI app and
into the OpenAPI document.
"""

from infra.http.call import Call, Media, Page, PageQuery, Redirect, Reply, Upload, Words
from infra.http.endpoint import Access, Endpoint, Routes

__all__ = [
    "Access",
    "Call",
    "Endpoint",
    "Media",
    "Page",
    "PageQuery",
    "Redirect",
    "Reply",
    "Routes",
    "Upload",
    "Words",
]
