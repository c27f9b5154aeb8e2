"""docs/reference/metrics.md."""

from crosslook.platform.metrics import METRICS, Metric
from docs.pages.markdown import code, page, table

_INTRODUCTION = (
    "Each service shows its metrics at `GET /metrics` in the Prometheus text format. The samples of a counter end in "
    "`_total`, those of a histogram in `_bucket`, `_sum` and `_count`. A metric appears once the service has set "
    "it."
)


def render() -> str:
    """The page."""
    rows = [
        (code(_sample(metric)), metric.kind, ", ".join(map(code, metric.labels)), metric.help) for metric in METRICS
    ]
    return page("Metrics", _INTRODUCTION, table(("Name", "Kind", "Labels", "Meaning"), rows))


def _sample(metric: Metric) -> str:
    return f"{metric.name}_total" if metric.kind == "counter" else metric.name
