"""Checks docker-compose.yml, the image and the proxy against each other and against the code, without Docker.

Where Docker's compose plugin is installed, it reads the file as well.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "infra" / "images" / "Dockerfile"
CADDYFILE = ROOT / "infra" / "proxy" / "Caddyfile"
SERVICE_KEYS = {
    "image", "build", "restart", "init", "read_only", "tmpfs", "cap_drop", "security_opt", "command", "environment",
    "volumes", "ports", "depends_on", "healthcheck", "shm_size",
}  # fmt: skip
YAMLLINT = (
    "{extends: default, rules: {line-length: {max: 120}, document-start: disable, "
    "braces: {max-spaces-inside: 0}, comments: {min-spaces-from-content: 1}}}"
)


def main() -> int:
    faults = [*check_compose(), *check_dockerfile(), *check_proxy(), *check_with_tools()]
    for fault in faults:
        print(f"  {fault}")
    print("infra: " + (f"{len(faults)} faults" if faults else "compose file, image and proxy fit the code"))
    return 1 if faults else 0


def check_compose() -> list[str]:
    text = COMPOSE.read_text()
    services = yaml.safe_load(text)["services"]
    volumes = yaml.safe_load(text)["volumes"]
    example = (ROOT / ".env.example").read_text()
    faults = []
    for name, service in services.items():
        faults += [f"{name}: unknown key {key}" for key in service.keys() - SERVICE_KEYS]
        if "image" not in service:
            faults.append(f"{name}: no image")
        elif service["image"].endswith(":latest") or ":" not in service["image"]:
            faults.append(f"{name}: the image needs a version")
        for other, how in service.get("depends_on", {}).items():
            if other not in services:
                faults.append(f"{name}: depends on {other}, which is no service")
            elif how["condition"] == "service_healthy" and "healthcheck" not in services[other]:
                faults.append(f"{name}: waits for the health of {other}, which has no health check")
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                if not (ROOT / source).exists():
                    faults.append(f"{name}: {source} does not exist")
            elif source not in volumes:
                faults.append(f"{name}: volume {source} is not declared")
        for key, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|KEYS", key) and not str(value).startswith("${"):
                faults.append(f"{name}: {key} must come from .env")
            if key.startswith("VUORO_DATABASE") and not re.search(r":\$\{\w+\}@", value):
                faults.append(f"{name}: the password in {key} must come from .env")
        faults += check_command(name, service.get("command", []))
    for variable in sorted(set(re.findall(r"\$\{(\w+)", text))):
        if not re.search(rf"^(# )?{variable}=", example, re.MULTILINE):
            faults.append(f"{variable} is not in .env.example")
    return faults


def check_command(name: str, command: list[str]) -> list[str]:
    """The commands in the file must be commands of the program, with options that it knows."""
    if not command or command[0] != "vuoro":
        return []
    probe = subprocess.run(
        [sys.executable, "-m", "vuoro.cli", command[1], "--help"], capture_output=True, text=True, check=False
    )
    if probe.returncode:
        return [f"{name}: vuoro has no command {command[1]}"]
    return [
        f"{name}: vuoro {command[1]} has no {o}" for o in command[2:] if o.startswith("--") and o not in probe.stdout
    ]


def check_dockerfile() -> list[str]:
    text = re.sub(r"\\\n", " ", DOCKERFILE.read_text())
    faults = []
    stages = re.findall(r"^FROM (\S+)(?: AS (\S+))?", text, re.MULTILINE)
    names = {name for _, name in stages if name}
    faults += [f"Dockerfile: {image} needs a version" for image, _ in stages if ":" not in image]
    for options, sources in re.findall(r"^COPY ((?:--\S+ )*)(.+)$", text, re.MULTILINE):
        stage = re.search(r"--from=(\S+)", options)
        if stage and stage.group(1) not in names:
            faults.append(f"Dockerfile: no stage {stage.group(1)}")
        if not stage:
            missing = [path for path in sources.split()[:-1] if not (ROOT / path).exists()]
            faults += [f"Dockerfile: {path} does not exist" for path in missing]
    last = text[text.rindex("\nFROM ") :]
    user = re.findall(r"^USER (\S+)", last, re.MULTILINE)
    if not user or user[-1] in ("root", "0"):
        faults.append("Dockerfile: the image would run as root")
    return faults


def check_proxy() -> list[str]:
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    targets = re.findall(r"reverse_proxy (\w+):(\d+)", CADDYFILE.read_text())
    faults = [] if targets else ["Caddyfile: nothing is forwarded"]
    for host, port in targets:
        if host not in services or port not in services[host].get("command", []):
            faults.append(f"Caddyfile: no service {host} on port {port}")
    return faults


def check_with_tools() -> list[str]:
    faults = []
    lint = [sys.executable, "-m", "yamllint", "--strict", "-d", YAMLLINT, str(COMPOSE)]
    faults += run(lint)
    if shutil.which("docker") and not run(["docker", "compose", "version"]):
        names = re.findall(r"\$\{(\w+):\?", COMPOSE.read_text())
        faults += run(["docker", "compose", "--file", str(COMPOSE), "config", "--quiet"], dict.fromkeys(names, "x"))
    if shutil.which("caddy"):
        faults += run(["caddy", "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE)])
    return faults


def run(command: list[str], environment: dict[str, str] | None = None) -> list[str]:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **(environment or {})}
    )
    return [] if done.returncode == 0 else [line for line in (done.stdout + done.stderr).splitlines() if line]


if __name__ == "__main__":
    sys.exit(main())
