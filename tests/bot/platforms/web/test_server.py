"""The web server around the page."""

import asyncio
import signal
import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from engine.config import EngineConfig
from engine.model.base_model import BaseModel
from engine.serving.llamacpp.engine import LlamaCppEngine
from tests.bot.platforms.web.conftest import OpenSite, Site
from tests.support.fakes import FakeEngine

pytestmark = pytest.mark.asyncio(loop_scope="session")

MALFORMED = ["[", "[::1", "[localhost]", "::1", "127.0.0.1:x@evil.example", "127.0.0.256"]


async def test_health_is_open_and_tells_the_queue(site: Site):
    """A supervisor needs no password to see that all is well."""
    async with site.client() as client:
        response = await client.get("/healthz")
        assert response.status_code == 200
        assert response.json() == {"status": "ok", "engine": "fake", "running": 0, "waiting": 0}


async def test_health_says_when_the_service_is_closing(site: Site):
    """Traffic should go elsewhere as soon as no more questions are taken."""
    await site.answers.close(0)
    async with site.client() as client:
        response = await client.get("/healthz")
        assert (response.status_code, response.json()["status"]) == (503, "closing")


async def test_health_says_when_a_reply_was_lost(site: Site, monkeypatch: pytest.MonkeyPatch):
    """Answers that are not kept are worth an alarm, until one is kept again."""
    monkeypatch.setattr(site.answers, "store_failed", True)
    assert await site.health() == (503, "the last reply could not be stored")


async def test_health_says_when_nothing_can_be_stored(site: Site):
    """Before anybody has asked in vain, and only as long as it is so."""
    async with site.database.transaction() as db:
        await db.execute("PRAGMA query_only = ON")
    assert await site.health() == (503, "the database cannot be written")
    await site.database._writer.execute("PRAGMA query_only = OFF")
    assert await site.health() == (200, "")


async def test_health_says_when_the_engine_is_not_started(open_site: OpenSite, tiny_gguf: Path):
    """A real engine that was never started does not pass as one that answers."""
    engine = LlamaCppEngine(BaseModel("tiny", gguf=tiny_gguf), EngineConfig(tiny_gguf.parent))
    async with open_site(engine) as site:
        reason = "the engine does not answer: the engine is not started"
        assert await site.health() == (503, reason)


async def test_metrics_are_prometheus_text(site: Site):
    """Without a password anybody on this machine may scrape."""
    async with site.client() as client:
        response = await client.get("/metrics")
        assert response.status_code == 200
        assert "reactune_engine_requests" in response.text


async def test_metrics_need_the_password_when_there_is_one(open_site: OpenSite):
    """Scrapers send it as basic authentication, with any user name."""
    async with open_site(web_password=SecretStr("password")) as site, site.client() as client:
        refused = await client.get("/metrics")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic")
        assert (await client.get("/metrics", auth=("x", "wrong"))).status_code == 401
        assert (await client.get("/metrics", auth=("prometheus", "password"))).status_code == 200
        assert (await client.get("/healthz")).status_code == 200


async def test_other_host_names_are_refused(site: Site):
    """A foreign page that points its name at this machine (DNS rebinding) gets nothing."""
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil", "", *MALFORMED):
        async with site.client(headers={"host": host}) as client:
            for path in ("/", "/metrics", "/_nicegui_ws/socket.io/"):
                assert (await client.get(path)).status_code in (400, 421), (host, path)


async def test_every_name_of_this_machine_is_welcome(site: Site):
    """Tunnels and forwarded ports change the number, not the name."""
    for host in ("localhost", "localhost:1234", "127.0.0.1", "127.0.0.2:80", "[::1]:80"):
        async with site.client(headers={"host": host}) as client:
            assert (await client.get("/")).status_code == 200, host


async def test_foreign_pages_cannot_post(site: Site):
    """A request with another site's Origin changes nothing, whatever its cookies."""
    for origin in ("https://evil.example", "null", "https://[", ""):
        async with site.client(headers={"origin": origin}) as client:
            response = await client.post("/_nicegui_ws/socket.io/?EIO=4&transport=polling")
            assert response.status_code == 403, origin


async def test_every_response_carries_the_security_headers(site: Site):
    """No sniffing, framing or telling where one came from; everything stays at home."""
    for path in ("/", "/healthz", "/static/tokens.css", "/nothing-here"):
        async with site.client() as client:
            headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self' 'unsafe-inline'" not in policy


async def test_only_the_pages_own_scripts_may_run(site: Site):
    """Each page has a fresh nonce, and every script of the page carries it."""
    async with site.client() as client:
        first, second = await client.get("/"), await client.get("/")
    policy = first.headers["content-security-policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert first.text.count("<script") == first.text.count(f'<script nonce="{nonce}"') > 3
    assert nonce not in second.text


async def test_there_are_no_generated_documents(site: Site):
    """They would load scripts from elsewhere."""
    async with site.client() as client:
        for path in ("/docs", "/redoc", "/openapi.json"):
            assert (await client.get(path)).status_code == 404, path


async def test_a_taken_port_is_one_line_that_names_the_setting(open_site: OpenSite):
    """Starting where something else listens says which setting to change."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"^WEB_PORT: .*{port}.*") as caught:
            async with open_site(web_port=port):
                pass
        assert "\n" not in str(caught.value)


async def test_signals_stay_with_the_command_line(open_site: OpenSite):
    """The web server installs no handlers of its own."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    async with open_site():
        assert [signal.getsignal(number) for number in numbers] == before


async def test_nothing_is_written_beside_the_settings_home(
    open_site: OpenSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """NiceGUI leaves no folder of its own where the program was started."""
    start = tmp_path / "start"
    start.mkdir()
    monkeypatch.chdir(start)
    async with open_site() as site, site.client() as client:
        await client.get("/")
    assert list(start.iterdir()) == []
    assert not Path(".nicegui").exists()


async def test_stopping_lets_nobody_wait(open_site: OpenSite):
    """With a response still open, stop returns within about a second."""
    engine = FakeEngine(lambda _: "word " * 50)
    async with open_site(engine) as site, site.client() as client, client.stream("GET", "/"):
        started = asyncio.get_running_loop().time()
        await site.stop()
        assert asyncio.get_running_loop().time() - started < 4  # one, on an idle machine
