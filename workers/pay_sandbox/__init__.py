"""The demo's payment provider: a small server of its own that takes no money.

It knows nothing of orders and has its own key and its own file. Merchants announce payments to
it, buyers see a page with one button to pay and one to cancel, and it calls the merchant back,
signed, until it is answered: what a real provider does, as far as Kaibo can see.
"""

from infra.settings import Settings


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    from workers.pay_sandbox.server import run_server

    run_server(settings)
