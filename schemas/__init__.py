"""The shared language of Kaibo: documents, commands, events and refusals.

Plain values only. Nothing here does I/O or imports another package of ours, so every
floor of the house may speak it.
"""
