"""Follows every link that a person is shown, and reads whatever comes: pages, forms' choices, CSV, PDF, zip."""

from __future__ import annotations

import io
import re
import zipfile
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import pypdf
from django.http import HttpResponseBase
from django.test import Client

BOUND = 3000  # far more than there are: a crawl that reaches it goes round in circles


class Page(HTMLParser):
    """The links of a page, and what a strict Content-Security-Policy would refuse on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form" and given.get("method", "get").lower() == "get":
            self.links.append(given.get("action") or "")
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(self.get_starttag_text() or tag)
        if tag == "script" and "src" not in given and given.get("type") not in {"application/json", "text/plain"}:
            self.inline.append(self.get_starttag_text() or tag)
        if any(value.strip().lower().startswith("javascript:") for value in given.values()):
            self.inline.append(self.get_starttag_text() or tag)


@dataclass
class Seen:
    """Everything that one person came to see."""

    texts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, HttpResponseBase] = field(default_factory=dict)
    inline: dict[str, list[str]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.texts.values())


def crawl(client: Client, starts: Iterable[str]) -> Seen:
    """Everything that can be reached from these addresses by following links."""
    seen, known, first = Seen(), set[object](), list(starts)
    waiting = deque(first)
    while waiting:
        url = waiting.popleft()
        key = url if url in first else shape_of(url)
        if key in known:
            continue
        known |= {key, shape_of(url)}
        assert len(known) < BOUND, url
        answer = client.get(url)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen.answers[url] = answer
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        seen.texts[url] = f"{read(kind, content)}\n{answer.headers}"
        if answer.has_header("Location"):
            waiting.append(answer["Location"])
        if kind == "text/html":
            page = Page(seen.texts[url])
            seen.inline[url] = page.inline
            waiting.extend(urljoin(url, link) for link in page.links)
        waiting = deque(link for link in waiting if is_ours(link))
    return seen


def shape_of(url: str) -> tuple[str, tuple[str, ...]]:
    """What makes an address another page.

    Lists are followed once for each way of narrowing them, not for each value. The administration, where all rows of a
    table are alike, is followed for one row of each.
    """
    parts = urlsplit(url)
    if parts.path.startswith("/admin/"):
        return re.sub(r"/\d+(?=/)", "/1", parts.path), ()
    return parts.path, tuple(sorted({name for name, _ in parse_qsl(parts.query)}))


def is_ours(url: str) -> bool:
    """Whether it is a page of the portal."""
    parts = urlsplit(url)
    return parts.scheme in {"", "http"} and parts.netloc in {"", "testserver"} and parts.path.startswith("/")


def read(kind: str, content: bytes) -> str:
    """The words in an answer, whatever its kind."""
    if kind == "application/pdf":
        pdf = pypdf.PdfReader(io.BytesIO(content))
        return "\n".join([*(page.extract_text() for page in pdf.pages), str(pdf.metadata)])
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{name} {read('application/pdf', archive.read(name))}" for name in archive.namelist())
    return content.decode("utf-8", "replace")
