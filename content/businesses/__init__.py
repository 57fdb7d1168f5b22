"""Lines of business: what keeps rooms, products, tags and roles apart."""
