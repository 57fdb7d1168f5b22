"""The payment providers of a copy of Kaibo."""

from collections.abc import Mapping
from functools import lru_cache

from commerce.payments.provider import PaymentProvider
from commerce.payments.rules import PaymentRefusal
from commerce.payments.sandbox import Sandbox
from infra.settings import Settings
from infra.telemetry import get_logger
from schemas.problems import Refused

log = get_logger("payments")
Providers = Mapping[str, PaymentProvider]


@lru_cache(maxsize=8)
def providers_of(settings: Settings) -> Providers:
    """Give the providers by name, the preferred one first."""
    found: list[PaymentProvider] = [Sandbox(settings)] if settings.sandbox else []
    if settings.sandbox:
        log.warning("payments_take_no_money", demo=settings.demo)
    return {provider.name: provider for provider in found}


def preferred(providers: Providers) -> PaymentProvider:
    """Give the provider that new payments go to; raises Refused(payment_unavailable)."""
    for provider in providers.values():
        return provider
    raise Refused(PaymentRefusal.PAYMENT_UNAVAILABLE)


def provider_named(providers: Providers, name: str) -> PaymentProvider:
    """Give a provider by name; raises Refused(provider_unknown)."""
    if name not in providers:
        raise Refused(PaymentRefusal.PROVIDER_UNKNOWN, name=name)
    return providers[name]
