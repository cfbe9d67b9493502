"""Plain text (.txt): one story a file. A first line that stands alone is its title."""

from geodata.contracts import Reading
from geodata.sources.encoding import decode, encoding_note
from geodata.sources.stories import reading, story


def read(data: bytes, name: str) -> Reading:
    text, encoding = decode(data, name)
    return reading(story(text, name, notes=encoding_note(encoding), dated_by_text=True))
