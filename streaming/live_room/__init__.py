"""The room while its program is on air: log, state, interactions, hub."""
