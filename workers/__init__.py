"""The processes. They wire the floors together and hold no decisions of their own."""
