"""Forms: every document that people write, told once, in the vocabulary of models, as its action takes it."""
