"""Rich text from outside, cleaned by an allow-list: structure and links, nothing that runs or loads."""

import html
import re

import nh3

TAGS = frozenset(
    {
        "p",
        "br",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "blockquote",
        "a",
        "code",
        "pre",
    }
)
ATTRIBUTES = {"a": {"href", "title"}}
SCHEMES = {"https", "http", "mailto", "tel"}
_BLOCK = re.compile(r"</?(?:p|br|li|ul|ol|h[2-4]|blockquote|pre)\b")
_CLEANER = nh3.Cleaner(
    tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
)


def clean(text: str) -> str:
    """Keep what the allow-list has; cleaning what is clean changes nothing."""
    return _CLEANER.clean(text)


def plain(text: str) -> str:
    """Give the words alone."""
    spaced = _BLOCK.sub(r" \g<0>", text)
    return " ".join(html.unescape(nh3.clean(spaced, tags=set())).split())


def escaped(text: str) -> str:
    """Turn plain text into rich text that shows it."""
    return html.escape(text, quote=False)
