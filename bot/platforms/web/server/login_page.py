"""The page that asks for the password: plain HTML that needs nothing else of the chat."""

from html import escape

from bot.platforms.web.ui.assets import head_html
from bot.platforms.web.ui.icons import MARK
from bot.texts import Language, say

_PAGE = """<!doctype html>
<html lang="{language}">
  <head>
    <meta charset="utf-8">
    <title>Reactune</title>
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <link rel="icon" href="/static/icon.svg">
    {head}
  </head>
  <body>
    <main class="door">
      <form method="post" action="{action}">
        {mark}
        <h1>Reactune</h1>
        <p>{ask}</p>
        <input type="password" name="password" autocomplete="current-password" required autofocus
          placeholder="{password}" aria-label="{password}" aria-describedby="problem">
        <p id="problem" class="problem" role="alert">{problem}</p>
        <button type="submit">{log_in}</button>
      </form>
      <button type="button" class="quiet" data-language="{other}" lang="{other}">{switch}</button>
    </main>
  </body>
</html>
"""


def login_page(
    language: Language,
    problem: str = "",
    *,
    action: str = "/login",
    ask: str = "web_password_ask",
) -> str:
    """HTML with ``problem`` said below the field.

    ``action`` takes the password that the text ``ask`` asks for.
    """
    return _PAGE.format(
        language=language,
        other="en" if language == "ko" else "ko",
        head=head_html(),
        mark=MARK,
        action=action,
        ask=say(ask, language),
        password=say("web_password", language),
        log_in=say("web_log_in", language),
        switch=say("web_language", language),
        problem=escape(problem),
    )
