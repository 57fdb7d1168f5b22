"""Verbs of programs, one file per phase of a program's life."""

from content.programs.actions.erasing import erase_program
from content.programs.actions.lifecycle import (
    cancel_program,
    end_program,
    end_shows_of,
    open_program,
    schedule_program,
    stream_interrupted,
    stream_started,
)
from content.programs.actions.planning import (
    cover_if_none,
    create_program,
    edit_program,
    list_programs,
    read_program,
)
from content.programs.actions.publishing import admit_publish, keys_opening, push_address, rotate_key
from content.programs.actions.shelving import change_offer, set_shelf

__all__ = [
    "admit_publish",
    "cancel_program",
    "change_offer",
    "cover_if_none",
    "create_program",
    "edit_program",
    "end_program",
    "end_shows_of",
    "erase_program",
    "keys_opening",
    "list_programs",
    "open_program",
    "push_address",
    "read_program",
    "rotate_key",
    "schedule_program",
    "set_shelf",
    "stream_interrupted",
    "stream_started",
]
