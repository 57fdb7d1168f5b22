"""MongoDB: the one place that knows the driver.

Writes are `w: majority, j: true` and reads come from the primary at majority, so what an action
has answered survives a crash. Swapping motor for PyMongo's AsyncMongoClient is a change of this
package alone.
"""

from infra.mongo.batch import Batch
from infra.mongo.codec import from_doc, plain, to_doc
from infra.mongo.collection import Session
from infra.mongo.database import Change, Database, connect
from infra.mongo.errors import DuplicateKey, Unavailable, Unknown
from infra.mongo.protocol import Collection
from infra.mongo.waiting import connect_unless

__all__ = [
    "Batch",
    "Change",
    "Collection",
    "Database",
    "DuplicateKey",
    "Session",
    "Unavailable",
    "Unknown",
    "connect",
    "connect_unless",
    "from_doc",
    "plain",
    "to_doc",
]
