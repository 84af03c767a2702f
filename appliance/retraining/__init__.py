"""Corrections become a better model; the records of each run."""
