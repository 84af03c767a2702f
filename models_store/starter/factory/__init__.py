"""Synthetic documents with known answers: what the starter model learns from."""
