"""Collections of models, of their versions, of what documents are found by, and of migrations."""

import datetime
from collections.abc import Sequence
from typing import Any

from content.documents import Documents
from content.models.layers import Place
from content.models.versions import versions as versions
from infra.mongo import Database, Session, plain, to_doc
from schemas.models import Before, ContentModel, DryRun, Facets, Layer, Migration, ModelHead

models = Documents("models", ContentModel)
heads = Documents(models.name, ModelHead)
facets = Documents("facets", Facets)
migrations = Documents("migrations", Migration)
befores = Documents("migration_befores", Before)
dry_runs = Documents("model_dry_runs", DryRun)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes. Every search reads one range of one of the `facets` indexes."""
    one = db.collection(models.name)
    await one.ensure_index([("business", 1), ("layer", 1)], name="once", unique=True)
    await db.collection(versions.name).ensure_index([("model", 1), ("number", -1)], name="of_model")
    found = db.collection(facets.name)
    await found.ensure_index([("business", 1), ("fx", 1), ("_id", -1)], name="newest")
    for slot in ("n0", "n1"):
        await found.ensure_index(
            [("business", 1), ("fx", 1), (slot, 1), ("_id", 1)],
            name=f"by_{slot}",
            partial={slot: {"$exists": True}},
        )
    await found.ensure_index([("business", 1), ("words", 1), ("_id", -1)], name="words")
    await found.ensure_index([("model", 1), ("_id", -1)], name="model")
    await db.collection(migrations.name).ensure_index([("model", 1), ("_id", -1)], name="of_model")
    await db.collection(dry_runs.name).ensure_index([("model", 1), ("_id", -1)], name="of_model")
    kept = db.collection(befores.name)
    await kept.ensure_index([("migration", 1), ("document", 1)], name="of_migration")
    await kept.ensure_index([("expires", 1)], name="expires", expire_s=0)


async def of_layer(
    db: Database, business: str, layer: Layer, session: Session | None = None
) -> ContentModel | None:
    """Find the model of a layer."""
    return await models.find(db, {"business": business, "layer": layer}, session)


async def dry_run_of(db: Database, model: ContentModel, session: Session | None = None) -> DryRun | None:
    """Find the dry run of a model's draft as it is now."""
    return await dry_runs.find(db, {"model": model.id, "text": model.draft}, session)


def version_id(model: str, number: int) -> str:
    """Name a version."""
    return f"{model}.{number}"


def number_of(version: str) -> int:
    """Read the number out of a version's id."""
    return int(version.rpartition(".")[2])


async def keep_facets(db: Database, session: Session, found: Sequence[Facets], *, anew: bool = False) -> None:
    """Keep what documents are found by, in two calls however many they are; `anew`: they never were."""
    if not anew:
        await forget_facets(db, session, [one.id for one in found])
    await db.collection(facets.name).insert_many([to_doc(one) for one in found], session=session)


async def forget_facets(db: Database, session: Session, documents: Sequence[str]) -> None:
    """Forget what documents were found by, for they are gone or about to be kept anew."""
    await db.collection(facets.name).delete_many({"_id": {"$in": list(documents)}}, session=session)


async def modelled(
    db: Database, place: Place, after: str, limit: int, session: Session | None = None
) -> list[dict[str, Any]]:
    """Give whole stored documents of a layer that were written under a version, oldest first."""
    where = {**place.where, "model": {"$gt": ""}, "_id": {"$gt": after}}
    docs = await db.collection(place.collection).find(where, sort=[("_id", 1)], limit=limit, session=session)
    return [plain(doc) for doc in docs]


async def count_modelled(db: Database, place: Place, *, but: str = "") -> int:
    """Count the documents of a layer that were written under a version, but not under this one."""
    where = {**place.where, "model": {"$gt": "", "$ne": but}}
    return await db.collection(place.collection).count(where)


async def keep_befores(db: Database, session: Session, kept: Sequence[Before], until: int) -> None:
    """Keep old values until a time (epoch ms); the database forgets them after it."""
    expires = datetime.datetime.fromtimestamp(until / 1000, datetime.UTC)
    await db.collection(befores.name).insert_many(
        [{**to_doc(one), "expires": expires} for one in kept], session=session
    )


async def behind(db: Database, found_otherwise: Sequence[str]) -> bool:
    """Tell whether documents are still found in another way, being of one of these versions."""
    where = {"model": {"$in": list(found_otherwise)}}
    return bool(found_otherwise) and await db.collection(facets.name).find_one(where) is not None
