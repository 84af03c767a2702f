"""The models of this box: list, card, import, export, copy, compare, remove."""
