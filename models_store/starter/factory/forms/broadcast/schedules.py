"""The tables of an air-time order: what is aired when, at what rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from models_store.starter.factory.draft import Row
from models_store.starter.factory.forms.broadcast.buy import Buy, Line
from models_store.starter.factory.wordings import LISTS

_GAP = "  "
_LINES = LISTS["air_lines"]
_MOST_ROWS = 7
_DAYS = "M Tu W Th F Sa Su".split()


class Schedule:
    """Writes a purchase's lines as one of several sorts of table."""

    def __init__(self, buy: Buy) -> None:
        self.buy, self.desk, self.random = buy, buy.desk, buy.random
        self.lines: list[str] = []

    def write(self) -> list[str]:
        ways: dict[str, Callable[[], Iterator[str]]] = {
            "air table: plain": self._plain,
            "air table: lines and weeks": self._with_weeks,
            "air table: aired spots": self._aired,
            "air table: counts by day": self._by_day,
            "air table: one long line": self._long,
            "air table: ledger": self._ledger,
        }

        def doing(way: Callable[[], Iterator[str]]) -> Callable[[], None]:
            return lambda: self.lines.extend(way())

        self.desk.variant({name: doing(way) for name, way in ways.items()})
        return self.lines

    def _cells(self, number: int, line: Line) -> dict[str, str]:
        buy = self.buy
        return {
            "line": str(number), "channel": buy("air_station"), "start": buy.day(line.start), "end": buy.day(line.end),
            "program": buy.word("air_programs"), "days": buy.word("air_patterns"), "time": buy.word("air_slots"),
            "length": buy.word("air_lengths"), "count": str(line.spots),
            "rate": buy.money(line.rate), "amount": buy.money(line.cents),
        }  # fmt: skip

    def _plain(self) -> Iterator[str]:
        """A row a line. A short table is a list to be asked for."""
        columns = [c for c in _LINES.columns if c.name in ("program", "count", "amount") or self.desk.chance(0.7)]
        if self.desk.chance(0.3):
            self.random.shuffle(columns)
        yield _GAP.join(self.desk.label(c) for c in columns)
        rows: list[Row] = []
        listed = len(self.buy.lines) <= _MOST_ROWS
        for number, line in enumerate(self.buy.lines, start=1):
            texts = self._cells(number, line)
            cells = {c.name: self.desk.draft.mark(texts[c.name]) if listed else texts[c.name] for c in columns}
            rows.append(cells)
            sign = {"rate": self.buy.sign, "amount": self.buy.sign}
            yield _GAP.join(sign.get(name, "") + text for name, text in cells.items())
        if listed:
            self.desk.rows(_LINES, rows)

    def _with_weeks(self) -> Iterator[str]:
        """Each line with its weeks below it."""
        buy, week = self.buy, "Start Date  End Date  Weekdays  Spots/Week  Rate"
        yield "*Line  Ch  Start Date  End Date  Description  Time  Days  Length  Week  Rate  Type  Spots  Amount"
        for number, line in enumerate(buy.lines, start=1):
            c = self._cells(number, line)
            head = f"N {number}  {c['channel']}  {c['start']}  {c['end']}  {c['program']}  {c['time']}"
            kind = buy.word("air_types")
            yield f"{head}  {c['length']}  {kind}  {line.spots}  {buy.sign}{c['amount']}"
            yield week
            monday = line.start - timedelta(days=line.start.weekday())
            sunday = monday + timedelta(days=6)
            yield f"Week:  {buy.day(monday)}  {buy.day(sunday)}  {c['days']}  {line.spots}  {buy.sign}{c['rate']}"
            if self.desk.chance(0.15):
                yield buy.word("air_remarks")

    def _aired(self) -> Iterator[str]:
        """Each line with the spots that were aired."""
        buy, random = self.buy, self.random
        yield "Line  Channel  Description  Time  Day  Date  Length  Air Time  Ad-ID  Rate  Ref #"
        for number, line in enumerate(buy.lines, start=1):
            c = self._cells(number, line)
            yield f"{number}  {c['channel']}  {c['program']}  {c['time']}"
            yield f"{c['start']} to {c['end']}  {line.spots}x  {c['days']}"
            code = self.desk.values.code()
            for ref in range(1, line.spots + 1):
                day = line.start + timedelta(days=random.randint(0, (line.end - line.start).days))
                at = f"{random.randint(1, 12)}:{random.randint(0, 59):02d} {random.choice(('AM', 'PM'))}"
                weekday = _DAYS[day.weekday()]
                head = f"{buy.station}  {weekday}  {buy.day(day)}  {c['length']}"
                yield f"{head}  {at}  {code}  {buy.sign}{c['rate']}  {ref}"

    def _by_day(self) -> Iterator[str]:
        """Counts a day, the programme on one line and its time on the next."""
        buy, random = self.buy, self.random
        days = [buy.start + timedelta(days=n) for n in range(min(7, (buy.end - buy.start).days + 1))]
        yield _GAP.join(("Days", "Gross", *(f"{day:%a}" for day in days), "Total"))
        yield _GAP.join(("Program Name", "DP  Length", "Rate", *(str(day.day) for day in days), "Spots"))
        for number, line in enumerate(buy.lines, start=1):
            c = self._cells(number, line)
            counts = [0] * len(days)
            for _ in range(line.spots):
                counts[random.randrange(len(days))] += 1
            part = buy.word("air_dayparts")
            yield _GAP.join((c["program"], part, c["days"], buy.sign + c["rate"], *map(str, counts), str(line.spots)))
            yield f"{c['time']}  {c['length']}  {buy.sign}{c['amount']}"

    def _long(self) -> Iterator[str]:
        """All of a line in one row, blanks between the cells as they fall."""
        buy = self.buy
        yield "Ln Ch  Start  End  Inventory Code  Break Start/End Time  Days  Len Spots  Rate Pri  Type Spots  Amount"
        for number, line in enumerate(buy.lines, start=1):
            c = self._cells(number, line)
            head = f"N {number} {c['channel']}  {c['start']} {c['end']} {c['program']}  CM  {c['time']} {c['days']}"
            tail = f"{line.spots}  {buy.sign}{c['rate']} {buy.word('air_priorities')}  0.00 {buy.word('air_types')}"
            yield f"{head}  {c['length']}  {tail}  {line.spots}  {buy.sign}{c['amount']}"
            if self.desk.chance(0.4):
                yield f"{c['program']}  ({c['time']})"

    def _ledger(self) -> Iterator[str]:
        """Lines with a date range, marks for the days, and when they were entered."""
        buy = self.buy
        entered = buy.day(buy.start - timedelta(days=self.random.randint(2, 30)))
        yield "Line  Type / Break  Dates  Length  Run Times  SPW  M  T  W  T  F  S  S  Spots  Rate  Total  Entered"
        for number, line in enumerate(buy.lines, start=1):
            c = self._cells(number, line)
            marks = _GAP.join("X" for _ in range(self.random.randint(1, 5)))
            span = f"{c['start']}-{c['end']}"
            money = f"{buy.sign}{c['rate']}  {buy.sign}{c['amount']}"
            name = f"{number}.0 Normal Line / SPOT  {span}  {c['length']}  {c['program']}"
            yield f"{name}  {line.spots}  {marks}  {line.spots}  {money}  {entered}"
            if self.desk.chance(0.1):
                yield f"{number}.0.1  {buy.word('air_remarks')}"
