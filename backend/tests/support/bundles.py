"""What is in a ZIP that an answer brings, so that a test sees words in it."""

import io
import json
import zipfile
from typing import Any

import httpx


def files_of(answer: httpx.Response) -> dict[str, str]:
    """The files of a ZIP by name."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        assert bundle.testzip() is None
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def is_bundle(answer: httpx.Response) -> bool:
    """Whether the answer is a ZIP."""
    return answer.headers.get("content-type") == "application/zip"


def text_of(answer: httpx.Response) -> str:
    """All words of an answer, also of one that is compressed."""
    return "\n".join(files_of(answer).values()) if is_bundle(answer) else answer.text


def json_of(answer: httpx.Response) -> Any:
    """An answer as JSON; of a ZIP its files by name, pages and sheets as text."""
    if answer.headers.get("content-type", "").startswith("text/csv"):
        return {"sheet": answer.text}
    if not is_bundle(answer):
        return answer.json()
    return {
        name: json.loads(text) if name.endswith(".json") else text for name, text in files_of(answer).items()
    }  # fmt: skip
