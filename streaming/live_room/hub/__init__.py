"""The websocket hub: sockets in, commands to the rooms' engines, committed events out to everybody.

`server` speaks HTTP and websocket, `reception` lets a socket join, `viewer` is one socket,
`gathering` the people of one room and its fan-out, `rooms` the rooms this process owns.
Wire reference: `docs/protocols/room.md`.
"""
