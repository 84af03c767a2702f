"""Narrative notes of visits."""
