"""Tables and other files of many events: rows as they are streamed, how their columns are meant, what must be asked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from shlex import quote
from typing import NamedTuple, Protocol

from geodata.errors import UsageError, shown
from geodata.model import Event

DATE_ORDERS: Mapping[str, str] = {"ymd": "year, month, day", "dmy": "day, month, year", "mdy": "month, day, year"}
DECIMALS: Mapping[str, str] = {".": "a point", ",": "a comma"}
_YES_NO: Mapping[str, bool] = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Remark:
    """What was wrong in a row, or what was done about it. `column` is its name in the file; empty: the whole row.

    `is_minor`: the receipt says it of the row, and nothing is there to be mended, as a type in other words than ours.
    """

    column: str
    message: str
    is_minor: bool = False

    def __str__(self) -> str:
        return f"{self.column}: {self.message}" if self.column else self.message


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file. `event` None: it was rejected, and `problems` say why. `line` counts from 1.

    `changes` say what was taken otherwise than it stood (a date that could not be read, left out). `cells` are the
    row's own, as they stood, in the order of `RowSource.columns`, so that they can be mended and sent again. `joins`:
    it is sent again from a receipt by which it went into the event of another row, and must not take that one's place.
    """

    line: int
    event: Event | None
    cells: tuple[str, ...] = ()
    changes: tuple[Remark, ...] = ()
    problems: tuple[Remark, ...] = ()
    joins: bool = False


class Option(NamedTuple):
    """An answer that a question accepts; `example` is a value of the file as that answer reads it."""

    value: str
    label: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What must be known before a row is taken. `key` is the field of the mapping that the answer sets.

    `options` empty: the answer is text, such as an EPSG code; `text` says what is accepted. `suggested` is an answer
    that the file speaks for, which a page may offer first and nobody may give unasked.
    """

    key: str
    text: str
    options: tuple[Option, ...] = ()
    suggested: str = ""


class NeedsAnswer(UsageError):
    """A file that cannot be read without an answer, where nobody is there to be asked."""

    def __init__(self, name: str, questions: Sequence[Question]) -> None:
        self.name, self.questions = name, tuple(questions)
        asked = ". ".join(f"{question.text.rstrip('.')} {_accepted(question)}" for question in questions)
        super().__init__(
            f"{name} cannot be imported before this is answered: {asked}. On the page, a table that is added by itself "
            "is asked about"
        )


def _accepted(question: Question) -> str:
    """The options of `import` that answer: they are called as the keys are."""
    option = f"--{question.key.replace('_', '-')}"
    if question.key == "swap_lon_lat":
        return f"(answer with {option} or --no-{option[2:]})"
    if not question.options:
        return f"(answer with {option}{' EPSG:N' * (question.key == 'crs')})"
    answers = [
        f"{option} {quote(each.value)}{f' for {said}' if said != each.value else ''}"
        for each in question.options
        if (said := " = ".join(filter(None, (each.label, each.example))))
    ]
    return f"(answer with {', or '.join(answers)})"


@dataclass(frozen=True, slots=True)
class Credit:
    """To whom the rows of a file are owed, and on what terms. `reexport` False: they may not be passed on (ACLED)."""

    attribution: str = ""
    licence: str = ""
    reexport: bool = True


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How the columns of a table are meant.

    `columns`: our field (geodata/sources/columns.py) -> the columns that it is read from, the first that holds
    something, or all where a field takes several. `date_order` is one of DATE_ORDERS, `decimal` one of DECIMALS;
    empty: as the file shows without doubt. `swap_lon_lat`: the columns are the wrong way round; None: not said. `crs`
    is "EPSG:3857" or the like; empty is WGS84. `type_names`: their name of a type -> ours, "Battles" or
    "Battles/Armed clash". `defaults`: our field -> what rows have that say nothing there. `sheet`: of a workbook.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date_order: str = ""
    decimal: str = ""
    swap_lon_lat: bool | None = None
    crs: str = ""
    sheet: str = ""
    type_names: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, accepted in (("date_order", DATE_ORDERS), ("decimal", DECIMALS)):
            value = getattr(self, name)
            if value and value not in accepted:
                raise UsageError(f"{name} {shown(value)} is unknown; accepted: {' '.join(accepted)}")

    def answered(self, answers: Mapping[str, str]) -> "ColumnMapping":
        """With the answers to questions, by their keys; UsageError for a key or a value that is none."""
        given: dict[str, object] = {}
        for key, value in answers.items():
            if key == "swap_lon_lat":
                if value not in _YES_NO:
                    raise UsageError(f"swap_lon_lat {shown(value)} is unknown; accepted: yes or no")
                given[key] = _YES_NO[value]
            elif key in ("date_order", "decimal", "crs", "sheet"):
                given[key] = value
            else:
                raise UsageError(
                    f"no question is called {shown(key)}; known: date_order, decimal, swap_lon_lat, crs, sheet"
                )
        return replace(self, **given)  # type: ignore[arg-type]

    def to_json(self) -> str:
        """What was said, without what was not; keys in order, so that equal mappings are equal text."""
        told = {
            each.name: _plain(value) for each in fields(self) if (value := getattr(self, each.name)) or value is False
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "ColumnMapping":
        """UsageError names what does not fit."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"a column mapping is a JSON object, not {shown(text)}") from error
        return cls.from_dict(found)

    @classmethod
    def from_dict(cls, found: object) -> "ColumnMapping":
        """As `from_json`, of what JSON holds."""
        if not isinstance(found, dict):
            raise UsageError(f"a column mapping is a JSON object, not {shown(str(found))}")
        known = {each.name for each in fields(cls)}
        if strange := [name for name in found if name not in known]:
            raise UsageError(f"a column mapping has no {shown(strange[0])}; accepted: {', '.join(sorted(known))}")
        swap = found.get("swap_lon_lat")
        if swap is not None and not isinstance(swap, bool):
            raise UsageError(f"swap_lon_lat {shown(str(swap))} is neither true nor false")
        return cls(
            columns={name: _names(name, value) for name, value in _object(found, "columns").items()},
            date_order=_text(found, "date_order"),
            decimal=_text(found, "decimal"),
            swap_lon_lat=swap,
            crs=_text(found, "crs"),
            sheet=_text(found, "sheet"),
            type_names=_texts(found, "type_names"),
            defaults=_texts(found, "defaults"),
        )


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value


