"""The media plane: encoded packets in (RTMP, WHIP), out (HTTP-FLV, HLS), and every segment kept."""
