"""Small pieces that the page is built of: plain HTML tags and our three components."""

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from bot.platforms.web.ui.icons import icon


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


def reveal(element: ui.element, *, focus: str = "") -> None:
    """Scroll as little as it takes to see all of ``element``; ``focus`` selects a field in it."""
    then = f"shown.querySelector('{focus}').focus();" if focus else ""
    element.client.run_javascript(
        f"setTimeout(() => {{ const shown = getHtmlElement({element.id}); if (shown) {{ {then}"
        " shown.scrollIntoView({ block: 'nearest' }); } }, 50)"
    )


def focus(element: ui.element) -> None:
    """Where the keyboard goes on from, without scrolling."""
    element.client.run_javascript(f"getHtmlElement({element.id})?.focus({{ preventScroll: true }})")


def send_typed(form: Tag, on_send: Callable[[str], Any]) -> None:
    """Hand over what stands in the first field of ``form`` when it is sent; it stays there."""
    form.on(
        "submit",
        lambda event: on_send(str(event.args)),
        js_handler="(e) => { e.preventDefault(); emit(e.target.elements[0].value) }",
    )


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
    """Scrolls its content and stays at the end, unless the reader has scrolled up.

    Emits ``earlier`` when the reader wants to see what was said before.
    """

    def __init__(self, *, label: str, to_end: str, earlier: str) -> None:
        super().__init__()
        self.props["label"] = label
        self.props["to-end-label"] = to_end
        self.props["earlier-label"] = earlier
        self.props["more"] = False

    def set_more(self, more: bool) -> None:
        """Whether there is more to see before the content."""
        self.props["more"] = more

    def to_end(self) -> None:
        self.run_method("toEnd")


class CopyButton(ui.element, component="components/copy_button.js"):
    """Copies ``text`` and says so for a moment."""

    def __init__(self, text: str, *, label: str, done: str) -> None:
        super().__init__()
        self.props["text"] = text
        self.props["label"] = label
        self.props["done-label"] = done