def _object(found: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = found.get(name) or {}
    if not isinstance(value, dict):
        raise UsageError(f"{name} of a column mapping is an object, not {shown(str(value))}")
    return value


def _texts(found: Mapping[str, object], name: str) -> Mapping[str, str]:
    named = _object(found, name)
    return {key: _text(named, key) for key in named}


def _names(name: str, value: object) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(each, str) for each in names):
        raise UsageError(f"{name} of a column mapping is a column's name or a list of them, not {shown(str(value))}")
    return tuple(each for each in names if each)


def _text(found: Mapping[str, object], name: str) -> str:
    value = found.get(name, "")
    if not isinstance(value, str):
        raise UsageError(f"{name} of a column mapping is text, not {shown(str(value))}")
    return value


class RowSource(Protocol):
    """The rows of one file, streamed: memory does not grow with their number."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of the file's columns, in their order."""
        ...

    @property
    def mapping(self) -> ColumnMapping:
        """As given, else as guessed from names and contents."""
        ...

    @property
    def questions(self) -> Sequence[Question]:
        """What is not to be guessed; `rows` raises NeedsAnswer as long as there are any."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What reading the file as a whole had to decide; complete when `rows` has ended."""
        ...

    @property
    def credit(self) -> Credit: ...

    @property
    def total_bytes(self) -> int:
        """Of the file, for progress; 0 where it is not known."""
        ...

    @property
    def done_bytes(self) -> int: ...

    def sample(self, n: int) -> Sequence[Row]:
        """The first rows as they would be taken now, questions or not; reads no more of the file than they need."""
        ...

    def rows(self) -> Iterator[Row]:
        """Every row, in order, from the start on each call. NeedsAnswer; UsageError where the file breaks off."""
        ...


class RowImporter(Protocol):
    """geodata/sources: a file of rows -> their source. `name` is what a person calls it; `mapping` None: guess."""

    def __call__(self, path: Path, name: str, mapping: ColumnMapping | None) -> RowSource: ...
