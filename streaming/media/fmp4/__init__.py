"""Fragmented MP4, written by hand: no muxer library copies a frame it need not copy."""
