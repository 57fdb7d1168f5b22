"""HLS (RFC 8216): cutting segments at key frames, and the live playlist over them."""
