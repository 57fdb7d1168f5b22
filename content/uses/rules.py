"""What a document refers to, and where in it."""

from collections.abc import Iterable, Mapping

from content.authority import STAFF, grant
from content.models.rules.compiled import Compiled
from content.models.rules.values import Reference
from content.publishing.rules.face import Faced, face_of, layer_of, named
from schemas.content import Content, Program
from schemas.models import FieldType, Layer
from schemas.publishing import Face, Use, UseKind, Uses

READ = grant("uses.read", *STAFF)
GRANTS = (READ,)

KINDS: Mapping[FieldType, UseKind] = {
    FieldType.PRODUCT: UseKind.PRODUCT,
    FieldType.TAG_CATEGORY: UseKind.TAG,
    FieldType.CREATOR: UseKind.CREATOR,
    FieldType.IMAGE: UseKind.PICTURE,
    FieldType.FILE: UseKind.FILE,
    FieldType.VIDEO: UseKind.CONTENT,
    FieldType.STORE: UseKind.STORE,
}
"""What a reference of a type is asked for as."""
DRAFT = "~draft"


def uses_of(document: Faced, extension: Compiled | None) -> Uses:
    """Tell what a document refers to; `extension` is the model its extension fields are under."""
    layer = layer_of(document)
    face = face_of(document)
    uses = [*_of_face(layer, face, extension), *_beyond_the_face(document, face)]
    return _entry(document.id, document.id, document.business, layer, document.title, uses)


def uses_of_draft(document: Faced, title: str, face: Face, extension: Compiled | None) -> Uses:
    """Tell what a document's draft refers to."""
    layer = layer_of(document)
    uses = _of_face(layer, face, extension)
    return _entry(f"{document.id}{DRAFT}", document.id, document.business, layer, title, uses)


def ref_of(kind: UseKind, identifier: str) -> str:
    """Write a reference as the index has it."""
    return f"{kind} {identifier}"


def kind_of(reference: Reference) -> UseKind:
    """Tell what a reference is asked for as."""
    return KINDS[reference.type]


def _entry(
    identifier: str, document: str, business: str, layer: Layer, title: str, uses: Iterable[Use]
) -> Uses:
    found = list(uses)
    return Uses(
        id=identifier,
        document=document,
        business=business,
        layer=layer,
        title=title,
        draft=identifier != document,
        refs=sorted({one.ref for one in found}),
        uses=found,
    )


def _of_face(layer: Layer, face: Face, extension: Compiled | None) -> list[Use]:
    found = named(layer, face, extension)
    return [Use(ref=ref_of(kind_of(one), one.id), pointer=one.pointer) for one in found]


def _beyond_the_face(document: Faced, face: Face) -> list[Use]:
    """Tell what a document refers to besides what people write in it: its shelf, what it was made of."""
    if isinstance(document, Program):
        return [
            Use(ref=ref_of(UseKind.PRODUCT, offer.product), pointer=f"/shelf/{place}/product")
            for place, offer in enumerate(document.shelf)
        ]
    if not isinstance(document, Content):
        return []
    found = [Use(ref=ref_of(UseKind.FILE, document.media), pointer="/media")] if document.media else []
    if "products" not in face:
        found += [
            Use(ref=ref_of(UseKind.PRODUCT, product), pointer=f"/products/{place}")
            for place, product in enumerate(document.products)
        ]
    return found
