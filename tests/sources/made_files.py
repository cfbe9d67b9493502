"""Small Word, PDF and feed files, made by hand so that no writer of them is needed."""

import io
import zipfile
import zlib

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx_file(body: str, part: str = "word/document.xml") -> bytes:
    """A zip archive with `body` as the document's part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, body)
    return out.getvalue()


def word_document(*paragraphs: str) -> str:
    runs = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    return f"<w:document {W}><w:body>{runs}</w:body></w:document>"


def pdf_page(*lines: str) -> bytes:
    """The drawing operations of a page with these lines of text."""
    return b"BT /F1 12 Tf 14 TL 50 700 Td " + b" ".join(b"(%s) Tj T*" % line.encode() for line in lines) + b" ET"


def pdf_file(*pages: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these pages, their content deflated."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for content in pages:
        packed = zlib.compress(content)
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed))
        resources = b"<< /Font << /F1 3 0 R >> >>"
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources %s >>"
        objects.append(page % (len(objects), resources))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer << /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(out))
    return out + head + table + end


def feed_file(*items: str, language: str = "en-gb") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Example Wire</title><language>{language}</language>{''.join(items)}</channel></rss>"
    ).encode()


def feed_item(number: int = 1, body: str = "", more: str = "") -> str:
    body = (
        body
        or f"&lt;p&gt;Blast {number} hit &lt;b&gt;Kherson&lt;/b&gt; on Friday.&lt;/p&gt;&lt;p&gt;Two hurt.&lt;/p&gt;"
    )
    return (
        f"<item><title>Blast {number}</title><link>https://example.org/{number}</link>"
        f"<description>{body}</description><pubDate>Fri, 17 Nov 2023 23:42:00 -0500</pubDate>{more}</item>"
    )
