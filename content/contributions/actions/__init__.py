"""Verbs of contributions."""
