"""A page of words as PDF, without a library: the same words are the same bytes."""

from textwrap import wrap

WIDTH, HEIGHT, MARGIN = 612, 792, 72
TITLE_SIZE, TEXT_SIZE, LEADING = 24, 13, 19
LETTERS_A_LINE = 68


def pdf_of(lines: tuple[str, ...]) -> bytes:
    """One letter-sized page: the first line as its title, the others as paragraphs. Letters of Windows-1252 alone."""
    content = _content(lines)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-CA) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 6 0 R "
        "/Resources << /Font << /T 4 0 R /B 5 0 R >> >> >>".encode(),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
            for name in ("Helvetica-Bold", "Helvetica")
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    return _file(objects)


def _content(lines: tuple[str, ...]) -> bytes:
    title, *paragraphs = lines
    top = HEIGHT - MARGIN - TITLE_SIZE
    parts = [b"BT /T %d Tf %d %d Td %s Tj ET" % (TITLE_SIZE, MARGIN, top, _string(title))]
    y = top - 2 * LEADING
    for paragraph in paragraphs:
        for line in wrap(paragraph, LETTERS_A_LINE):
            parts.append(b"BT /B %d Tf %d %d Td %s Tj ET" % (TEXT_SIZE, MARGIN, y, _string(line)))
            y -= LEADING
        y -= LEADING // 2
    return b"\n".join(parts)


def _string(text: str) -> bytes:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return b"(" + escaped.encode("cp1252") + b")"


def _file(objects: list[bytes]) -> bytes:
    """The objects, then where each begins, as readers want it."""
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(out))
    )
