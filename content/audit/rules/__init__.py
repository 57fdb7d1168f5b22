"""Pure decisions about the trail: who reads it, what an entry tells, how entries hang together in a tree."""

from content.authority import grant
from schemas.accounts import Role
from schemas.problems import RefusalCode

READ = grant("audit.read", Role.BUSINESS_OPERATOR)
GRANTS = (READ,)


class AuditRefusal(RefusalCode):
    """Why a proof can't be given."""

    NOT_SEALED = "not_sealed"
