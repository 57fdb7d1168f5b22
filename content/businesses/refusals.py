"""What the refusals of businesses mean to HTTP and to people."""

from content.businesses.rules import BusinessRefusal
from infra.problems import Explained, register

register({BusinessRefusal.SLUG_TAKEN: Explained(409, "该短名已被使用。", "This short name is taken.")})
