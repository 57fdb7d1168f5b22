"""Fixtures of the parts whose processes are killed here."""

from tests.streaming.media.stage import media, program, push

__all__ = ["media", "program", "push"]
