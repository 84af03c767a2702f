"""Labelled documents -> a better model on the same box.

split.py       records -> two parts that share no group (merchant, seller)
printed.py     a document's text with the places where a span may begin and end
anchoring.py   a labelled value -> the spans that say it (dates.py, numbers.py)
truth.py       a labelled record -> what can be asked of its document, and the answers' places
rows.py        the rows of a list -> their places, down the page
windows.py     truth -> samples, cut as the document is cut when the model is used
replay.py      made-up documents against forgetting
dataset.py     lists these stages; examples of each epoch
batches.py     examples -> batches of about the same number of tokens, epochs of batches
settings.py    how a training is done: presets
estimate.py    how long it will take and how much memory it will hold
trainer.py     transformers' Trainer with the loss on the answers alone
lora.py        base + examples -> adapter (progress.py counts)
checkpoint.py  a killed run goes on where it stood
merge.py       base + adapter -> the folder that is converted, and by hand the quantized file that ships
job.py         lists these stages, from labels to an adapter
child.py       a job in a folder, for a parent that watches it: python -m models_store.tuning FOLDER
tune.py        a job by hand: python -m models_store.tuning.by_hand
teacher.py     a larger model labels documents that nobody has reviewed
ruler.py, vocabulary.py                   how a model cuts text
from_gguf.py, gguf_vocabulary.py          a GGUF -> a folder of weights that can be trained
"""
