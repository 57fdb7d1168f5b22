"""All forms: those of content, and those of the floors above."""

from commerce.addresses.form import FORMS as ADDRESSES
from commerce.products.form import FORMS as PRODUCTS
from commerce.stores.form import FORM as STORE
from content.forms.nouns import FORMS as CONTENT
from content.forms.telling import Form

FORMS: tuple[Form, ...] = (*CONTENT, *PRODUCTS, STORE, *ADDRESSES)
