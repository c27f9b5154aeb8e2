"""docs/reference/metrics.md."""

from crosslook.platform.metrics import METRICS, Metric
from docs.pages.markdown import code, page, table

_INTRODUCTION = (
    "Each service shows its numbers at `GET /metrics` in the Prometheus text format. A counter's samples end in "
    "`_total`, a histogram's in `_bucket`, `_sum` and `_count`. A number appears once the service has touched it."
)


def render() -> str:
    """The page."""
    rows = [
        (code(_sample(metric)), metric.kind, ", ".join(map(code, metric.labels)), metric.help) for metric in METRICS
    ]
    return page("Metrics", _INTRODUCTION, table(("Name", "Kind", "Labels", "Meaning"), rows))


def _sample(metric: Metric) -> str:
    return f"{metric.name}_total" if metric.kind == "counter" else metric.name
