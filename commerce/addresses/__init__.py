"""Address books: where people have their parcels brought."""
