"""The crawler against a site of our own on loopback. The clock is moved by the tests: nothing here waits."""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
import sys
from pathlib import Path

import pytest

from corpus.errors import ConfigError
from corpus.sites import FOLDER, load_site, site_names
from pipeline.crawl.challenge import challenge
from pipeline.crawl.fetch import BlockedError, CrawlSettings, Fetcher, FetchError, clean_url, retry_after
from pipeline.crawl.guard import AddressError, is_public
from pipeline.crawl.pages import decode, fingerprint
from pipeline.crawl.robots import parse_robots
from pipeline.crawl.site import crawl_site
from pipeline.crawl.store import CrawlStore
from pipeline.items import find_items, read_bytes

sys.path.insert(0, str(Path(__file__).parent / "site"))
from server import TestSite, article, story


class FakeClock:
    """Time that passes when someone sleeps, and `tick` seconds with every look at it."""

    def __init__(self) -> None:
        self.time, self.tick = 1000.0, 0.0

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=self.time)

    def monotonic(self) -> float:
        self.time += self.tick
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += seconds


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def site(clock):
    with TestSite() as running:
        running.now = lambda: clock.time
        yield running


def resolver(host: str, port: int) -> list[str]:
    return {"127.0.0.1": ["127.0.0.1"], "10.0.0.1": ["10.0.0.1"], "localhost.test": ["127.0.0.1"]}[host]


@pytest.fixture
def settings(site):
    return CrawlSettings("crawler@example.org", allow_hosts=(site.host,))


@pytest.fixture
def fetcher(clock):
    return lambda settings: Fetcher(settings, clock, resolver)


@pytest.fixture
def crawl(tmp_path, settings, fetcher):
    return lambda definition, **options: crawl_site(definition, tmp_path, settings, fetcher=fetcher, **options)


def pages(folder: Path) -> dict[str, tuple]:
    rows = sqlite3.connect(folder / "loopback" / "crawl.sqlite").execute("SELECT url, state, same_as, error, kind FROM pages")
    return {url.split("/", 3)[3]: tuple(rest) for url, *rest in rows}


def test_five_list_shapes(site, crawl, tmp_path):
    report = crawl(site.definition())
    assert report.errors == []
    assert (report.listed, report.stored, report.same) == (60, 59 + 2, 1)
    found = pages(tmp_path)
    assert sum(url.startswith("trs/") and state[3] == "article" for url, state in found.items()) == 12
    assert found["post/post_3.html"][:2] == ("same", f"{site.base}/trs/202403/t20240301_3.html")
    assert found["trs/202403/P020240301.pdf"] == ("stored", None, None, "attachment")


def test_the_second_night_asks_for_lists_only(site, crawl):
    first = crawl(site.definition())
    site.requests.clear()
    second = crawl(site.definition())
    assert second.stored == second.failed == 0
    assert second.errors == []
    lists = ["/trs/index.html", "/col/col101/index.html", "/news/index.html", "/sitemap.xml", "/sitemap-1.xml.gz", "/rss.xml"]
    assert site.paths() == dict.fromkeys(["/robots.txt", *lists], 1)
    assert all("If-None-Match" in headers for _, path, headers in site.requests if path != "/robots.txt")
    assert (first.requests, second.requests) == (75, 7)


def test_the_next_night_fetches_what_is_new_and_stops_at_known_articles(site, crawl):
    crawl(site.definition())
    site.requests.clear()
    site.count = 18
    report = crawl(site.definition())
    assert report.stored == 6 * 5
    asked = site.paths()
    assert asked["/trs/index_1.html"] == 1, "the second page still has a new article"
    assert "/trs/index_2.html" in asked
    assert "/trs/index_3.html" not in asked, "the third shows known ones only: the fourth is not asked for"
    assert max(asked.values()) == 1


def test_one_request_in_two_seconds(site, crawl):
    site.robots = (404, b"")
    crawl(site.column("links", "/news/index.html"))
    times = [time for time, _, _ in site.requests]
    assert len(times) == 16
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 2.0
    assert {headers["User-Agent"] for _, _, headers in site.requests} == {"gongbao/0.1 (+crawler@example.org)"}


def test_an_absurd_crawl_delay_is_capped_and_a_real_one_kept(site, crawl, clock):
    start = clock.time
    crawl(site.column("rss", "/rss.xml"))
    assert clock.time - start == pytest.approx(2 + 60 * 12)
    site.robots = (200, b"User-agent: gongbao\nCrawl-delay: 7\n")
    start = clock.time
    crawl(site.column("links", "/news/index.html"))
    assert clock.time - start == pytest.approx(2 + 7 * 14)


