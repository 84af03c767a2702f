"""Certificates, extracts of registers, bills of lading and cards."""
