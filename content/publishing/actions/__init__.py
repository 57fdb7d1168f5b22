"""Verbs of publishing, one file for each part of a draft's way."""
