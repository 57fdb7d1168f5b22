"""Which value of a body, a query or a row does not fit, in the words of problem details."""

import re

import msgspec

from schemas.problems import FieldError

_PLACE = re.compile(r" - at `(?:key` in `)?([^`]*)`$")


def field_error(error: msgspec.ValidationError) -> FieldError:
    """Say where a value is wrong (RFC 6901) and what was expected, from msgspec's text."""
    text = str(error)
    place = _PLACE.search(text)
    pointer = ""
    if place:
        pointer = re.sub(r"\[(\d+|\.\.\.)\]", r"/\1", place[1].removeprefix("$")).replace(".", "/")
        text = text[: place.start()]
    expected, got = text, ""
    if found := re.fullmatch(r"Expected (.+?)(?:, got (.+))?", text):
        expected, got = found[1].replace("`", ""), (found[2] or "").strip("`")
    elif found := re.fullmatch(r"Object contains unknown field `(.*)`", text):
        pointer, expected, got = f"{pointer}/{found[1]}", "no such field", found[1]
    elif found := re.fullmatch(r"Object missing required field `(.*)`", text):
        pointer, expected = f"{pointer}/{found[1]}", "a value"
    return FieldError(pointer=pointer, expected=expected, got=got)
