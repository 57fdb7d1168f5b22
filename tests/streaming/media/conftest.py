"""Fixtures of the media plane; `stage` has them, so that the fault tests can use them too."""

from tests.streaming.media.stage import media, program, push, whip

__all__ = ["media", "program", "push", "whip"]
