"""A person's search text -> what SQLite's FTS5 is asked. No text can be a syntax error: every word is quoted."""

import re
import unicodedata

# Scripts written without spaces, where FTS5's tokenizer sees a whole clause as one word: Thai and Lao, Myanmar, Khmer,
# kana, and Han with its extensions (Unicode 15.1, Blocks.txt).
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_PARTS = re.compile(r'"([^"]*)"?|([^\s"]+)')


def split_words(text: str) -> tuple[list[str], list[str]]:
    """FTS5 expressions, all of which must match, and pieces in unspaced scripts to be found anywhere in the text.

    Both empty: the text holds nothing that can be searched for, such as "?!".
    """
    expressions, pieces = [], []
    for match in _PARTS.finditer(text.replace("\0", " ")):
        phrase, word = match.groups()
        part = (phrase if word is None else word).strip()
        if UNSPACED.search(part):
            pieces.append(part)
        elif any(char.isalnum() for char in part):
            expressions.append(_either(part, prefix=word is not None))
    return expressions, pieces


def _either(part: str, prefix: bool) -> str:
    """The part as written, composed or decomposed: FTS5 folds case and Latin accents, not the forms of Unicode."""
    forms = dict.fromkeys((part, unicodedata.normalize("NFC", part), unicodedata.normalize("NFD", part)))
    quoted = ['"' + form.replace('"', '""') + '"' + ("*" if prefix else "") for form in forms]
    return f"({' OR '.join(quoted)})"
