"""The shelf: which products a program shows, in which order, at which price."""

from collections.abc import Sequence

import msgspec

from content.documents import changed_fields
from content.programs import rules
from content.programs.actions.change import Change, change_program
from content.programs.ports import ShelfProducts
from content.programs.sight import authorise_show
from content.programs.store import programs
from content.programs.views import OfferEdit, ShelfLine
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.content import Program
from schemas.events import ShelfChanged
from schemas.ids import new_id
from schemas.problems import Refusal


async def set_shelf(
    db: Database,
    products: ShelfProducts,
    actor: Actor,
    identifier: str,
    lines: Sequence[ShelfLine],
    *,
    rev: int = 0,
) -> Program:
    """Put exactly these products on the shelf, numbered in their order.

    Raises Refused(product_unknown, product_twice, wrong_state, must_be_recorded).
    """
    before = await programs.get(db, identifier)
    await authorise_show(db, actor, rules.SHELVE, before)
    wanted = [line.product for line in lines]
    facts = await products.products(before.business, wanted)

    def decide(program: Program) -> Change | Refusal:
        if refusal := rules.check_shelf(program.state, wanted, facts):
            return refusal
        old = {offer.product: offer for offer in program.shelf}
        shelf = [
            rules.next_offer(
                old.get(line.product),
                identifier=new_id("off"),
                number=number,
                product=line.product,
                title=facts[line.product].title,
                picture=facts[line.product].picture,
                price=line.price or facts[line.product].price,
                list_price=facts[line.product].list_price,
                limit=line.limit,
            )
            for number, line in enumerate(lines, start=1)
        ]
        if refusal := rules.check_recorded(msgspec.structs.replace(program, shelf=shelf)):
            return refusal
        event = ShelfChanged(program=program.id, business=program.business)
        suppliers = sorted({facts[product].supplier for product in wanted} - {""})
        fields = {"shelf": shelf, "suppliers": suppliers}
        return Change(fields=fields, events=[event], data={"products": wanted})

    return await change_program(db, actor, rules.SHELVE, identifier, decide, rev=rev)


async def change_offer(
    db: Database, actor: Actor, identifier: str, offer: str, edit: OfferEdit, *, rev: int = 0
) -> Program:
    """Change the live price, the units or the limit of one offer, also on air.

    Raises Refused(not_found, wrong_state, invalid).
    """
    changes = changed_fields(edit)

    def decide(program: Program) -> Change | Refusal | None:
        shelf = rules.change_offer(program, offer, changes)
        if isinstance(shelf, Refusal):
            return shelf
        if shelf == program.shelf:
            return None
        event = ShelfChanged(program=program.id, business=program.business)
        return Change(
            fields={"shelf": shelf}, events=[event], data={"offer": offer, **msgspec.to_builtins(changes)}
        )

    return await change_program(db, actor, rules.SHELVE, identifier, decide, rev=rev)
