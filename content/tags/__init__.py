"""The tag library of a business: categories in a tree, tags in categories, tags on documents."""
