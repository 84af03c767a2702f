"""Training: a guided run from a snapshot to measured candidates with a verdict."""
