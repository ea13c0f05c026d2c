"""Generates clients from the contract, compiles those in Kotlin and Java, and decodes every example with Kotlin's.

Java, javac and the packages of `infra/setup.py contract` are needed. Its folder is deleted after.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
CONTRACT = ROOT / "openapi" / "openapi.json"
TOOLS = ROOT / ".venv" / "contract-tools"
KOTLIN = HERE / "node_modules" / "kotlin-compiler" / "lib"
GENERATOR = TOOLS / "openapi_generator_cli" / "openapi-generator.jar"
SERIALIZATION = [TOOLS / "run_kotlin_kernel" / "jars" / f"kotlinx-serialization-{part}-jvm-1.9.0.jar"
                 for part in ("core", "json")]  # fmt: skip
OPTIONS = {
    "kotlin": "serializationLibrary=kotlinx_serialization,generateOneOfAnyOfWrappers=true",
    "java": "openApiNullable=false,hideGenerationTimestamp=true",
}


class Failed(Exception):
    """A step did not do what it should; the text says what was seen."""


def run(*command: object, cwd: Path | None = None, limit: float = 1500) -> str:
    """What a command printed; Failed with its last lines when it ends badly."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False, timeout=limit
    )
    said = done.stdout + done.stderr
    if done.returncode:
        raise Failed("\n".join(said.splitlines()[-40:]))
    return said


def generate(language: str, place: Path, *more: str) -> int:
    """The client of one language in `place`; how many source files it has."""
    options = OPTIONS.get(language)
    said = run(
        "java", "-jar", GENERATOR, "generate", "-i", CONTRACT, "-g", language, "-o", place, *more,
        *(("--additional-properties", options) if options else ()),
    )  # fmt: skip
    odd = [line for line in said.splitlines() if re.search(r"ERROR", line)]
    if odd:
        raise Failed(f"{language}: " + "\n".join(odd[:10]))
    ending = {"kotlin": "*.kt", "swift6": "*.swift", "java": "*.java"}[language]
    return len([path for path in place.rglob(ending) if "test" not in path.parts])


def examples(document: dict[str, Any]) -> list[tuple[str, Any]]:
    """Every documented example of a JSON body, with the name of its schema: requests, answers, problems."""
    known = document["components"]["examples"]
    found: dict[str, Any] = {}
    bodies = [part for item in document["paths"].values() for operation in item.values()
              for part in (operation.get("requestBody", {}), *operation["responses"].values())]  # fmt: skip
    for body in (*bodies, *document["components"]["responses"].values()):
        for media, content in body.get("content", {}).items():
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            if name and media.endswith("json"):
                values = [
                    known[part["$ref"].rpartition("/")[2]]["value"] for part in content.get("examples", {}).values()
                ]
                values += [content["example"]] if "example" in content else []
                found |= {json.dumps([name, value]): (name, value) for value in values}
    return sorted(found.values(), key=lambda case: case[0])


def kotlin(place: Path, document: dict[str, Any]) -> str:
    """Generate, compile with every API class, decode and encode again each example; the figures."""
    files = generate("kotlin", place)
    models = place / "src" / "main" / "kotlin" / "org" / "openapitools" / "client" / "models"
    cases = examples(document)
    (place / "examples.json").write_text(json.dumps([{"name": name, "value": value} for name, value in cases]))
    names = sorted({name for name, _ in cases})
    missing = [name for name in names if not (models / f"{name}.kt").exists()]
    if missing:
        raise Failed(f"no Kotlin class for {', '.join(missing)}")
    lines = "\n".join(f'    "{name}" -> {name}.serializer()' for name in names)
    main = (HERE / "kotlin" / "Main.kt.txt").read_text().replace("    // serializers\n", lines + "\n")
    (place / "Main.kt").write_text(main)
    classpath = ":".join(map(str, SERIALIZATION))
    began = time.monotonic()
    compiler = [KOTLIN / f"{name}.jar" for name in (
        "kotlin-compiler", "kotlin-stdlib", "kotlin-script-runtime", "kotlin-reflect", "kotlin-daemon-client",
        "annotations-13.0", "kotlinx-coroutines-core-jvm",
    )]  # fmt: skip
    run(
        "java", "-Xmx3g", "-cp", ":".join(map(str, compiler)), "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
        f"-Xplugin={KOTLIN / 'kotlinx-serialization-compiler-plugin.jar'}", "-kotlin-home", KOTLIN.parent,
        "-cp", classpath, "-nowarn", "-d", place / "classes",
        place / "src" / "main" / "kotlin", place / "Main.kt", HERE / "kotlin" / "okhttp3.kt",
    )  # fmt: skip
    seconds = time.monotonic() - began
    classpath = f"{place / 'classes'}:{classpath}:{KOTLIN / 'kotlin-stdlib.jar'}"
    said = run("java", "-cp", classpath, "MainKt", place / "examples.json")
    return f"{files} files, compiled in {seconds:.0f} s; {said.strip()}"


def java(place: Path, document: dict[str, Any]) -> str:
    """Generate, compile the models with the generator's own Jackson, decode and encode again each example."""
    files = generate("java", place, "--library", "jersey3")
    source = place / "src" / "main" / "java" / "org" / "openapitools" / "client"
    (place / "examples.json").write_text(
        json.dumps([{"name": name, "value": value} for name, value in examples(document)])
    )
    parts = [*(source / "model").glob("*.java"), *source.glob("RFC3339*.java"), *(HERE / "java").rglob("*.java")]
    parts += [source / f"{name}.java" for name in ("JSON", "ApiException", "StringUtil")]
    run("javac", "-proc:none", "-nowarn", "-d", place / "classes", "-cp", GENERATOR, *parts)
    said = run("java", "-cp", f"{place / 'classes'}:{GENERATOR}", "Main", place / "examples.json")
    return f"{files} files, the models compiled; {said.strip()}"


def swift(place: Path) -> str:
    """Generate; there is no Swift compiler here, so look for what would not compile."""
    files = generate("swift6", place)
    odd = []
    for path in place.rglob("*.swift"):
        text = path.read_text()
        odd += [f"{path.name}: {line.strip()}" for line in text.splitlines()
                if re.search(r"AnyCodable|: Any[,)]|\bvar `?(init|self|Type)`?:|struct (Error|Result|Data|Set)\b", line)
                and "Infrastructure" not in path.parts]  # fmt: skip
        if text.count("{") != text.count("}") and "Infrastructure" not in path.parts:
            odd.append(f"{path.name}: braces do not pair up")
    if odd:
        raise Failed("\n".join(odd[:20]))
    return f"{files} files, no compiler here; nothing odd in them"


def main(place: Path) -> int:
    """The exit status: 1 when a client cannot be made or misreads an example. `place` is made, and deleted after."""
    document = json.loads(CONTRACT.read_text())
    shutil.rmtree(place, ignore_errors=True)
    wrong = 0
    try:
        for title, make in (
            ("Kotlin", lambda: kotlin(place / "kotlin", document)),
            ("Java", lambda: java(place / "java", document)),
            ("Swift 6", lambda: swift(place / "swift")),
        ):
            try:
                print(f"{title}: {make()}", flush=True)
            except (Failed, OSError, subprocess.TimeoutExpired) as fault:
                wrong += 1
                print(f"{title}: failed\n{fault}", flush=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(ROOT / ".venv" / "contract-clients"))
