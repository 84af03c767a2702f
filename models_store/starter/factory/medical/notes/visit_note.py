"""Narrative notes of a visit: complaint, history, examination, assessment and plan."""

from __future__ import annotations

from collections.abc import Callable

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import bare
from models_store.starter.factory.medical import header, people, tables, vocabulary
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.fillers import VITALS
from models_store.starter.factory.medical.header import Head
from models_store.starter.factory.medical.notes.note import Note
from models_store.starter.factory.medical.notes.voice import Voice
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_SENTENCES = ((0, 2), (2, 6), (5, 13), (22, 50))
"""Sentences of the history, at least and at most, by size."""
_SHARES = (0.2, 0.5, 0.9, 1.2)
"""How likely each further section is, by size."""


def write_visit_note(desk: Desk) -> None:
    dates = Dates(desk.random)
    patient = people.new_patient(desk, dates, youngest=4)
    voice = Voice.draw(desk, patient)
    complaint = vocabulary.complaint(desk)
    bullet = desk.random.choice(("• ", "- ", "", "* ", "• "))
    note = Note(desk, dates, voice, complaint, bullet, desk.chance(0.5), desk.chance(0.45))
    kept = vocabulary.several(desk, vocabulary.past_condition, 1, 2 + desk.size) if desk.chance(0.65) else []
    if others := [one for one in kept if one not in complaint]:
        note.conditions = desk.many(LISTS["conditions"], others)
    if desk.chance(0.3):
        _write_head(note)
    for write in _order(note):
        write(note)
    if not note.conditions and desk.draft.lines:
        people.absent(desk, "conditions")
    if note.drugs:
        desk.draft.facts["mentioned_medications"] = people.fact_of("mentioned_medications", note.drugs)
    voice.unsaid()


def _write_head(note: Note) -> None:
    """Lines above the note; they name the patient where the note may."""
    desk = note.desk
    if desk.chance(0.7):
        desk.draft.add(desk.state("document_title", desk.phrase(WORDS["note_titles"])))
    head = Head(desk, note.dates, note.voice.patient, people.facility(desk), note.dates.style)
    chances = "name=60 birth=40 sex=25 age=15 record=35 visit=60 author=40 pcp=15 hospital=25 insurance=5"
    if note.voice.naming == "none" or not note.voice.pronouns:
        chances = "record=40 visit=70 author=50 pcp=30 hospital=35 insurance=5"
    items = header.gather(head, chances)
    if items:
        header.lay_out(desk, items)


def _order(note: Note) -> list[Callable[[Note], None]]:
    """The parts of the note, mostly in the usual order."""
    desk = note.desk
    share = _SHARES[desk.size]
    middle = [_past_history, _surgical, _family, _social, _medications, _allergies]
    if desk.chance(0.4):
        desk.random.shuffle(middle)
    rest: list[Callable[[Note], None]] = [
        part for part in (*middle, _review, _vitals, _exam, _results) if desk.chance(share * 0.8)
    ]
    first = [_complaint] if desk.chance(0.72) else []
    last = [*([_assessment] if desk.chance(0.8) else []), *([_plan] if desk.chance(0.7) else [])]
    return [*first, _history, *rest, _untold, *last, _close]


def _untold(note: Note) -> None:
    """The conditions, where no part before has told them."""
    if note.conditions and not note.told:
        _past_history(note)


def _complaint(note: Note) -> None:
    """The complaint below its heading, or beside it."""
    desk = note.desk
    text = note.complaint
    shown = desk.state("chief_complaint", text[0].upper() + text[1:] if desk.chance(0.8) else text)
    shown += desk.random.choice((".", ".", "", ""))
    label = desk.label(CONCEPTS["chief_complaint"])
    if desk.chance(0.3):
        desk.draft.add(f"{label.rstrip(':')}: {shown}")
    else:
        desk.draft.add(label + desk.random.choice(("", "", ":")), shown)


def _history(note: Note) -> None:
    """The opening sentence with who the patient is, as far as it is said, and why they come; then the story."""
    desk = note.desk
    if desk.chance(0.85):
        note.head("note_heads_hpi")
    sentences = [_opening(note)]
    kept = desk.random.sample(WORDS["note_history"], desk.random.randint(*_SENTENCES[desk.size]))
    sentences += [note.fill(template) for template in kept]
    if note.conditions and not note.told and desk.chance(0.5):
        _tell(note, sentences)
    cuts = sorted(desk.random.sample(range(1, len(sentences)), min(len(sentences) - 1, desk.size)))
    for start, end in zip([0, *cuts], [*cuts, len(sentences)], strict=True):
        note.say(" ".join(sentences[start:end]))


