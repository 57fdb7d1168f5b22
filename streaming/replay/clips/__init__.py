"""Clips: from the marks of a room log to mp4 files, by stream copy."""
