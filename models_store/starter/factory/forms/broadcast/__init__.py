"""Orders, contracts and invoices for radio and television time."""
