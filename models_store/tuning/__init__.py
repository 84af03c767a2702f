"""Labelled documents -> a better model on the same box.

split.py       records -> two parts that share no group (merchant, seller)
printed.py     a document's text with the places where a span may begin and end
anchoring.py   a labelled value -> the spans that say it (dates.py, numbers.py)
truth.py       a labelled record -> what can be asked of its document, and the answers' places
rows.py        the rows of a list -> their places, down the page
windows.py     truth -> samples, cut as the document is cut when the model is used
variation.py   other fields, other orders, no descriptions: what keeps a model general
replay.py      made-up documents against forgetting
dataset.py     lists these stages; examples of each epoch
batches.py     examples -> batches of about the same number of tokens
lora.py        base + examples -> adapter
checkpoint.py  a killed run goes on where it stood
merge.py       base + adapter -> the folder and the quantized file that ship
"""
