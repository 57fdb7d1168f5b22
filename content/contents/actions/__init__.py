"""Verbs of contents."""

from content.contents.actions.making import publish_from
from content.contents.actions.moving import publish_content, withdraw_content
from content.contents.actions.reading import (
    contents_of_program,
    is_for_all,
    list_contents,
    list_stories,
    listed_contents,
    read_content,
)
from content.contents.actions.writing import create_content, edit_content

__all__ = [
    "contents_of_program",
    "create_content",
    "edit_content",
    "is_for_all",
    "list_contents",
    "list_stories",
    "listed_contents",
    "publish_content",
    "publish_from",
    "read_content",
    "withdraw_content",
]