def test_what_goes_wrong_on_a_page_is_kept_and_stops_nothing(site, crawl, tmp_path, settings):
    site.broken = True
    report = crawl(site.column("trs", "/trs/index.html"))
    report = crawl(site.column("links", "/news/index.html"))
    assert report.stored == 12
    found = {url.removeprefix("news/content_"): state for url, state in pages(tmp_path).items() if "content_90" in url}
    reasons = {url[:3]: state[2] for url, state in found.items()}
    assert "redirects in a circle" in reasons["900"]
    assert "10.0.0.1 is not a public one" in reasons["902"]
    assert "127.0.0.1 is not a public one" in reasons["903"]
    assert "Protocol" in reasons["904"]
    assert "content coding" in reasons["905"]
    assert found["906.html"][:2] == ("same", f"{site.base}/trs/202403/t20240301_2.html")
    assert found["907.html"][:3] == ("blocked", None, "robots.txt forbids it")
    assert found["908.html"][0] == "gone"
    assert "/news/content_907.html" not in site.paths()
    assert report.errors == []


def test_a_failing_page_is_asked_for_in_three_crawls_only(site, crawl):
    site.broken = True
    for _ in range(5):
        crawl(site.column("links", "/news/index.html"))
    paths = site.paths()
    assert paths["/news/content_905.html"] == 3
    assert paths["/news/content_908.html"] == 1, "gone is gone"
    assert paths["/news/content_3.html"] == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (521, b"<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>"),
        (412, b"<html><script>$_ts=window['$_ts'];</script></html>"),
        (200, b"<html><script>var arg1='A1B2';document.cookie='acw_sc__v2='+arg1;location.reload()</script></html>"),
    ],
)
def test_a_challenge_is_recorded_and_not_asked_again(site, crawl, tmp_path, status, body):
    site.challenge = (status, body)
    report = crawl(site.definition())
    assert report.blocked == 1
    assert "blocked" in report.errors[0]
    assert site.paths() == {"/robots.txt": 1, "/trs/index.html": 1}


def test_a_challenge_in_the_middle_stops_the_site_and_the_next_crawl_goes_on(site, crawl, tmp_path):
    wall = b"<script>document.cookie='x=1';location.reload()</script>"
    site.special["/news/content_8.html"] = lambda handler: handler.send(200, {"Content-Type": "text/html"}, wall)
    report = crawl(site.definition(columns=site.column("links", "/news/index.html").columns, minimum=1))
    assert (report.stored, report.blocked) == (3, 1)
    assert pages(tmp_path)["news/content_8.html"][0] == "blocked"
    site.special.clear()
    report = crawl(site.column("links", "/news/index.html"))
    assert report.stored == 9
    assert report.errors == []


def test_an_ordinary_page_is_no_challenge():
    body = article(4) + b"<script>if(x){location.href='/m/'}</script>"
    assert challenge(200, {"content-type": "text/html"}, body) is None
    assert challenge(200, {"content-type": "application/pdf"}, b"%PDF document.cookie=") is None


def test_loops_end(site, crawl):
    def same(handler):
        handler.send(
            200,
            {"Content-Type": "text/html"},
            b'<a href="/news/content_1.html">x</a><a href="/a/index.html">\xe4\xb8\x8b\xe4\xb8\x80\xe9\xa1\xb5</a>',
        )

    site.special = {"/a/index.html": same, **{f"/b/index_{number}.html": same for number in range(1, 30)}}
    assert crawl(site.column("links", "/a/index.html")).lists == 1
    endless = {"name": "x", "url": f"{site.base}/b/index_1.html", "adapter": "links", "next": "index_{n}.html"}
    assert crawl(site.definition(columns=[endless], minimum=0)).lists == 2, "the same page under another number"


def test_a_changed_list_is_an_error_that_is_seen(site, crawl):
    empty = lambda handler: handler.send(200, {"Content-Type": "text/html"}, b"<html><p>new design, other links</p></html>")  # noqa: E731
    site.special["/news/index.html"] = empty
    report = crawl(site.column("links", "/news/index.html"))
    assert ["no article on the list" in error or "at least 1" in error for error in report.errors] == [True, True]
    report = crawl(site.column("rss", "/rss.xml").model_copy(update={"minimum": 13}))
    assert report.errors == ["the lists show 12 articles, at least 13 are expected"]
    report = crawl(site.column("rss", "/nowhere.xml"))
    assert report.failed == 1
    assert "status 404" in report.errors[0]


