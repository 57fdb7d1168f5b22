"""`docs/protocols/room.md` tells everything that is on the wire."""

from pathlib import Path
from typing import get_args

import pytest

from schemas.room import AnyCommand, AnyDown, AnyRoomEvent, AnyUp, RoomRefusal
from streaming.live_room.hub.viewer import CLOSE_CODES

PAGE = (Path(__file__).parents[3] / "docs" / "protocols" / "room.md").read_text(encoding="utf-8")

TAGS = [str(kind.__struct_config__.tag) for union in (AnyCommand, AnyRoomEvent) for kind in get_args(union)]
FRAMES = [str(kind.__struct_config__.tag) for union in (AnyUp, AnyDown) for kind in get_args(union)]


@pytest.mark.parametrize("word", [*TAGS, *RoomRefusal])
def test_each_command_event_and_refusal_is_explained(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("tag", FRAMES)
def test_each_frame_is_shown(tag: str) -> None:
    assert f'"t":"{tag}"' in PAGE


@pytest.mark.parametrize(("code", "number"), CLOSE_CODES.items())
def test_each_farewell_has_its_close_code(code: str, number: int) -> None:
    assert f"| `{code}` | {number} |" in PAGE
