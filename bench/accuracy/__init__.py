"""How right the shipped model is, on labelled documents, beside a floor of plain regular expressions."""
