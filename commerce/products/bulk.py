"""Products for bulk."""

from commerce.products import rules
from commerce.products.actions import create_product, edit_product
from commerce.products.store import products
from commerce.products.views import NewProduct, ProductEdit
from content.bulk.noun import Noun

PRODUCTS = Noun(
    documents=products,
    read=rules.READ,
    new=NewProduct,
    edit=ProductEdit,
    create=create_product,
    change=edit_product,
    told=("created_at", "updated_at"),
)
