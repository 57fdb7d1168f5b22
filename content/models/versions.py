"""The collection of published versions, apart from the rest: what documents refer to is read by them."""

from content.documents import Documents
from schemas.models import ModelVersion

versions = Documents("model_versions", ModelVersion)
