"""Keeps the present contract as the one that the next changes are held to: openapi/kept.json.gz, without its words."""

import gzip
import json
from pathlib import Path
from typing import Any

OPENAPI = Path(__file__).resolve().parents[2] / "openapi"
WORDS = frozenset({"description", "summary", "example", "examples", "title"})


def bare(node: Any, *, names: bool = False) -> Any:
    """A document without words and examples; `names`: these are names of fields, schemas or the like."""
    if isinstance(node, list):
        return [bare(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {name: part for name, part in node.items() if names or name not in WORDS}
    return {name: bare(part, names=name in ("properties", "schemas", "parameters", "headers", "responses"))
            for name, part in kept.items()}  # fmt: skip


def main() -> None:
    """Write it."""
    document = json.loads((OPENAPI / "openapi.json").read_text())
    text = json.dumps(bare(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    raw = gzip.compress(text.encode(), 9, mtime=0)
    (OPENAPI / "kept.json.gz").write_bytes(raw)
    print(f"kept: {len(document['paths'])} paths, {len(raw):,} bytes")


if __name__ == "__main__":
    main()
