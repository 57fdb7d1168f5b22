"""What the hub tells Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

VIEWERS = Gauge("kaibo_room_viewers", "Sockets joined to rooms")
ROOMS = Gauge("kaibo_rooms_open", "Rooms this process owns")
FRAMES = Counter("kaibo_room_frames", "Frames written to viewers by sweeps")
SKIPPED = Counter("kaibo_room_skipped", "Times a slow viewer was passed over")
REFUSED = Counter("kaibo_room_sockets_refused", "Sockets closed by us, by reason", ["code"])
SWEEP = Histogram(
    "kaibo_room_sweep_seconds",
    "One frame to everybody in a room",
    buckets=(0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1),
)
COMMANDS = Counter("kaibo_room_commands", "Commands received, by type", ["type"])
