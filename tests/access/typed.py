"""The forms of a page, for tests that send what no browser sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Sent:
    """A form of a page: how it is sent, and what stands in it."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page with everything that they hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Sent] = []
        self._chooses = self._writes = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Sent(given.get("method", "get").lower(), given.get("action", "")))
        if not self.found:
            return
        values, name, value = self.found[-1].values, given.get("name", ""), given.get("value", "")
        if tag == "input" and name:
            if given.get("type") not in {"radio", "checkbox"} or "checked" in given or name not in values:
                values[name] = value
        elif tag in {"select", "textarea", "button"} and name:
            values.setdefault(name, value)
            self._chooses = name if tag == "select" else ""
        elif tag == "option" and self._chooses and ("selected" in given or not values[self._chooses]):
            values[self._chooses] = value