def test_a_crawl_cut_short_is_completed(site, crawl, monkeypatch):
    real, left = CrawlStore.add, [4]

    def killed(self, entry):
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        real(self, entry)

    monkeypatch.setattr(CrawlStore, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        crawl(site.column("links", "/news/index.html"))
    monkeypatch.setattr(CrawlStore, "add", real)
    report = crawl(site.column("links", "/news/index.html"))
    assert report.stored == 12 - 4
    assert max(count for path, count in site.paths().items() if "content_" in path) == 2, "only the one in flight was asked for twice"


def test_a_record_cut_short_is_cut_off(site, crawl, tmp_path):
    crawl(site.column("rss", "/rss.xml"))
    archive = tmp_path / "loopback" / "pages.warc.gz"
    whole = archive.read_bytes()
    archive.write_bytes(whole + whole[-200:-50])
    site.count = 14
    assert crawl(site.column("rss", "/rss.xml")).stored == 2
    items = find_items(tmp_path / "loopback")
    assert len(items) == 14
    assert all("社会工作服务站" in decode(read_bytes(item)) for item in items)


def test_stored_pages_are_inputs_of_a_batch_without_the_network(site, crawl, tmp_path):
    crawl(site.definition())
    site.__exit__()
    items = find_items(tmp_path / "loopback")
    assert len(items) == 61
    first = next(item for item in items if item.uri.endswith("/trs/202403/t20240301_0.html"))
    assert story(0) in decode(read_bytes(first))
    assert first.retrieved is not None
    assert find_items(tmp_path) == items, "the folder of all crawls"


def test_two_crawls_of_a_site_do_not_mix(site, crawl, tmp_path):
    with CrawlStore(tmp_path / "loopback"), pytest.raises(ConfigError, match="another crawl"):
        crawl(site.definition())


def test_recheck_finds_changed_articles(site, crawl, tmp_path):
    crawl(site.column("rss", "/rss.xml"))
    site.special["/rss/content_5.html"] = lambda handler: handler.send(200, {"Content-Type": "text/html"}, article(999))
    site.requests.clear()
    report = crawl(site.column("rss", "/rss.xml"), recheck=7)
    assert report.stored == 1
    assert sum("If-None-Match" in headers for _, _, headers in site.requests) == 1 + 12
    changed = next(item for item in find_items(tmp_path / "loopback") if item.uri.endswith("content_5.html"))
    assert story(999) in decode(read_bytes(changed))


class TestFetcher:
    @pytest.fixture
    def get(self, fetcher, settings):
        with fetcher(settings) as opened:
            yield opened.get

    def test_retry_after_is_waited_for(self, site, get, clock):
        answers = iter([(503, {"Retry-After": "40"}), (200, {})])
        site.special["/x"] = lambda handler: handler.send(*next(answers), b"ok")
        site.robots = (404, b"")
        start = clock.time
        assert get(f"{site.base}/x").body == b"ok"
        assert clock.time - start >= 40

    def test_a_retry_after_that_is_too_long_is_not(self, site, get, clock):
        site.special["/x"] = lambda handler: handler.send(429, {"Retry-After": "86400"}, b"")
        with pytest.raises(FetchError, match="asks to wait 86400") as caught:
            get(f"{site.base}/x")
        assert caught.value.transient
        assert site.paths()["/x"] == 1

    def test_an_error_of_the_server_is_tried_three_times(self, site, get):
        site.special["/x"] = lambda handler: handler.send(500, {}, b"")
        with pytest.raises(FetchError, match="status 500"):
            get(f"{site.base}/x")
        assert site.paths()["/x"] == 3

    def test_a_slow_server_does_not_hold_us(self, site, get, clock):
        from server import _endless

        site.special["/slow"] = _endless
        site.robots = (404, b"")
        clock.tick = 1.0
        with pytest.raises(FetchError, match="not complete after 120 s"):
            get(f"{site.base}/slow")

    def test_a_page_without_end_is_cut(self, site, clock, settings, fetcher):
        from dataclasses import replace

        from server import _endless

        site.special["/big"] = _endless
        with fetcher(replace(settings, max_bytes=100_000)) as opened, pytest.raises(FetchError, match="larger than 100000"):
            opened.get(f"{site.base}/big")

    @pytest.mark.parametrize(
        ("robots", "allowed"),
        [
            ((404, b""), True),
            ((403, b"no"), True),
            ((503, b""), False),
            ((200, b"<html>404</html>"), True),
            ((200, b"User-agent: *\nDisallow: /"), False),
            ((200, b"\xff\xfe\x00garbage"), True),
        ],
    )
    def test_robots(self, site, get, robots, allowed):
        site.robots = robots
        if allowed:
            assert get(f"{site.base}/rss.xml").status == 200
        else:
            with pytest.raises(BlockedError, match=r"robots\.txt"):
                get(f"{site.base}/rss.xml")
            assert "/rss.xml" not in site.paths()

    def test_robots_that_lead_inside_are_not_followed(self, site, get):
        site.robots = (302, b"")
        with pytest.raises(AddressError, match=r"10\.0\.0\.1"):
            get(f"{site.base}/rss.xml")

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://", "http://[::1", "//x"])
    def test_only_http(self, get, url):
        with pytest.raises(FetchError):
            get(url)

    def test_a_host_must_be_allowed_by_port(self, site, fetcher):
        with fetcher(CrawlSettings("x@example.org")) as opened, pytest.raises(AddressError, match="not a public one"):
            opened.get(f"{site.base}/rss.xml")
        assert site.requests == []

    def test_a_name_that_means_us_is_refused(self, site, clock):
        inside = Fetcher(CrawlSettings("x@example.org"), clock, lambda host, port: ["203.0.114.9", "127.0.0.1"])
        with inside as opened, pytest.raises(AddressError, match=r"127\.0\.0\.1"):
            opened.get("http://www.example.org/")

    def test_a_contact_is_asked_for(self, fetcher):
        with pytest.raises(ConfigError, match="contact"):
            fetcher(CrawlSettings(" ")).__enter__()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        *(
            (private, False)
            for private in ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1")
        ),
        *((private, False) for private in ("::1", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "224.0.0.1", "2002:7f00:1::")),
    ],
)
def test_public_addresses(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("given", "expected"),
    [("HTTP://A.CN:80/x#y", "http://a.cn/x"), ("https://a.cn", "https://a.cn/"), ("https://a.cn:8443/?b=1", "https://a.cn:8443/?b=1")],
)
def test_one_form_for_one_page(given, expected):
    assert clean_url(given) == expected


