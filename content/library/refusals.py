"""What the refusals of saved views mean to HTTP and to people."""

from content.library.rules import ViewRefusal
from infra.problems import Explained, register

register(
    {
        ViewRefusal.TOO_MANY_VIEWS: Explained(
            409,
            "你保存的视图太多了，请先删掉不用的。",
            "You keep too many views; delete those you don't use.",
        )
    }
)
