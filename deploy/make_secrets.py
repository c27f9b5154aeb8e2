"""Makes the secrets that docker-compose.yml reads, once: `python -m deploy.make_secrets [FOLDER]`.

What is there already stays, so that running it again changes nothing. The folder is for its owner only; the files in it
can be read by all, because Docker hands them to containers whose users are not the owner.
"""

import hashlib
import secrets
import sys
from pathlib import Path

from crosslook.local.folder import DataFolder
from crosslook.local.keys import ensure_keys, ensure_page_keys, ensure_sealing_keys

FOLDER = Path(__file__).resolve().parent / "secrets"
USERS = ("writer", "reader")


def make(root: Path) -> None:
    """Write passwords of both ClickHouse users, their hashes for the server, the key pair that signs tokens, that of
    sessions of the page, the key that seals these, and the key that encrypts the secrets of integrations."""
    folder = DataFolder.at(root)
    folder.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.private_key.parent.mkdir(exist_ok=True, mode=0o700)
    ensure_keys(folder)
    ensure_sealing_keys(folder)
    ensure_page_keys(folder)
    passwords = {user: _password(folder.root / f"clickhouse-{user}-password") for user in USERS}
    hashes = folder.root / "clickhouse-passwords.xml"
    hashes.write_text(_as_xml(passwords), encoding="utf-8")
    page = (folder.page_key, folder.page_key_set, folder.session_keys)
    for readable in (folder.key_set, folder.secrets_keys, *page, hashes):
        readable.chmod(0o444 | 0o200)


def _password(path: Path) -> str:
    if not path.exists():
        path.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        path.chmod(0o444)
    return path.read_text(encoding="utf-8")


def _as_xml(passwords: dict[str, str]) -> str:
    users = "".join(
        f"<crosslook_{user}><password_sha256_hex>{hashlib.sha256(password.encode()).hexdigest()}"
        f"</password_sha256_hex></crosslook_{user}>"
        for user, password in passwords.items()
    )
    return f"<clickhouse><users>{users}</users></clickhouse>\n"


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
