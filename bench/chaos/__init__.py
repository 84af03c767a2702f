"""Is anything lost or done twice, whatever is killed? See __main__.py."""
