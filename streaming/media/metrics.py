"""What the media plane counts."""

from prometheus_client import Counter, Gauge

PUBLISHERS = Gauge("kaibo_media_publishers", "Publishers connected", ["protocol"])
VIEWERS = Gauge("kaibo_media_viewers", "HTTP-FLV viewers connected, waiting ones included")
RECEIVED = Counter("kaibo_media_received_bytes", "Bytes of encoded packets received")
SENT = Counter("kaibo_media_sent_bytes", "Bytes written to HTTP-FLV viewers")
DROPPED = Counter("kaibo_media_slow_viewers", "Viewers cut off because they read too slowly")
REFUSED = Counter("kaibo_media_refused_publishes", "Publishes refused or closed with a reason", ["code"])
SEGMENTS = Counter("kaibo_media_segments", "Segments closed and safe on disk")
PENDING = Gauge("kaibo_media_pending_facts", "Facts the database has not taken yet")
