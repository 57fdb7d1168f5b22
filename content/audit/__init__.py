"""The audit trail: who did what to which thing, what it was before and after, and why.

An entry is written in the transaction that does it. What changed is not what an action says of itself:
it is the difference between the documents that were replaced and those that replaced them.
"""

from content.audit.trail import COLLECTION, WHY, ensure_indexes, record, tell

__all__ = ["COLLECTION", "WHY", "ensure_indexes", "record", "tell"]
