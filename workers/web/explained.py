"""Every refusal the API can answer, explained: importing a component's refusals registers its texts."""
# ruff: noqa: F401

import commerce.products.refusals
import content.accounts.refusals
import content.businesses.refusals
import content.pictures.refusals
import content.programs.refusals
import content.rooms.refusals
import streaming.media.refusals
import workers.web.refusals
