"""Bulk: every noun in and out, as CSV or JSON lines.

An import does nothing the API does not do: each row goes through the same actions, as the person who
started it, hundreds of them in one transaction together with the place the import has reached.
"""
