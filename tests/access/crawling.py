"""Goes wherever a page leads: links, downloads, and every choice of every form that only asks."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.access.browsing import Browser
from tests.access.canaries import Canaries
from tests.access.facts import Actor

MOST_OF_A_ROUTE = 12
"""So many pages of one address, however many choices it has. The walk asks for every pupil's, class's and group's."""

_SAID_BY_THE_WAY = frozenset({"from", "page", "have"})
"""What an address holds that changes nothing of what is shown."""


class Page(HTMLParser):
    """The addresses a page leads to."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self._forms: dict[str, str] = {}
        self._controls: dict[str, dict[str, list[str]]] = {}
        self._form, self._select = "", ("", "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in ("a", "use", "image") and "href" in said:
            self.links.append(said["href"])
        elif tag == "form":
            self._form = said.get("id") or f"form {len(self._forms)}"
            if said.get("method", "get").lower() == "get":
                self._forms[self._form] = said.get("action", "")
        elif tag == "option":
            self._offer(*self._select, said.get("value", ""), chosen="selected" in said)
        elif tag in ("input", "select", "button") and said.get("name"):
            form = said.get("form", self._form)
            if tag == "select":
                self._select = (form, said["name"])
                self._controls.setdefault(form, {}).setdefault(said["name"], [])
            else:
                self._offer(form, said["name"], said.get("value", ""), chosen=True)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""

    def _offer(self, form: str, name: str, value: str, *, chosen: bool) -> None:
        offered = self._controls.setdefault(form, {}).setdefault(name, [])
        offered.insert(0 if chosen else len(offered), value)

    def leads_to(self) -> Iterator[str]:
        """Every link; and every form that asks, with each of its choices made once."""
        for link in self.links:
            yield urljoin(self.address, link)
        for form, action in self._forms.items():
            controls = self._controls.get(form, {})
            usual = {name: values[0] for name, values in controls.items() if values and values[0]}
            for name, values in controls.items():
                for value in values:
                    yield urljoin(self.address, f"{action}?{urlencode({**usual, name: value})}")


class Crawl:
    """Everything one person comes upon from some first addresses on, each looked at for what is not theirs."""

    def __init__(self, browser: Browser, canaries: Canaries, actor: Actor) -> None:
        self._browser, self._canaries, self._actor = browser, canaries, actor
        self._waiting: deque[str] = deque()
        self._known: set[tuple[str, str]] = set()
        self._opened: Counter[str] = Counter()
        self.reached: Counter[str] = Counter()
        self.leaks: list[str] = []
        self.n_found = 0

    @property
    def n_pages(self) -> int:
        return sum(self._opened.values())

    def go(self, addresses: Iterable[str]) -> "Crawl":
        """Opens them and all they lead to."""
        self._note(addresses, limited=False)
        while self._waiting:
            self._open(self._waiting.popleft())
        return self

    def _note(self, addresses: Iterable[str], *, limited: bool = True) -> None:
        for address in addresses:
            key, route = _key(address), _route(address)
            if route is None or key in self._known:
                continue
            self._known.add(key)
            if limited and self._opened[route] >= MOST_OF_A_ROUTE:
                continue
            self._opened[route] += 1
            self._waiting.append(address)

    def _open(self, address: str) -> None:
        answer = self._browser.ask(self._actor, address.partition("#")[0])
        route = str(_route(address))
        if answer.status == 200:
            self.reached[route] += 1
        found = list(self._canaries.found(answer.text))
        self.n_found += len(found)
        self.leaks += [f"{address}: {each}" for each in self._canaries.leaks(self._actor, answer, asked=address)]
        if where := answer.headers.get("Location"):
            self._note([urljoin(address, where)])
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = Page(address)
            page.feed(answer.body.decode())
            self._note(page.leads_to())


def _key(address: str) -> tuple[str, str]:
    """What an address asks, without what it says by the way."""
    parts = urlsplit(address)
    said = sorted(pair for pair in parse_qsl(parts.query) if pair[0] not in _SAID_BY_THE_WAY)
    return parts.path, urlencode(said)


def _route(address: str) -> str | None:
    """The name of the route an address of ours is on; None for what is not ours to open."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("/static/"):
        return None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return "nothing"
    return found.url_name or found.route


__all__ = ["Crawl"]
