"""The dossier as a PDF: `printable.py` decides what the font can show, `sheet.py` draws, `contents.py` says what."""
