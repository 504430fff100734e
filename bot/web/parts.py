"""Small pieces that the page is built of: plain HTML tags, icons and our three components."""

from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

# Drawn on 24 × 24 with lines only, so that they take the colour and weight of the text beside them.
_ICONS = {
    "👍": '<path d="M7 10.5v9.5M7 20H4.8A1.3 1.3 0 0 1 3.5 18.7v-6.9a1.3 1.3 0 0 1 1.3-1.3H7l4-7'
    "a2.2 2.2 0 0 1 2.6 2.5L13 9.5h5.6a2 2 0 0 1 2 2.4l-1.3 6.5A2 2 0 0 1 17.3 20H7\"/>",
    "👎": '<g transform="rotate(180 12 12)"><path d="M7 10.5v9.5M7 20H4.8A1.3 1.3 0 0 1 3.5 18.7'
    "v-6.9a1.3 1.3 0 0 1 1.3-1.3H7l4-7a2.2 2.2 0 0 1 2.6 2.5L13 9.5h5.6a2 2 0 0 1 2 2.4l-1.3 6.5"
    'A2 2 0 0 1 17.3 20H7"/></g>',
    "❤️": '<path d="M12 20s-8-4.7-8-10.4A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.6C20 15.3 12 20 12 20'
    'z"/>',
    "🎉": '<path d="M8.5 9 4 20l11-4.5zM14 9.5c0-2 1.2-2.6 1-5M15.5 11.5c1.6-1.8 3-1 4.5-2M11 6.5'
    'V5M19.5 14.5H20M18.5 4.5h.01"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "compose": '<path d="M12 5H6.5A2.5 2.5 0 0 0 4 7.5v10A2.5 2.5 0 0 0 6.5 20h10a2.5 2.5 0 0 0 '
    '2.5-2.5V12M10 14l.6-3L18 3.6a1.6 1.6 0 0 1 2.4 2.3L13 13.4z"/>',
    "exit": '<path d="M10 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H10M15 8l4 4-4 4M19 12H9"'
    "/>",
    "menu": '<path d="M4 8h16M4 16h11"/>',
    "moon": '<path d="M20 14.5A8.3 8.3 0 0 1 9.5 4a8.3 8.3 0 1 0 10.5 10.5z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6'
    'l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1"/>',
}  # fmt: skip
# A speech bubble in which something rises.
MARK = (
    '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path class="mark-bubble" d="M9 3h14a6'
    ' 6 0 0 1 6 6v9a6 6 0 0 1-6 6h-6.5L10 29.2V24H9a6 6 0 0 1-6-6V9a6 6 0 0 1 6-6z"/><path '
    'class="mark-line" d="M9.5 17.5l4.2-4.2 3.4 3.2 5.6-6"/></svg>'
)


def icon(name: str) -> str:
    """The drawing of that name; an emoji without one is shown as it is."""
    if name not in _ICONS:
        return f'<span class="emoji" aria-hidden="true">{name}</span>'
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{_ICONS[name]}</svg>'


class Tag(TextElement):
    """One HTML element; ``aria_label="…"`` becomes the attribute aria-label."""

    def __init__(self, tag: str, classes: str = "", text: str = "", **attributes: Any) -> None:
        super().__init__(tag=tag, text=text)
        self.classes(classes)
        self.set(**attributes)

    def set(self, **attributes: Any) -> None:
        """Change attributes; None takes one away."""
        for name, value in attributes.items():
            self.props[name.strip("_").replace("_", "-")] = value


def drawing(svg: str) -> ui.html:
    """Our own drawing; never text from elsewhere."""
    return ui.html(svg, sanitize=False, tag="span").classes("drawing")


def icon_button(name: str, label: str, classes: str = "", **attributes: Any) -> Tag:
    button = Tag(
        "button",
        f"icon-button {classes}",
        type="button",
        title=label,
        aria_label=label,
        **attributes,
    )
    with button:
        drawing(icon(name))
    return button


class Composer(ui.element, component="components/composer.js"):
    """Where questions are typed. Emits ``ask`` with the text, and ``stop``.

    The text stays the browser's until the server says ``accepted`` or gives it back.
    """

    def __init__(self, *, placeholder: str, label: str, send: str, stop: str) -> None:
        super().__init__()
        self.props["placeholder"] = placeholder
        self.props["label"] = label
        self.props["send-label"] = send
        self.props["stop-label"] = stop
        self.props["busy"] = False

    def set_busy(self, busy: bool) -> None:
        self.props["busy"] = busy

    def accepted(self) -> None:
        self.run_method("accepted")

    def give_back(self, text: str) -> None:
        self.run_method("giveBack", text)


class ChatLog(ui.element, component="components/chat_log.js"):
    """Scrolls its content and stays at the end, unless the reader has scrolled up."""

    def __init__(self, *, label: str, to_end: str) -> None:
        super().__init__()
        self.props["label"] = label
        self.props["to-end-label"] = to_end

    def to_end(self) -> None:
        self.run_method("toEnd")


class CopyButton(ui.element, component="components/copy_button.js"):
    """Copies ``text`` and says so for a moment."""

    def __init__(self, text: str, *, label: str, done: str) -> None:
        super().__init__()
        self.props["text"] = text
        self.props["label"] = label
        self.props["done-label"] = done
