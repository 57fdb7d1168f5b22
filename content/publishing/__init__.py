"""Publishing: drafts beside what is published, reviews, revisions, due times."""
