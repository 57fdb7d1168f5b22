"""Content models: extension fields that a business defines for its rooms, programs and contents."""
