"""A page as tests read it: its tags with their attributes, and its words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

from django.http import HttpResponse

Attributes = dict[str, str | None]


@dataclass
class Page:
    """Tags in the order they open, and the words between them."""

    tags: list[tuple[str, Attributes]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def find(self, tag: str, **wanted: str) -> list[Attributes]:
        return [
            attributes
            for name, attributes in self.tags
            if name == tag and all(attributes.get(key) == value for key, value in wanted.items())
        ]

    def links(self) -> dict[str, str]:
        """Addresses of links by their names for those who cannot see them."""
        return {str(each["aria-label"]): str(each["href"]) for each in self.find("a") if each.get("aria-label")}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.page.scripts if self._inside in ("script", "style") else self.page.texts).append(data)


def read(response: HttpResponse) -> Page:
    """The page a response holds."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.page


def pupils(page: Page) -> list[str]:
    """The pupils a page names, in its order."""
    words = page.words.split()
    return [f"{word} {after}" for word, after in pairwise(words) if word.endswith(",") and after.istitle()]
