"""Verbs of bulk: bringing a file, looking at what it would do, starting and stopping; asking for one."""

from content.bulk.actions.bringing import columns, preview, set_mapping, upload
from content.bulk.actions.moving import check, error_file, list_imports, read_import, resume, run, stop
from content.bulk.actions.taking import (
    begin_export,
    list_exports,
    read_export,
    resume_export,
    stop_export,
)

__all__ = [
    "begin_export",
    "check",
    "columns",
    "error_file",
    "list_exports",
    "list_imports",
    "preview",
    "read_export",
    "read_import",
    "resume",
    "resume_export",
    "run",
    "set_mapping",
    "stop",
    "stop_export",
    "upload",
]
