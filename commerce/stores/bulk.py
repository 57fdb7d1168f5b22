"""Stores for bulk."""

from commerce.stores import rules
from commerce.stores.actions import create_store, edit_store
from commerce.stores.store import stores
from commerce.stores.views import NewStore, StoreEdit
from content.bulk.noun import Noun, called

STORES = Noun(
    documents=stores,
    read=rules.READ,
    new=NewStore,
    edit=StoreEdit,
    create=create_store,
    change=edit_store,
    told=("created_at", "updated_at"),
    words=called("name"),
)
