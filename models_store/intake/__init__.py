"""A model from removable media -> the store. Nothing that the medium says is believed.

errors.py              why a model is not brought in
families.py            the kinds of models that are known
safetensors_header.py  headers, read by our own few lines before any library sees a byte
gguf_header.py
checkpoint.py          a folder of transformers: config, tensors and names fit each other
gguf_file.py           a GGUF: header, sizes and vocabulary fit each other
folder.py              which files there are, which are taken, which stop everything
record.py              what a check found: `Intake`
check.py               the checks in a throw-away process, and the parent's side of it
cleaned.py             copies without chat templates and without names of programs
bring_in.py            Intake -> weights, GGUF and card in the store
bundle.py              a model of the store as one signed file, and back
bundle_layout.py       the bytes of that file
"""
