"""The library: lists of rooms, programs and contents of every kind, and the saved views of lists."""
