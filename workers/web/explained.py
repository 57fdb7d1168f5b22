"""Every refusal the API can answer, explained: importing a component's refusals registers its texts."""
# ruff: noqa: F401

import commerce.orders.refusals
import commerce.payments.refusals
import commerce.products.refusals
import commerce.stock.refusals
import content.accounts.refusals
import content.businesses.refusals
import content.pictures.refusals
import content.programs.refusals
import content.rooms.refusals
import streaming.media.refusals
import workers.web.refusals
