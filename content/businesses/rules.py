"""Pure decisions about businesses."""

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.problems import RefusalCode

CREATE = grant("businesses.create")
EDIT = grant("businesses.edit", Role.BUSINESS_OPERATOR)
READ = grant("businesses.read", *STAFF, Role.SUPPLIER)
GRANTS = (CREATE, EDIT, READ)


class BusinessRefusal(RefusalCode):
    """Why a change of a business is refused."""

    SLUG_TAKEN = "slug_taken"
