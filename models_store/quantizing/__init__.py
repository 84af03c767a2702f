"""A folder of merged weights -> the GGUF files that can be measured and put in force.

steps.py      convert, weigh by importance, quantize: each step tracked, each kept when it is done
adapter.py    what tuning changed, as a GGUF by itself
failure.py    why it came to nothing, as a file for who started the program
"""
