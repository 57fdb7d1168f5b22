"""Extension fields of a noun's documents, as the newest versions of its models have them."""

from collections.abc import Mapping
from typing import Any

from content.bulk.noun import Noun
from content.models.layers import Modelled, layer_of
from content.models.moving import Versions, move
from content.models.rules.compiled import Compiled, compiled
from content.models.store import of_layer, version_id
from infra.mongo import Database
from schemas.models import Layer, ModelVersion


class Extensions:
    """Models of one noun in a business: each is looked up once."""

    def __init__(self, db: Database, noun: Noun, business: str) -> None:
        self._db, self._noun, self._business = db, noun, business
        self._versions = Versions(db)
        self._newest: dict[Layer, ModelVersion | None] = {}

    def layer(self, kind: str) -> Layer | None:
        """Tell which layer documents of a kind are of; None: of none that has extension fields."""
        if len(self._noun.layers) == 1:
            return self._noun.layers[0]
        return Layer(kind) if kind in self._noun.layers else None

    async def newest(self, layer: Layer) -> tuple[ModelVersion, Compiled] | None:
        """Give the newest version of a layer's model."""
        if layer not in self._newest:
            self._newest[layer] = None
            model = await of_layer(self._db, self._business, layer)
            if model is not None and model.latest:
                self._newest[layer] = await self._versions.version(version_id(model.id, model.latest))
        version = self._newest[layer]
        return None if version is None else (version, compiled(version.text))

    async def carried(self, document: Modelled) -> Mapping[str, Any]:
        """Give a document's values as the newest version has them: what its form shows."""
        found = await self.newest(layer_of(document)) if document.model else None
        if found is None or found[0].id == document.model:
            return document.ext
        return move(document.ext, await self._versions.compiled(document.model), found[1]).ext
