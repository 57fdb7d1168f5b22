"""Pure decisions about content models and the values written under them."""

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.problems import RefusalCode

CREATE = grant("models.create", Role.BUSINESS_OPERATOR)
READ = grant("models.read", *STAFF)
EDIT = grant("models.edit", Role.BUSINESS_OPERATOR)
REHEARSE = grant("models.rehearse", Role.BUSINESS_OPERATOR)
PUBLISH = grant("models.publish", Role.BUSINESS_OPERATOR)
MIGRATE = grant("models.migrate", Role.BUSINESS_OPERATOR)
WRITE = grant("extensions.write", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
SEARCH = grant("library.search", *STAFF)
GRANTS = (CREATE, READ, EDIT, REHEARSE, PUBLISH, MIGRATE, WRITE, SEARCH)


class ModelRefusal(RefusalCode):
    """Why a model, or a value under it, is refused."""

    MODEL_EXISTS = "model_exists"
    MODEL_NOT_SOUND = "model_not_sound"
    MODEL_UNCHANGED = "model_unchanged"
    MODEL_BREAKS = "model_breaks"
    DRY_RUN_NEEDED = "dry_run_needed"
    NO_MODEL = "no_model"
    VALUES_DO_NOT_FIT = "values_do_not_fit"
    MIGRATION_RUNNING = "migration_running"
    NOTHING_TO_UNDO = "nothing_to_undo"
