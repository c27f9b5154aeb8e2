"""Checks what `make setup` needs, on a bare Python. Prints what is missing and how to install it."""

from __future__ import annotations  # an older Python must get as far as being told that it is too old

import os
import re
import shutil
import subprocess
import sys

JAVA_MINIMUM = 17
INSTALL_JAVA = "apt-get install openjdk-17-jre-headless"
INSTALL_MAVEN = "apt-get install maven"


def java_problem() -> tuple[str, dict[str, str | int]] | None:
    """Why Java cannot run Kafka, as a key of the terminal's catalogue with its values; None when it can."""
    java = shutil.which("java")
    if java is None:
        return "java_missing", {"minimum": JAVA_MINIMUM, "command": INSTALL_JAVA}
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', said)
    if match is None or int(match.group(1)) < JAVA_MINIMUM:
        found = match.group(1) if match else "?"
        return "java_old", {"minimum": JAVA_MINIMUM, "found": found, "command": INSTALL_JAVA}
    return None


def problems() -> list[tuple[str, dict[str, str | int]]]:
    """Everything that is missing."""
    found = [problem] if (problem := java_problem()) else []
    if shutil.which("mvn") is None:
        found.append(("maven_missing", {"command": INSTALL_MAVEN}))
    return found


def main() -> int:
    """Answers 0 when all is there, else prints what is not and answers 1."""
    if sys.version_info[:2] != (3, 11):
        # The catalogue itself needs this Python, so these two sentences stand here.
        here = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write(f"Python 3.11 is needed, this is {here}; name it: make setup PYTHON=python3.11\n")
        sys.stderr.write(f"Python 3.11 est nécessaire, ceci est {here} ; nommez-le : make setup PYTHON=python3.11\n")
        return 1
    from crosslook.local.messages import TERMINAL, terminal_language

    language = terminal_language(os.environ)
    found = problems()
    for key, values in found:
        sys.stderr.write(f"{TERMINAL[key].render(language, values)}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
