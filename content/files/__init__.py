"""Files people upload: known by what is in them, bounded, kept in the object store."""
