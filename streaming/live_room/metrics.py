"""What the rooms' engines tell Prometheus."""

from prometheus_client import Counter, Histogram

APPEND = Histogram(
    "kaibo_room_append_seconds",
    "From sending a batch to the log until it is durable",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2),
)
EVENTS = Counter("kaibo_room_events", "Events made durable")
BUSY = Counter("kaibo_room_busy", "Commands turned away because the queue was full")
