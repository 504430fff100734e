"""What a setting that is a number takes, in plain words."""

from typing import Any

from pydantic import BaseModel

_BOUNDS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}


def must_be(model: type[BaseModel], error: Any) -> str:
    """What the field that ``error`` is about takes: the range of a number, whatever is wrong with
    the value; else the words of pydantic.

    pydantic names only the bound that it looked at last: of "nan" it says that it is too great.
    """
    field = model.model_fields.get(str(error["loc"][0])) if error["loc"] else None
    if field is None:
        return str(error["msg"])
    bounds = [
        f"{words} {getattr(limit, name):g}"
        for limit in field.metadata
        for name, words in _BOUNDS.items()
        if hasattr(limit, name)
    ]
    if not bounds:
        return str(error["msg"])
    kind = "a whole number" if field.annotation is int else "a number"
    return f"it must be {kind} {' and '.join(bounds)}"
