"""The room layer: an anchor's permanent place, in which programs are held."""
