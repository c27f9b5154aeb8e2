"""The command at a terminal where no stack runs: what it says, in which language, with which exit status."""

import ast
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import jwt
import pytest

from crosslook import cli
from crosslook.local.folder import DataFolder
from crosslook.local.keys import ensure_keys, issue, parse_ttl
from crosslook.local.messages import TERMINAL, CommandRefused, terminal_language
from crosslook.platform.auth import verifier
from crosslook.platform.errors import Unauthenticated
from crosslook.platform.settings import AuthSettings
from tests.helpers.issuer import STRANGER, jwk


class Ran:
    """What a run of the command left behind."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status = status
        self.out = out
        self.err = err


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    ensure_keys(folder)
    return folder.root


class Shell:
    """Runs the command in this process, as `main` would be run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Ran:
        self.monkeypatch.setattr(sys, "argv", ["crosslook", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = self._capsys.readouterr()
        return Ran(int(left.value.code or 0), out, err)


@pytest.fixture
def crosslook(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    for name in ("CROSSLOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG", cli.KAFKA_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return Shell(monkeypatch, capsys)


def test_status_without_a_stack_is_a_document_and_a_failure(crosslook: Shell, tmp_path: Path) -> None:
    ran = crosslook("status", "--json", "--data", str(tmp_path / "never"))
    found = json.loads(ran.out)
    assert ran.status == 1
    assert set(found) == {"services", "kafka", "clickhouse", "page", "snapshot"}
    assert [service["name"] for service in found["services"]] == ["schema_service", "snapshot_service", "query_service"]
    for part in (*found["services"], found["kafka"], found["clickhouse"]):
        assert set(part) == {"name", "url", "pid", "ready", "reason", "restarts"}
        assert (part["pid"], part["ready"], part["reason"]) == (None, False, "not_running")


def test_status_reads_as_a_table_too(crosslook: Shell, tmp_path: Path) -> None:
    ran = crosslook("status", "--data", str(tmp_path))
    assert ran.status == 1
    assert "schema_service" in ran.out
    assert "not_running" in ran.out


def test_down_without_a_stack_says_so_and_is_no_failure(crosslook: Shell, data: Path) -> None:
    ran = crosslook("down", "--data", str(data))
    assert (ran.status, ran.out) == (0, f"No stack is running in {data}\n")
    assert json.loads(crosslook("down", "--json", "--data", str(data)).out) == {"stopped": False}


@pytest.mark.parametrize(
    "arguments",
    [("refresh",), ("refresh", "--wait"), ("topics",), ("replay", "--yes"), ("query", "{file}", "--tenant", "acme")],
)
def test_what_needs_a_stack_says_how_to_start_one(
    crosslook: Shell, data: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    request = tmp_path / "request.json"
    request.write_text("{}")
    named = [argument.replace("{file}", str(request)) for argument in arguments]
    ran = crosslook(*named, "--data", str(data))
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"No stack is running in {data}; start one with: crosslook up --data {data}\n"


@pytest.mark.parametrize(("name", "value"), [("CROSSLOOK_LANG", "fr"), ("LC_ALL", "fr_CA.UTF-8"), ("LANG", "fr_FR")])
def test_a_french_terminal_is_answered_in_french(crosslook: Shell, data: Path, name: str, value: str) -> None:
    crosslook.monkeypatch.setenv(name, value)
    assert "Aucune pile ne tourne" in crosslook("refresh", "--data", str(data)).err
    assert "Démarrer la pile" in crosslook("--help").out


def test_our_own_variable_wins_over_the_locale() -> None:
    assert terminal_language({"CROSSLOOK_LANG": "en", "LC_ALL": "fr_FR"}) == "en"
    assert terminal_language({"LANG": "C.UTF-8"}) == "en"
    assert terminal_language({}) == "en"


def test_a_token_is_all_that_is_printed_and_the_services_trust_it(crosslook: Shell, data: Path) -> None:
    ran = crosslook("token", "--tenant", "acme", "--scope", "reports:read ops", "--data", str(data))
    assert (ran.status, ran.err) == (0, "")
    checked = verifier(AuthSettings(jwks_file=data / "keys" / "jwks.json"))
    principal = checked.verify(ran.out.removesuffix("\n"))
    assert (principal.tenant, principal.scopes) == ("acme", frozenset({"reports:read", "ops"}))
    header = jwt.get_unverified_header(ran.out.strip())
    assert header["alg"] == "EdDSA"
    assert header["kid"]


def test_a_token_ends_when_it_was_told_to(data: Path) -> None:
    folder = DataFolder(data)
    checked = verifier(AuthSettings(jwks_file=folder.key_set))
    now = datetime.now(UTC)
    checked.verify(issue(folder, "acme", "ops", parse_ttl("1h30m"), now - timedelta(minutes=89)))
    with pytest.raises(Unauthenticated):
        checked.verify(issue(folder, "acme", "ops", parse_ttl("1h30m"), now - timedelta(minutes=92)))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--tenant", "acme", "--scope", "reports:red"), "There is no scope reports:red; the scopes are schemas:read"),
        (("--tenant", "acme", "--scope", " "), "--scope names no scope"),
        (("--tenant", "a/b", "--scope", "ops"), "'a/b' is not a tenant name"),
        (("--tenant", "acme", "--scope", "ops", "--ttl", "soon"), "--ttl soon cannot be read"),
        (("--tenant", "acme", "--scope", "ops", "--ttl", "0s"), "--ttl 0s cannot be read"),
        (("--tenant", "acme", "--scope", "ops", "--ttl", "99999999999d"), "cannot be read"),
        (
            ("--tenant", "acme", "--scope", "ops", "--ttl", "30d1s"),
            "--ttl 30d1s is too long: a token is valid for at most 30",
        ),
        (("--tenant", "acme", "--scope", "ops", "--ttl", "1h\n"), "cannot be read"),
    ],
)
def test_a_token_that_cannot_be_issued_says_why(
    crosslook: Shell, data: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = crosslook("token", *arguments, "--data", str(data))
    assert (ran.status, ran.out) == (1, "")
    assert sentence in ran.err


def test_a_token_has_the_issuer_and_audience_of_the_environment_and_an_id_of_its_own(
    crosslook: Shell, data: Path
) -> None:
    crosslook.monkeypatch.setenv("CROSSLOOK_AUTH__ISSUER", "https://id.example")
    crosslook.monkeypatch.setenv("CROSSLOOK_AUTH__AUDIENCE", "reports")
    asked = ("token", "--tenant", "*", "--scope", "ops", "--ttl", "30d", "--data", str(data))
    first, second = (crosslook(*asked).out.strip() for _ in range(2))
    trusted = AuthSettings(jwks_file=data / "keys" / "jwks.json", issuer="https://id.example", audience="reports")
    assert verifier(trusted).verify(first).tenant == "*"
    read = [jwt.decode(token, options={"verify_signature": False}) for token in (first, second)]
    assert read[0]["jti"] != read[1]["jti"]
    with pytest.raises(Unauthenticated):
        verifier(AuthSettings(jwks_file=data / "keys" / "jwks.json")).verify(first)


def test_a_token_that_the_services_would_refuse_is_not_issued(crosslook: Shell, data: Path) -> None:
    (data / "keys" / "jwks.json").write_text(json.dumps({"keys": [jwk(STRANGER, "theirs")]}))
    ran = crosslook("token", "--tenant", "acme", "--scope", "ops", "--data", str(data))
    assert (ran.status, ran.out) == (1, "")
    assert "get the token from the identity provider" in " ".join(ran.err.split())


def test_a_folder_where_no_stack_was_ever_started_has_no_tokens(crosslook: Shell, tmp_path: Path) -> None:
    ran = crosslook("token", "--tenant", "acme", "--scope", "ops", "--data", str(tmp_path / "never"))
    assert ran.status == 1
    assert "contains no signing key" in ran.err
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize(("text", "reason"), [("{", "is not JSON"), (None, "cannot be read: No such file")])
def test_a_request_that_cannot_be_read_is_named(
    crosslook: Shell, data: Path, tmp_path: Path, text: str | None, reason: str
) -> None:
    file = tmp_path / "request.json"
    if text is not None:
        file.write_text(text)
    ran = crosslook("query", str(file), "--tenant", "acme", "--data", str(data))
    assert ran.status == 1
    assert f"{file} {reason}" in ran.err


def test_a_request_may_come_by_standard_input(crosslook: Shell, data: Path) -> None:
    crosslook.monkeypatch.setattr(sys, "stdin", StringIO("nonsense"))
    assert "- is not JSON" in crosslook("query", "-", "--tenant", "acme", "--data", str(data)).err


def test_a_file_whose_name_says_no_format_is_refused(crosslook: Shell, data: Path) -> None:
    crosslook.monkeypatch.setattr(sys, "stdin", StringIO("{}"))
    ran = crosslook("query", "-", "--tenant", "acme", "--data", str(data), "--output", "report.doc")
    assert ran.err == "report.doc has no known file extension; name a format with --format: csv, xlsx, parquet, arrow\n"


def test_a_port_base_out_of_range_is_refused_before_anything_starts(crosslook: Shell, tmp_path: Path) -> None:
    ran = crosslook("up", "--data", str(tmp_path / "d"), "--port-base", "65500")
    assert ran.status == 1
    assert "--port-base 65500 is out of range" in ran.err


def test_a_data_folder_that_is_a_file_is_refused_with_the_reason(crosslook: Shell, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ran = crosslook("up", "--data", str(file))
    assert ran.status == 1
    assert f"The data folder {file} cannot be used" in ran.err


def test_a_damaged_state_file_is_named_with_the_remedy(crosslook: Shell, data: Path) -> None:
    (data / "stack.json").write_text('{"children": 3}')
    ran = crosslook("status", "--json", "--data", str(data))
    assert ran.status == 1
    assert f"{data}/stack.json cannot be read" in ran.err


def test_topics_on_a_kafka_that_does_not_answer_are_a_sentence(crosslook: Shell, data: Path) -> None:
    crosslook.monkeypatch.setenv(cli.KAFKA_VARIABLE, "127.0.0.1:1")
    ran = crosslook("topics")
    assert ran.status == 1
    assert ran.err.startswith("Kafka does not answer: 127.0.0.1:1")


@pytest.mark.parametrize("arguments", [("up",), ("up", "--detach"), ("demo", "--exit"), ("topics",)])
def test_wrong_settings_are_all_named_by_their_variables(
    crosslook: Shell, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    crosslook.monkeypatch.setenv(cli.KAFKA_VARIABLE, "127.0.0.1:1")
    crosslook.monkeypatch.setenv("CROSSLOOK_KAFKA__RECORDS_PARTITIONS", "none")
    crosslook.monkeypatch.setenv("CROSSLOOK_REFRESH__CRON", "at noon")
    ran = crosslook(*arguments, *(() if arguments == ("topics",) else ("--data", str(tmp_path / "d"))))
    assert ran.status == 1
    assert "  CROSSLOOK_KAFKA__RECORDS_PARTITIONS: " in ran.err
    assert "  CROSSLOOK_REFRESH__CRON: 'at noon' is not a cron expression" in ran.err


@pytest.mark.parametrize("key", sorted(TERMINAL))
def test_every_sentence_says_the_same_things_in_both_languages(key: str) -> None:
    english, french = TERMINAL[key].placeholders()
    assert english == french


def test_a_refusal_has_its_sentence_in_both_languages() -> None:
    refusal = CommandRefused("not_up", folder="here")
    assert refusal.text("fr").startswith("Aucune pile")
    assert str(refusal).startswith("No stack")


SAYING = {"Refusal", "ApiError", "PortTaken", "BrokerRefused", "EngineRefused", "Difference", "say", "line", "report"}


def sources() -> list[ast.AST]:
    root = Path(cli.__file__).parent
    files = [root / "cli.py", *sorted((root / "local").rglob("*.py"))]
    return [ast.parse(file.read_text()) for file in files if file.parent.name != "messages"]


def test_every_sentence_is_said_somewhere() -> None:
    texts = {node.value for tree in sources() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(TERMINAL) - texts == set()


def test_everything_that_is_said_is_catalogued() -> None:
    said = set()
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(first := node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name.lstrip("_") in SAYING and isinstance(first.value, str):
                    said.add(first.value)
    assert len(said) > 50
    assert said - set(TERMINAL) == set()


def test_the_command_needs_nothing_that_only_the_embedded_engine_needs() -> None:
    """The production image runs `crosslook topics` without requirements-local."""
    loaded = "import sys, crosslook.cli; print([m for m in ('chdb', 'crosslook.local.engine') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "[]\n"
