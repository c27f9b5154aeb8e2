"""`open`: a sign-in link to the page of the running stack."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from crosslook.contracts.sign_in import CODE_SECONDS
from crosslook.local.folder import DataFolder
from crosslook.local.keys import issue_code
from crosslook.local.messages import CommandRefused
from crosslook.local.ports import Ports
from crosslook.local.stack import PAGE_SERVICE, page_at, readiness, service_urls
from crosslook.local.terminal import Terminal
from crosslook.local.terminal_settings import auth_settings

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
_SESSIONS = "/api/sessions"


def open_page(terminal: Terminal, folder: DataFolder, tenant: str, scope: str, *, browser: bool) -> int:
    """Print a link that is valid once and for a minute, and open it where there is a desktop. Raises CommandRefused."""
    url = service_urls(Ports.from_base(folder.require_running().port_base))[PAGE_SERVICE]
    if not asyncio.run(readiness(url + _SESSIONS)).ready:
        raise CommandRefused("no_sessions", url=url)
    if asyncio.run(page_at(url)) is None:
        terminal.report("page_not_built")
    code = issue_code(folder, tenant, scope, auth=auth_settings())
    expires_at = datetime.now(UTC) + timedelta(seconds=CODE_SECONDS)
    link = f"{url}/sign-in#{code}"
    opened = browser and has_desktop(sys.platform, os.environ) and webbrowser.open(link)
    if terminal.json:
        terminal.answer({"url": link, "expires_at": expires_at, "opened": opened})
        return 0
    terminal.text(link)
    terminal.report("link_opened" if opened else "link_valid", seconds=CODE_SECONDS)
    return 0


def has_desktop(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a browser can show itself to the person at the terminal."""
    if platform in ("darwin", "win32"):
        return "SSH_CONNECTION" not in environment
    return any(environment.get(name) for name in _DISPLAYS)
