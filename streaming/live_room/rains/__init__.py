"""What surrounds the rules of red-envelope rain: credit set aside, sealed seeds, settling, proofs."""
