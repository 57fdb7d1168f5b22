"""After the show: its replay, the timeline beside it, and a clip of every explained product."""
