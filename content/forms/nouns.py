"""Every form of this floor; those of the floors above are handed in by whoever serves them."""

from content.businesses.form import FORM as BUSINESS
from content.creators.form import APPLICATION
from content.creators.form import FORM as CREATOR
from content.forms.layers import LAYERS
from content.forms.telling import Form
from content.keys.form import FORM as KEY
from content.members.form import FORMS as MEMBERS
from content.programs.form import OFFER
from content.tags.form import FORMS as TAGS

FORMS: tuple[Form, ...] = (
    *LAYERS.values(),
    OFFER,
    CREATOR,
    APPLICATION,
    BUSINESS,
    *MEMBERS,
    KEY,
    *TAGS,
)