def _opening(note: Note) -> str:
    desk, voice = note.desk, note.voice
    is_visit = note.complaint in WORDS["clinic_reasons"]
    said = desk.phrase(WORDS["note_opening_visit" if is_visit else "note_opening_presents"])
    why = said.format(cc=_complaint_again(note, is_visit=is_visit))
    history = ""
    if note.conditions and desk.chance(0.45):
        history = " " + desk.phrase(WORDS["note_with_history"]).format(list=note.spoken_conditions)
        note.told = True
    description = voice.description()
    subject = voice.name()
    if not description:
        return f"{subject}{history} {why}."
    joint = desk.random.choice((" who ", " who ", ", who ", " and "))
    if desk.chance(0.12) and voice.naming == "none":
        return f"This is {description}{history}{joint}{why}."
    return f"{subject} is {description}{history}{joint}{why}."


def _complaint_again(note: Note, *, is_visit: bool) -> str:
    """The complaint in the sentence: the same words, so that either place answers."""
    if not is_visit and "chief_complaint" in note.desk.draft.facts and note.desk.chance(0.1):
        return note.desk.random.choice(("the problem above", "this", "the above"))
    marked = people.tell(note.desk, "chief_complaint", note.complaint)
    if is_visit and note.desk.chance(0.3):
        return f"{note.voice.words('{p}')['p']} {marked}"
    return marked


def _tell(note: Note, sentences: list[str]) -> None:
    """The conditions in sentences of their own, or one after the other in the story."""
    desk = note.desk
    if desk.chance(0.5):
        template = desk.phrase(WORDS["note_history_of"])
        sentences.insert(1, note.fill(template, list=note.spoken_conditions))
    else:
        for condition in note.conditions:
            template = desk.phrase(WORDS["note_conditions"])
            sentences.insert(desk.random.randint(1, len(sentences)), note.fill(template, cond=condition))
    note.told = True


def _past_history(note: Note) -> None:
    desk = note.desk
    desk.draft.add(desk.label(LISTS["conditions"]))
    if not note.conditions:
        desk.draft.add(desk.phrase(WORDS["note_no_history"]))
    elif desk.chance(0.45):
        template = desk.phrase(WORDS["note_history_of"])
        note.say(note.fill(template, list=note.spoken_conditions))
    else:
        desk.draft.add(*note.listed(note.conditions))
    note.told = True


def _surgical(note: Note) -> None:
    desk = note.desk
    desk.draft.add(desk.label(LISTS["surgical_history"]))
    names = vocabulary.several(desk, vocabulary.procedure, 1, 3) if desk.chance(0.75) else []
    if names:
        marked = desk.many(LISTS["surgical_history"], names)
        if desk.chance(0.3):
            note.say(note.fill("Patient reports undergoing {list}.", list=tables.spoken(marked)))
        else:
            desk.draft.add(*note.listed(marked))
    else:
        desk.draft.add(desk.random.choice(("None.", "Noncontributory.", "No prior surgeries.")))
        people.absent(desk, "surgical_history")


def _family(note: Note) -> None:
    """What relatives have is not the patient's."""
    desk = note.desk
    desk.draft.add(desk.phrase(WORDS["clinic_family_heads"]).upper() if note.upper else "Family History")
    for _ in range(desk.random.randint(1, 2)):
        relative, condition = desk.random.choice(WORDS["note_relatives"]), vocabulary.plain_condition(desk)
        desk.draft.add(f"{relative.capitalize()}{desk.random.choice((': ', ' with ', ' had ', ' - '))}{condition}.")


def _social(note: Note) -> None:
    desk = note.desk
    note.head("note_heads_social")
    for _ in range(desk.random.randint(1, 3)):
        template = desk.random.choice(_SOCIAL)
        note.say(note.fill(template))


_SOCIAL = (
    "{S} works as a {job}.",
    "Patient is a {job} and lives with {p} {rel}.",
    "{S} lives in {city}.",
    "Tobacco: Former smoker.",
    "{S} drinks alcohol socially.",
    "{S} denies tobacco use.",
    "{S} has {n} grandchildren.",
    "{S} recently moved from {city}.",
    "Illicit drug use: Never.",
    "{S} is married to {kin}.",
    "Retired {job}.",
)


def _medications(note: Note) -> None:
    desk = note.desk
    desk.draft.add(desk.label(LISTS["current_medications"]))
    make = desk.random.choice(
        (vocabulary.drug, vocabulary.drug, vocabulary.drug_with_directions, vocabulary.drug_with_strength)
    )
    names = vocabulary.several(desk, make, 1, 2 + desk.size) if desk.chance(0.85) else []
    if not names:
        desk.draft.add(desk.phrase(WORDS["clinic_no_medications"]))
        people.absent(desk, "current_medications")
    elif desk.chance(0.35):
        marked = desk.many(LISTS["current_medications"], names)
        template = desk.phrase(WORDS["note_taking"])
        note.say(note.fill(template, list=tables.spoken(marked)))
    else:
        marked = desk.many(LISTS["current_medications"], vocabulary.cased(desk, names))
        desk.draft.add(*note.listed(marked))


