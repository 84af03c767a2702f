"""Forms by which someone registers with an office, and the sheets that offices keep of them."""
