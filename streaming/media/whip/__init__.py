"""WHIP (RFC 9725): a browser publishes over WebRTC; its H.264 is passed on as it is, its Opus becomes AAC."""