def _allergies(note: Note) -> None:
    desk = note.desk
    label = desk.label(LISTS["allergies"])
    names = vocabulary.several(desk, vocabulary.allergen, 1, 3) if desk.chance(0.55) else []
    text = ", ".join(desk.many(LISTS["allergies"], names)) if names else desk.phrase(WORDS["clinic_no_allergies"])
    text += desk.random.choice((".", "", " (hives)." if names else "."))
    desk.draft.add(*([f"{label.rstrip(':')}: {text}"] if desk.chance(0.5) else [label, text]))
    if not names:
        people.absent(desk, "allergies")


def _systems(note: Note, heads: str, words: str) -> None:
    """Lines of systems and findings, or one run of them."""
    desk = note.desk
    note.head(heads)
    items = desk.random.sample(WORDS[words], desk.random.randint(2, 3 + 2 * desk.size))
    different = {item.split("|")[0]: item for item in items}.values()
    lines = [note.bullet + note.fill(item.replace("|", ": ")) for item in different]
    if desk.chance(0.2):
        note.say(" ".join(line.removeprefix(note.bullet) for line in lines))
    else:
        desk.draft.add(*lines)


def _review(note: Note) -> None:
    _systems(note, "note_heads_ros", "note_review")


def _exam(note: Note) -> None:
    _systems(note, "note_heads_exam", "note_exam")


def _vitals(note: Note) -> None:
    desk = note.desk
    note.head("note_heads_vitals")
    if desk.chance(0.2):
        desk.draft.add(desk.random.choice(("Vitals are stable.", "Within normal limits.", "Reviewed.", "No fever.")))
        return
    names = desk.random.sample(sorted(VITALS), desk.random.randint(1, 4))
    items = [f"{desk.label(CONCEPTS[name])}: {desk.state(name, VITALS[name](desk))}" for name in names]
    desk.draft.add(*([", ".join(items)] if desk.chance(0.4) else [note.bullet + item for item in items]))


def _results(note: Note) -> None:
    note.head("note_heads_results")
    for template in note.desk.random.sample(WORDS["note_results"], note.desk.random.randint(1, 3)):
        note.say(note.fill(template))


def _assessment(note: Note) -> None:
    """The diagnoses of the visit, the one for the complaint first; then what is known already."""
    desk = note.desk
    label = desk.label(LISTS["assessed_conditions"])
    desk.draft.add(label)
    if desk.chance(0.3):
        note.say(_opening(note))
    known = [item for item in note.conditions if desk.chance(0.6)]
    fresh = vocabulary.condition(desk) if desk.chance(0.6) else note.complaint
    marked = desk.draft.mark(fresh[0].upper() + fresh[1:]) if fresh not in map(bare, known) else ""
    desk.draft.facts[LISTS["assessed_conditions"].name] = people.fact_of(
        "assessed_conditions", [*filter(None, [marked]), *known]
    )
    start = desk.random.choice(("{i}. ", "", "{i}) ", "#", ""))
    for number, item in enumerate([*filter(None, [marked]), *known], start=1):
        desk.draft.add(f"{start.format(i=number)}{item}.")
        if desk.chance(0.7) and desk.size:
            note.say(note.fill(desk.random.choice(WORDS["note_reasoning"])))


def _plan(note: Note) -> None:
    """Orders, new drugs, the next visit."""
    desk = note.desk
    note.head("note_heads_plan")
    sentences = [note.fill(t) for t in desk.random.sample(WORDS["note_plans"], desk.random.randint(1, 2 + desk.size))]
    if desk.chance(0.45):
        drugs = vocabulary.several(
            desk, lambda d: f"{vocabulary.drug(d)} {d.random.choice(WORDS['clinic_strengths'])}", 1, 2
        )
        marked = desk.many(LISTS["new_prescriptions"], drugs)
        form = desk.random.choice(
            (
                "We will start {}.",
                "I prescribed {}.",
                "Start {} daily.",
                "Prescribed {} for {n} days.",
                "Add {} once a day.",
            )
        )
        sentences.append(form.format(tables.spoken(marked), n=desk.random.randint(3, 14)))
    if desk.chance(0.4):
        span = desk.random.choice(("in {} weeks", "in {} months", "in {} days", "in {} to 9 weeks")).format(
            desk.random.randint(2, 8)
        )
        form = desk.random.choice(
            (
                "Follow up {}.",
                "Return to clinic {}.",
                "The patient will return {} for a recheck.",
                "RTC {}.",
                "See back {}.",
            )
        )
        sentences.append(form.format(desk.state("follow_up", span)))
    start = desk.random.choice(("", "- ", "{i}. ", "• "))
    if desk.chance(0.4):
        note.say(" ".join(sentences))
    else:
        desk.draft.add(*(start.format(i=i) + sentence for i, sentence in enumerate(sentences, start=1)))


def _close(note: Note) -> None:
    desk = note.desk
    if desk.chance(0.5):
        note.say(note.fill(desk.random.choice(WORDS["note_closings"])))
    if desk.chance(0.25) and "legal_authenticator" not in desk.draft.facts:
        name = desk.state("legal_authenticator", people.person(desk))
        text = desk.phrase(WORDS["clinic_signatures"]).format(
            people.titled(desk, name), d=note.dates.show(note.dates.today)
        )
        desk.draft.add(text)
