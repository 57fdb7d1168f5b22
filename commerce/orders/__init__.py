"""Orders: placed once, paid once, their units held and given back."""
