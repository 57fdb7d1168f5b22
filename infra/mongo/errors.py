"""What can go wrong with a call to the database, in our own words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import errors as pymongo_errors


class Unavailable(Exception):
    """The database did not take the call; nothing was done."""


class Unknown(Exception):
    """The answer to a write was lost: it may or may not be done."""


class DuplicateKey(Exception):
    """A unique key exists already. `key` tells which values collided."""

    def __init__(self, key: dict[str, Any]) -> None:
        self.key = key
        super().__init__(f"duplicate key {key}")


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except pymongo_errors.DuplicateKeyError as error:
        raise DuplicateKey((error.details or {}).get("keyValue", {})) from error
    except pymongo_errors.BulkWriteError as error:
        first = (error.details or {}).get("writeErrors", [{}])[0]
        if first.get("code") == 11000:
            raise DuplicateKey(first.get("keyValue", {})) from error
        raise Unknown(str(error)) from error
    except pymongo_errors.ServerSelectionTimeoutError as error:
        raise Unavailable(str(error)) from error
    except (
        pymongo_errors.ConnectionFailure,
        pymongo_errors.ExecutionTimeout,
        pymongo_errors.WTimeoutError,
        pymongo_errors.WriteConcernError,
    ) as error:
        if _is_transient(error):
            raise
        raise Unknown(str(error)) from error


def _is_transient(error: pymongo_errors.PyMongoError) -> bool:
    """Tell whether a transaction may simply be tried again: the driver's retry loop needs to see it."""
    return error.has_error_label("TransientTransactionError")
