"""All forms: those of content, and those of the floors above."""

from content.forms.nouns import FORMS as CONTENT
from content.forms.telling import Form

FORMS: tuple[Form, ...] = CONTENT
