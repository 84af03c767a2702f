"""The whole loop through the real services: documents, review, snapshot, training, measurement, verdict, promotion."""
