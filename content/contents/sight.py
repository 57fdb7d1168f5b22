"""Who may see a content, and where it is listed.

A content of a program is seen by nobody who may not see the program.
"""

from content.contents import rules
from content.programs import rules as programs
from content.programs import sight
from content.sight import goes_to, is_member
from infra.clock import now_ms
from schemas.accounts import Actor
from schemas.content import Content, Program, Visibility


def may_see(actor: Actor, content: Content, program: Program | None) -> bool:
    """Tell whether somebody may see a published content; `program` is the one it is of, if there is any."""
    if not rules.is_public(content, now_ms()) or not _is_there(content, program):
        return False
    if program is not None and not (actor.system or sight.is_open_to(actor, program)):
        return False
    if content.visibility is not Visibility.PRIVATE and goes_to(content.channels, actor.channel):
        return True
    return actor.system or is_member(actor, rules.READ, content.business)


def is_listed(content: Content, program: Program | None, channel: str) -> bool:
    """Tell whether the public lists of a channel show it."""
    if not rules.is_public(content, now_ms()) or not _is_there(content, program):
        return False
    if program is not None and not sight.is_listed(program, channel):
        return False
    return content.visibility is Visibility.PUBLIC and goes_to(content.channels, channel)


def _is_there(content: Content, program: Program | None) -> bool:
    """Tell whether its program, if it has one, has come to light: what is made of a show always has."""
    if not content.program:
        return True
    return program is not None and (content.kind in rules.MADE or program.state in programs.PUBLIC)
