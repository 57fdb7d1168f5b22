"""The content layer: what there is to see before, during and after a program."""