def test_retry_after_forms():
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert retry_after("120", now) == 120
    assert retry_after("Thu, 01 Jan 2026 00:01:00 GMT", now) == 60
    assert retry_after("soon", now) is None
    assert retry_after(None, now) is None


def test_decoding_trusts_bytes_more_than_labels():
    text = "救助㐂站"
    assert decode(text.encode("gb18030"), "text/html; charset=gb2312") == text
    assert decode(b'<meta charset="gb2312">' + text.encode()) == f'<meta charset="gb2312">{text}'
    assert decode("繁體".encode("big5"), "text/html; charset=big5") == "繁體"


def test_fingerprints():
    assert fingerprint(article(5).decode()) == fingerprint(f"<div><p>{story(5)}</p></div>")
    assert fingerprint(article(5).decode()) != fingerprint(article(6).decode())
    assert fingerprint("<p>短</p>") is None
    assert fingerprint("") is None


def test_robots_rules_of_others_are_not_ours():
    rules = parse_robots(200, b"User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /a\n")
    assert rules.allows("http://x/b", "gongbao")
    assert not rules.allows("http://x/a", "gongbao")


@pytest.mark.parametrize("name", site_names())
def test_shipped_definitions(name):
    site = load_site(name)
    assert site.name == name
    assert site.tested == "never", "say against what it was tried"
    assert site.minimum >= 10
    assert "never tried" in (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def test_there_are_the_ministry_and_ten_provinces():
    areas = {load_site(name).area for name in site_names()}
    assert None in areas
    assert len(areas) > 10


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("colour: red", "colour"),
        ('article: "("', "article"),
        ('schedule: "daily"', "schedule"),
        ("columns: []", "columns"),
        ("pages: 0", "pages"),
    ],
)
def test_wrong_definitions_are_refused(tmp_path, change, message):
    key = change.split(":")[0]
    lines = [
        line
        for line in (FOLDER / "mca.yaml").read_text(encoding="utf-8").splitlines()
        if not line.startswith((f"{key}:", "  ")) or key != "columns"
    ]
    kept = [line for line in lines if not line.startswith(f"{key}:")]
    if key == "columns":
        kept = [line for line in kept if not line.startswith(" ")]
    (tmp_path / "x.yaml").write_text("\n".join([*kept, change]), encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_site(tmp_path / "x.yaml")
    with pytest.raises(ConfigError, match="known are"):
        load_site("atlantis")
