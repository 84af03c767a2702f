"""Stands in for the language model, and for parsers that die, in processes of the bench."""
