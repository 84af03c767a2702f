"""What the audit log costs, measured: see __main__.py."""
