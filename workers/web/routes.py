"""All endpoints of the API: the components' routes, wired to the floors above them."""

import workers.web.explained  # noqa: F401 (the texts of all refusals)
from commerce.addresses import routes as addresses
from commerce.offers import routes as offers
from commerce.orders import routes as orders
from commerce.products import routes as products
from commerce.products.actions import SoldProducts
from commerce.stock import routes as stock
from commerce.stores import routes as stores
from commerce.wallets import routes as wallets
from content.accounts import routes as accounts
from content.audit import routes as audit
from content.bulk.routes import bulk_routes
from content.businesses import routes as businesses
from content.contents import routes as contents
from content.contributions import routes as contributions
from content.creators import routes as creators
from content.files import routes as files
from content.forms.routes import form_routes
from content.keys import routes as keys
from content.library import routes as library
from content.members import routes as members
from content.models.routes import model_routes
from content.pictures import routes as pictures
from content.programs.ports import NothingSold, ShelfProducts
from content.programs.routes import program_routes
from content.publishing.ports import References
from content.publishing.routes import publishing_routes
from content.rooms import routes as rooms
from content.tags import routes as tags
from content.uses import routes as uses
from infra.http import Endpoint
from infra.mongo import Database
from workers.forms import FORMS
from workers.nouns import nouns_of
from workers.references import references
from workers.web import config, doors, feed, health, jobs, rains, stored, watch

TAGS = {
    "config": "Where everything is",
    "feed": "The home page of viewers",
    "watch": "Watching: addresses, tickets, playlists, timelines",
    "accounts": "People and sign-ins",
    "members": "Members of a business, and invitations to become one",
    "keys": "API keys of service accounts",
    "businesses": "Lines of business",
    "creators": "Who makes content for a business: applications, reviews",
    "rooms": "Anchors' permanent places",
    "programs": "Live sessions: schedule, stream key, shelf",
    "contents": "Trailers, replays and clips",
    "contributions": "Articles and picture sets that creators and customers hand in: everybody's own",
    "library": "Lists of rooms, programs and contents, and saved views",
    "forms": "What forms are made from: the fields of every noun",
    "models": "Content models: extension fields, their versions, searching by them",
    "tags": "The tag library: categories, tags, what carries them",
    "files": "Uploaded files",
    "publishing": "Drafts, reviews, revisions, and where things are used",
    "products": "What a business sells",
    "stock": "How many units there are, and whom they are promised to",
    "stores": "Where orders are collected",
    "addresses": "Address books: everybody's own",
    "orders": "Orders, their payments and refunds",
    "wallets": "Marketing credit: wallets of people, budgets of businesses",
    "rains": "Red-envelope rains and their proofs",
    "pictures": "Uploaded pictures",
    "audit": "The audit trail: who did what, before and after; Merkle roots and proofs",
    "bulk": "Imports and exports of every noun, as CSV or JSON lines",
    "jobs": "Work done aside",
    "objects": "Stored objects",
    "health": "The state of the processes",
}


def endpoints(db: Database | None) -> list[Endpoint]:
    """List all endpoints; without a database only for describing them."""
    sold: ShelfProducts = NothingSold() if db is None else SoldProducts(db)
    asked = References() if db is None else references(db)
    components = (
        config.routes,
        feed.routes,
        watch.routes,
        accounts.routes,
        members.routes,
        keys.routes,
        businesses.routes,
        creators.routes,
        rooms.routes,
        doors.routes,
        program_routes(sold),
        contents.routes,
        contributions.routes,
        library.routes,
        form_routes(FORMS),
        model_routes(asked.kinds),
        publishing_routes(asked),
        uses.routes,
        tags.routes,
        files.routes,
        products.routes,
        offers.routes,
        stock.routes,
        stores.routes,
        addresses.routes,
        orders.routes,
        wallets.routes,
        rains.routes,
        pictures.routes,
        audit.routes,
        bulk_routes(asked.kinds, nouns_of),
        jobs.routes,
        stored.routes,
        health.routes,
    )
    return [endpoint for routes in components for endpoint in routes.endpoints]
