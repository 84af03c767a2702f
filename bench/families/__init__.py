"""Every family of models that customers bring, walked from the medium to a grounded extraction, on random weights."""
