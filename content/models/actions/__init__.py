"""Verbs of models: drafting, publishing, migrating; extension fields: writing, finding."""
