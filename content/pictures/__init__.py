"""Pictures people upload: checked, made anew, kept in the object store with thumbnails."""
