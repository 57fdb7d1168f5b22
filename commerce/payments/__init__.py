"""Payments: attempts to pay an order through a provider outside of Kaibo."""
