"""Files on the fake Discord: they come in one form, beside the message as JSON."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.bot.platforms.discord.fake.world import Payload, new_id


@dataclass(frozen=True)
class SentFile:
    """``part`` is its name in the form, which says its number."""

    part: str
    name: str
    content: bytes


async def read(request: web.Request) -> tuple[Any, list[SentFile]]:
    """The body of a call, and the files that came with it."""
    if request.content_type != "multipart/form-data":
        return json.loads(await request.read() or b"null"), []
    form = await request.post()
    files = [
        SentFile(part, value.filename, value.file.read())
        for part, value in form.items()
        if isinstance(value, web.FileField)
    ]
    return json.loads(str(form["payload_json"])), files


def attachments(body: Payload, files: list[SentFile]) -> list[Payload]:
    """The files as the message carries them. Raises KeyError for one that was not sent."""
    sent = {file.part: file for file in files}
    found = []
    for attachment in body.get("attachments") or []:
        file, number = sent[f"files[{attachment['id']}]"], new_id()
        url = f"https://cdn.discordapp.com/attachments/{number}/{file.name}"
        found.append(
            {
                "id": number, "filename": attachment["filename"], "size": len(file.content),
                "url": url, "proxy_url": url, "description": attachment.get("description"),
                "content_type": "image/png",
            }
        )  # fmt: skip
    return found
