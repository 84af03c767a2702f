"""Does a change of the model under load lose a document or name the wrong model? See __main__.py."""
