"""Settings come in at the entry, problems and metrics from their catalogues, and topics from their declarations."""

import ast
from collections.abc import Iterator

import pytest

from crosslook.contracts.topics import TOPICS
from crosslook.platform import metrics
from docs.pages.settings import SERVICES, settings_class, settings_of
from tests.architecture.sources import PRODUCT, Source, calls, last_name, python, texts

_WIRED = ("services/", "crosslook/contracts/", "crosslook/platform/")
_METERS = {"Counter", "Gauge", "Histogram", "Summary", "Info"}


def environment_reads(source: Source) -> Iterator[str]:
    """Where the source reads the environment, by itself or by making a service's settings."""
    readers = {settings_class(service).__name__ for service in SERVICES} | {"ServiceSettings", "getenv"}
    for name, call in calls(source.tree):
        if name in readers:
            yield f"{source.path}:{call.lineno} {name}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "environ":
            yield f"{source.path}:{node.lineno} environ"


def free_refusals(source: Source) -> Iterator[str]:
    """Where an answer is made around the error family, with a sentence of its own."""
    for name, call in calls(source.tree):
        if name in ("HTTPException", "PlainTextResponse", "HTMLResponse"):
            yield f"{source.path}:{call.lineno} {name}"
        if name == "Problem":
            words = [arg.value for arg in call.args[:1] if isinstance(arg, ast.Constant)]
            words += [k.value.value for k in call.keywords if k.arg == "text" and isinstance(k.value, ast.Constant)]
            if any(" " in str(word) for word in words):
                yield f"{source.path}:{call.lineno} Problem"


def free_meters(source: Source) -> Iterator[str]:
    """Where a metric is made that nobody declared."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prometheus_client"):
            yield from (f"{source.path}:{node.lineno} {a.name}" for a in node.names if a.name in _METERS)


def test_settings_are_read_in_main_only() -> None:
    others = [source for source in python(*_WIRED) if not source.path.endswith("__main__.py")]
    assert [found for source in others for found in environment_reads(source)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_reads_its_settings_in_main(service: str) -> None:
    (main,) = python(f"services/{service}/__main__.py")
    assert list(environment_reads(main))


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_says_what_it_means(service: str) -> None:
    assert [item.name for item in settings_of(service) if not item.meaning.endswith((".", "30."))] == []


def test_every_refusal_goes_through_the_error_family() -> None:
    assert [found for source in python(*_WIRED) for found in free_refusals(source)] == []


def test_every_metric_is_declared() -> None:
    others = [source for source in python(*PRODUCT) if source.path != "crosslook/platform/metrics.py"]
    assert [found for source in others for found in free_meters(source)] == []


def test_every_declared_metric_is_counted_somewhere() -> None:
    declared = {name for name, value in vars(metrics).items() if isinstance(value, metrics.Metric)}
    used = {
        last_name(node)
        for source in python(*PRODUCT)
        if source.path != "crosslook/platform/metrics.py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Name | ast.Attribute)
    }
    assert declared - used == set()


def test_topics_are_named_in_their_declaration_only() -> None:
    names = {topic.name for topic in TOPICS}
    others = [source for source in python(*PRODUCT) if source.path != "crosslook/contracts/topics.py"]
    found = [f"{s.path}:{text.lineno}" for s in others for text in texts(s.tree) if text.value in names]
    assert found == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (environment_reads, "import os\nx = os.environ['CROSSLOOK_A']"),
        (environment_reads, "from os import getenv\nx = getenv('CROSSLOOK_A')"),
        (environment_reads, "settings = SnapshotSettings()"),
        (free_refusals, "raise HTTPException(404, 'no such thing')"),
        (free_refusals, "raise NotFound(Problem('There is no such thing.'))"),
        (free_meters, "from prometheus_client import Counter"),
    ],
)
def test_the_checks_see(check: object, text: str) -> None:
    assert callable(check)
    assert list(check(Source("services/a/api.py", text)))
