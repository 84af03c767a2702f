"""Why a change of people is refused.

StrongroomError
└── PeopleError
    ├── NameTaken          name_taken
    ├── OwnAccount         own_account
    ├── LastAdmin          last_admin
    └── ChangedMeanwhile   changed_meanwhile
"""

from __future__ import annotations

from extraction.errors import StrongroomError


class PeopleError(StrongroomError):
    code = "people_error"


class NameTaken(PeopleError):
    code = "name_taken"
    sentence = "Somebody already has this user name."
    next_step = "Choose another one; names of people who left are not given out again."


class OwnAccount(PeopleError):
    code = "own_account"
    sentence = "You cannot change your own role, switch yourself off or reset your own password here."
    next_step = "Ask another administrator; your own password is changed under your name, top right."


class LastAdmin(PeopleError):
    code = "last_admin"
    sentence = "This is the last active administrator."
    next_step = "Make somebody else an administrator first."


class ChangedMeanwhile(PeopleError):
    code = "changed_meanwhile"
    sentence = "Somebody else changed this person meanwhile."
    next_step = "Look at the values below again and save once more."
