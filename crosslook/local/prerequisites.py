"""What must be on the machine before `make setup`; runs on a bare Python. Prints what is missing and how to get it."""

import re
import shutil
import subprocess
import sys

JAVA_MINIMUM = 17
INSTALL_JAVA = "apt-get install openjdk-17-jre-headless"
INSTALL_MAVEN = "apt-get install maven"


def java_problem() -> str | None:
    """Why Java cannot run Kafka, with the command that installs it; None when it can."""
    java = shutil.which("java")
    if java is None:
        return f"Java {JAVA_MINIMUM} or newer is needed for Kafka and is missing; install it: {INSTALL_JAVA}"
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', said)
    if match is None or int(match.group(1)) < JAVA_MINIMUM:
        found = match.group(1) if match else "unknown"
        return f"Java {JAVA_MINIMUM} or newer is needed for Kafka, found {found}; install it: {INSTALL_JAVA}"
    return None


def problems() -> list[str]:
    """Everything that is missing."""
    found = [problem] if (problem := java_problem()) else []
    if shutil.which("mvn") is None:
        found.append(f"Maven is needed to fetch Kafka's jars and is missing; install it: {INSTALL_MAVEN}")
    if sys.version_info[:2] != (3, 11):
        here = ".".join(map(str, sys.version_info[:2]))
        found.append(f"Python 3.11 is needed, this is {here}; name it: make setup PYTHON=python3.11")
    return found


def main() -> int:
    """Answers 0 when all is there, else prints what is not and answers 1."""
    found = problems()
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
