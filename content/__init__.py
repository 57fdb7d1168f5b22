"""The content middle-platform: businesses, accounts' rights, rooms, programs, contents."""
