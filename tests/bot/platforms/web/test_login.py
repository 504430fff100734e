"""The door to the web page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.platforms.web.server.auth import Login, LoginAttempts
from tests.bot.platforms.web.conftest import OpenSite

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSWORD = SecretStr("열려라 sesame")
HTML = {"accept": "text/html"}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_five_wrong_passwords_are_free_and_each_further_one_doubles_the_wait():
    """Guessing becomes slow, for this client only, and ends with patience."""
    clock = Clock()
    attempts = LoginAttempts(clock)
    for _ in range(5):
        assert attempts.wait_s("a") == 0
        attempts.wrong("a")
    assert attempts.wait_s("a") == 2
    clock.now += 2
    assert attempts.wait_s("a") == 0
    attempts.wrong("a")
    assert attempts.wait_s("a") == 4
    assert attempts.wait_s("b") == 0
    attempts.right("a")
    assert attempts.wait_s("a") == 0


@given(st.lists(st.integers(0, 5000), max_size=3000))
async def test_the_memory_of_wrong_passwords_is_bounded(clients: list[int]):
    """However many clients guess, at most a thousand are remembered."""
    attempts = LoginAttempts()
    for client in clients:
        attempts.wrong(str(client))
    assert len(attempts._wrong) <= 1000


async def test_a_new_password_closes_old_sessions():
    """A session belongs to the password that it was opened with."""
    session: dict[str, object] = {}
    Login("old", "secret").open(session)
    assert Login("old", "secret").is_open(session)
    assert not Login("new", "secret").is_open(session)
    assert not Login("old", "other secret").is_open(session)


async def test_nothing_is_reachable_before_login(open_site: OpenSite):
    """Browsers are sent to the login page; everything else is refused."""
    async with open_site(web_password=PASSWORD) as site, site.client() as client:
        for path in ("/", "/?c=abcdefgh", "/_nicegui/x", "/_nicegui_ws/socket.io/"):
            page = await client.get(path, headers=HTML)
            assert (page.status_code, page.headers["location"]) == (303, "/login"), path
            assert (await client.get(path)).status_code == 401, path


async def test_a_socket_without_login_is_refused(open_site: OpenSite):
    """A websocket needs the session cookie too."""
    import websockets

    async with open_site(web_password=PASSWORD) as site:
        address = site.address.replace("http", "ws") + "/_nicegui_ws/socket.io/?EIO=4"
        refused = None
        try:
            async with websockets.connect(f"{address}&transport=websocket"):
                pass
        except websockets.InvalidStatus as error:
            refused = error.response.status_code
        assert refused == 401


async def test_the_right_password_opens_and_logging_out_closes(open_site: OpenSite):
    """The session lives in a cookie that scripts cannot read."""
    async with open_site(web_password=PASSWORD) as site, site.client() as client:
        wrong = await client.post("/login", data={"password": "guess"})
        assert wrong.status_code == 401
        right = await client.post("/login", data={"password": PASSWORD.get_secret_value()})
        assert (right.status_code, right.headers["location"]) == (303, "/")
        cookie = right.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert (await client.get("/", headers=HTML)).status_code == 200
        assert (await client.post("/logout")).status_code == 303
        assert (await client.get("/", headers=HTML)).status_code == 303


async def test_a_session_survives_a_restart(open_site: OpenSite):
    """The secret that signs cookies is kept, readable to its owner only."""
    cookies = None
    for _ in range(2):
        async with open_site(web_password=PASSWORD) as site, site.client(cookies=cookies) as client:
            secret = site.settings.home / "web-secret"
            assert secret.stat().st_mode & 0o777 == 0o600
            if cookies is None:
                await client.post("/login", data={"password": PASSWORD.get_secret_value()})
                cookies = client.cookies
            else:
                assert (await client.get("/", headers=HTML)).status_code == 200


async def test_a_guesser_has_to_wait_even_with_the_right_password(open_site: OpenSite):
    """After five wrong tries the next one is not even looked at."""
    async with open_site(web_password=PASSWORD) as site, site.client() as client:
        for _ in range(5):
            await client.post("/login", data={"password": "guess"})
        late = await client.post("/login", data={"password": PASSWORD.get_secret_value()})
        assert late.status_code == 429
        assert int(late.headers["retry-after"]) > 0


async def test_a_scraper_with_an_old_password_locks_nobody_out(open_site: OpenSite):
    """Wrong passwords at /metrics make only /metrics wait, and the other way round."""
    right = PASSWORD.get_secret_value()
    async with open_site(web_password=PASSWORD) as site, site.client() as client:
        for _ in range(5):
            assert (await client.get("/metrics", auth=("any", "old"))).status_code == 401
        assert (await client.get("/metrics", auth=("any", right))).status_code == 429
        assert (await client.post("/login", data={"password": right})).status_code == 303


async def test_a_guesser_cannot_pass_as_many(open_site: OpenSite):
    """X-Forwarded-For, which anybody can send, does not start the count anew."""
    async with open_site(web_password=PASSWORD) as site, site.client() as client:
        for number in range(6):
            answer = await client.post(
                "/login",
                data={"password": "guess"},
                headers={"x-forwarded-for": f"203.0.113.{number}"},
            )
        assert answer.status_code == 429


async def test_what_is_typed_never_comes_back(open_site: OpenSite):
    """The login page does not repeat a wrong password, nor take a huge one."""
    async with open_site(web_password=PASSWORD) as site, site.client() as client:
        page = await client.post("/login", data={"password": "<b>hunter2</b>" * 100_000})
        assert page.status_code == 401
        assert "hunter2" not in page.text
