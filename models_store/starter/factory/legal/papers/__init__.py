"""Letters, mails and official papers: values in the head of the page and in its sentences."""
