"""Contributions: articles and picture sets that creators and customers hand in."""
