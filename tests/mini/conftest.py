"""A server that stands for WeChat."""

from collections.abc import Iterator

import pytest

from tests.mini.wechat import WeChat, serving


@pytest.fixture
def wechat() -> Iterator[WeChat]:
    """A fresh one for each test."""
    with serving(WeChat()) as running:
        yield running
