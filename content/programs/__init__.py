"""The program layer: each live session of a room, its state, its shelf and its stream key."""
