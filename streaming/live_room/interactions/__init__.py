"""What people and the platform do in a room. A new interaction is one file and its schema.

Each file has a `State`, `decide_*` (state, command → events or a refusal) and `evolve_*`
(state, event → state): functions of their arguments alone. `registry` joins them into a room.
"""
