"""What is derived from room logs: marks of explained products, statistics per minute.

A projection can always be thrown away and made again from the log.
"""
