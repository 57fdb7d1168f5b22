"""Recording: every closed segment is safe on disk before anybody is told of it, and known to the database."""
