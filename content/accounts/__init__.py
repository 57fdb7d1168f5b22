"""People who can sign in, what they may be, and their sign-ins."""
