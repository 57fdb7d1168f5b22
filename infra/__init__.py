"""What the rest stands on: settings, MongoDB, object store, tokens, outbox, jobs, telemetry."""
