"""API keys: secrets with which service accounts act, for what their scopes name."""
