"""A guided run: from a snapshot of labelled documents to measured candidates with a verdict.

options.py   what a run is asked with; presets      plan.py      the steps that follow from it
window.py    the hours in which it may work         schedules.py runs that ask for themselves
services.py  ask, stop, resume, discard             leases.py    who works on a run, and until when
tasks.py     the worker's way in                    running.py   the stages in order, and how a run ends
stages/      one file per stage, named by a verb    work.py      one run in the worker's hands
workshop.py  the programs that do the heavy part    children.py  starts and watches such a program
folder.py    where a run keeps its files            estimates.py minutes, memory and disk beforehand
queries.py   what the pages show                    gallery.py   the answers that were wrong
charts.py    numbers for pictures                   pictures.py  what is drawn of a run
"""
