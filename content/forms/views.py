"""What goes over the wire about forms."""

from typing import Annotated, Any

import msgspec

from schemas.base import Value

FormSchema = Annotated[dict[str, Any], msgspec.Meta(description="The fields in their order (docs/forms.md)")]


class FormWanted(Value, frozen=True, kw_only=True):
    """Whose fields are wanted beside the base fields; empty: nobody's."""

    business: str = ""


class FormView(msgspec.Struct, frozen=True, kw_only=True):
    """What a form is made from: the fields of a noun, and those that a business has for its own."""

    noun: str
    base: FormSchema
    model: str = ""
    """Newest version of the business's model; empty: it has no fields of its own."""
    extension: FormSchema | None = None


class FormNames(msgspec.Struct, frozen=True, kw_only=True):
    """What there are forms of."""

    nouns: list[str]
