"""The append-only room log: one writer at a time, batch documents, a hash chain.

`writer` appends and takes over, `reader` verifies and reads, `documents` is the layout,
`lease` tells who should write, `snapshots` are caches, `windows` make commands exactly-once.
The reasons are in `docs/adr/0002-room-log.md`.
"""
