"""A government site of our own making, on loopback: five list shapes and what goes wrong on real ones."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from corpus.sites import Site

PER_PAGE = 5
TEXT = (
    "{area}{year}年新建社会工作服务站{n}个,配备社会工作者{m}人,服务困难群众{k}人次。"
    "各站围绕养老服务、社会救助、儿童关爱开展专业服务,受到群众好评。"
)


def story(number: int) -> str:
    """The text of the number-th article."""
    area = ["青川市", "平桥区", "云岭县"][number % 3]
    body = TEXT.format(area=area, year=2020 + number % 5, n=number + 11, m=number * 2 + 5, k=number * 37 + 900)
    return body + f"第{number}期简报由市民政局印发。" * 2


def page(title: str, body: str, charset: str = "utf-8") -> bytes:
    html = f'<html><head><meta charset="{charset}"><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>'
    return html.encode("gb18030" if charset == "gb2312" else charset)


def article(number: int, extra: str = "", charset: str = "utf-8") -> bytes:
    return page(f"第{number}期社会工作简报", f"<div>发布时间:2024-03-{number % 28 + 1:02}</div><p>{story(number)}</p>{extra}", charset)


def anchors(links: list[tuple[str, int]]) -> str:
    return "".join(
        f'<li><a href="{url}">第{number}期社会工作简报</a><span>2024-03-{number % 28 + 1:02}</span></li>' for url, number in links
    )


class TestSite:
    """The site's pages as a table from path to an answer; tests change it while the server runs."""

    __test__ = False

    def __init__(self, count: int = 12) -> None:
        self.count = count
        self.requests: list[tuple[float, str, dict[str, str]]] = []
        self.now: Callable[[], float] = lambda: 0.0
        self.robots: tuple[int, bytes] = (200, ROBOTS)
        self.special: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.broken = False
        self.challenge: tuple[int, bytes] | None = None
        handler = type("Handler", (_Handler,), {"site": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.handle_error = lambda request, address: None  # type: ignore[method-assign]  # a client that hangs up is part of the tests
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.host = f"127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> TestSite:
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def definition(self, **changes: Any) -> Site:
        """The site's definition, with changed fields."""
        text = (Path(__file__).parent / "loopback.yaml").read_text(encoding="utf-8").replace("{base}", self.base)
        return Site.model_validate({**yaml.safe_load(text), **changes})

    def column(self, adapter: str, path: str, **changes: Any) -> Site:
        """A definition with one column only."""
        return self.definition(columns=[{"name": "x", "url": self.base + path, "adapter": adapter}], minimum=1, **changes)

    def paths(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(path for _, path, _ in self.requests)

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes] | None:
        """Status, headers and body of a path; None for what is not there."""
        html = {"Content-Type": "text/html"}
        for prefix, build in (("/trs/", self._trs), ("/col/", self._hanweb), ("/module/", self._hanweb), ("/news/", self._news)):
            if path.startswith(prefix) and (body := build(path)):
                return 200, html if not path.endswith((".pdf", ".docx")) else {"Content-Type": "application/octet-stream"}, body
        if path.startswith("/post/post_") and self._number(path) < self.count:
            number = self._number(path)
            return 200, html, article(3 if number == 3 else number + 300)  # the fourth is a reprint from /trs/
        if path.startswith("/rss/content_") and self._number(path) < self.count:
            return 200, html, article(self._number(path) + 400)
        return self._feeds(path)

    def _number(self, path: str) -> int:
        digits = path.rsplit("_", 1)[-1].split(".")[0]
        return int(digits) if digits.isdigit() else 10**6

    def _pages(self) -> int:
        return -(-self.count // PER_PAGE)

    def _slice(self, number: int) -> list[int]:
        newest = list(range(self.count))[::-1]
        return newest[(number - 1) * PER_PAGE : number * PER_PAGE]

    def _trs(self, path: str) -> bytes | None:
        """Labelled gb2312, and holding a character that only GB 18030 has."""
        name = path.rsplit("/", 1)[-1]
        if name.startswith("index"):
            number = 1 if name == "index.html" else self._number(name) + 1
            links = [(f"./202403/t20240301_{n}.html", n) for n in self._slice(number)]
            script = f'<script>createPageHTML({self._pages()}, {number - 1}, "index", "html");</script>'
            return page("要闻 㐂", f"<ul>{anchors(links)}</ul>{script}", "gb2312") if links else None
        if name.endswith((".pdf", ".docx")):
            return b"%PDF-1.4 " + name.encode()
        number = self._number(name)
        extra = '<a href="./P020240301.pdf">附件1</a><a href="./P020240302.docx">附件2</a>' if number == 1 else ""
        return article(number, extra, "gb2312") if number < self.count else None

    def _hanweb(self, path: str) -> bytes | None:
        if "/art_" in path:
            number = self._number(path)
            return article(number + 100) if number < self.count else None
        number = int(path.rsplit("page=", 1)[-1].split("&")[0]) if "page=" in path else 1
        records = "".join(
            f"<record><![CDATA[{anchors([(f'/col/art/2024/3/8/art_101_{n}.html', n)])}]]></record>" for n in self._slice(number)
        )
        following = (
            f'<a href="/module/web/jpage/dataproxy.jsp?page={number + 1}&webid=1&columnid=101"></a>' if number < self._pages() else ""
        )
        store = f"<datastore><nextgroup><![CDATA[{following}]]></nextgroup><recordset>{records}</recordset></datastore>"
        return page("通知", f'<script type="text/xml">{store}</script>') if number == 1 else store.encode()

    def _news(self, path: str) -> bytes | None:
        name = path.rsplit("/", 1)[-1]
        if name.startswith("index"):
            number = 1 if name == "index.html" else self._number(name)
            links = [(f"content_{n}.html", n) for n in self._slice(number)]
            if number == 1 and self.broken:
                links += [(f"content_{n}.html", n) for n in range(900, 909)]
            next_page = f'<a href="index_{number + 1}.html">下一页</a>' if number < self._pages() else ""
            return page("动态", f"<ul>{anchors(links)}</ul>{next_page}") if links else None
        number = self._number(name)
        return article(number + 200) if number < self.count else None

    def _feeds(self, path: str) -> tuple[int, dict[str, str], bytes] | None:
        xml = {"Content-Type": "application/xml"}
        if path == "/sitemap.xml":
            return (
                200,
                xml,
                f"<?xml version='1.0'?><sitemapindex><sitemap><loc>{self.base}/sitemap-1.xml.gz</loc></sitemap></sitemapindex>".encode(),
            )
        if path == "/sitemap-1.xml.gz":
            urls = "".join(f"<url><loc>{self.base}/post/post_{n}.html</loc><lastmod>2024-03-01</lastmod></url>" for n in range(self.count))
            whole = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
            return 200, {"Content-Type": "application/gzip"}, gzip.compress(whole.encode(), mtime=0)
        if path == "/rss.xml":
            items = "".join(f"<item><title>第{n}期</title><link>{self.base}/rss/content_{n}.html</link></item>" for n in range(self.count))
            return 200, xml, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        return None


ROBOTS = """\ufeffUser-agent: *
Disallow: /news/content_907.html
Crawl-delay: 86400
Sitemap: http://169.254.169.254/latest/meta-data
User-agent: gongbao-of-someone-else
Disallow: /
""".encode()
"""It lies: one request a day, and a sitemap at an address inside its network."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # one packet per answer: no waiting for acknowledgements
    site: TestSite

    def log_message(self, *_: object) -> None:
        pass

    def send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        site = self.site
        site.requests.append((site.now(), self.path, dict(self.headers)))
        if self.path == "/robots.txt":
            return self.send(site.robots[0], {"Location": "http://10.0.0.1/robots.txt"} if site.robots[0] == 302 else {}, site.robots[1])
        if site.challenge:
            return self.send(site.challenge[0], {"Content-Type": "text/html"}, site.challenge[1])
        if self.path in site.special:
            return site.special[self.path](self)
        if site.broken and (special := BROKEN.get(self.path)):
            return special(self)
        found = site.answer(self.path)
        if found is None:
            return self.send(404, {"Content-Type": "text/html"}, page("404", "<p>页面不存在</p>"))
        status, headers, body = found
        tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        if self.headers.get("If-None-Match") == tag:
            return self.send(304, {"ETag": tag}, b"")
        return self.send(status, {**headers, "ETag": tag}, body)


def _redirect(to: str) -> Callable[[Any], None]:
    return lambda handler: handler.send(302, {"Location": to}, b"")


def _truncated(handler: Any) -> None:
    handler.send(200, {"Content-Length": "5000", "Content-Type": "text/html", "Connection": "close"}, b"<html>")
    handler.close_connection = True


def _endless(handler: Any) -> None:
    """A byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    try:
        for _ in range(100_000):
            handler.wfile.write(b" " * 2000)
    except OSError:
        pass


BROKEN: dict[str, Callable[[Any], None]] = {
    "/news/content_900.html": _redirect("/news/content_901.html"),
    "/news/content_901.html": _redirect("/news/content_900.html"),
    "/news/content_902.html": _redirect("http://10.0.0.1/admin"),
    "/news/content_903.html": _redirect("http://localhost.test:9/"),
    "/news/content_904.html": _truncated,
    "/news/content_905.html": lambda handler: handler.send(200, {"Content-Encoding": "gzip"}, b"no gzip"),
    "/news/content_906.html": _redirect("/trs/202403/t20240301_2.html"),
    "/news/content_907.html": lambda handler: handler.send(200, {}, b"forbidden by robots.txt"),
}
"""content_908 is not there at all."""
