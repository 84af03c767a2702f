"""Labels as files.

reading.py     a file -> its lines, in one of three formats; a bad line is a sentence, never a failure
checking.py    a line -> a label of the type: what stands in the text, and what does not
importing.py   looked through first, taken when the admin says yes
exporting.py   a snapshot -> a file
"""
