"""The catalog as JSON: what can be asked, what cannot and why, with labels and sentences in the reader's language."""

from collections.abc import Collection
from typing import Any

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.problems import Language, Problem
from crosslook.contracts.schemas import FieldDef
from services.query_service.catalog.freshness import Freshness
from services.query_service.domain.catalog import Catalog, Explore, Measure
from services.query_service.domain.column_types import FIELD_USES, granularities_of
from services.query_service.domain.pending import Pending


def catalog_json(
    catalog: Catalog | None,
    pending: list[Pending],
    not_reportable: list[str],
    freshness: Freshness | None,
    due: str,
    warnings: list[Problem],
    language: Language,
) -> dict[str, Any]:
    """The catalog of CONTRACTS 5; `due` is when pending changes arrive."""
    reason = MESSAGES["not_reportable.report"]
    explores = catalog.explores.values() if catalog is not None else ()
    return {
        "snapshot": freshness.as_json() if freshness is not None else None,
        "explores": [_explore(one, catalog, language) for one in explores if catalog is not None],
        "pending": [_pending(one, due) for one in pending],
        "not_reportable": [
            {"object": name, "reason": reason.render(language, {"object": name})} for name in not_reportable
        ],
        "warnings": [one.as_json(language) for one in warnings],
    }


def _pending(one: Pending, due: str) -> dict[str, Any]:
    shown = {"object": one.object, "change": one.change, "from": due}
    return shown | ({"added": one.added, "removed": one.removed} if one.change == "changed" else {})


def _explore(explore: Explore, catalog: Catalog, language: Language) -> dict[str, Any]:
    definition = explore.definition
    relationships = [
        {"slug": one.slug, "label": one.label or one.slug, "many": one.many} for one in explore.relationships
    ]
    measures = explore.measures().values()
    return {
        "object": explore.object,
        "label": definition.labels.plural,
        "joinable": [catalog.contact.object] if relationships else [],
        "relationships": relationships,
        "dimensions": [_dimension(explore.object, field, measures, language) for field in definition.fields],
        "measures": [_measure(one, explore, language) for one in measures],
    }


def _dimension(object_slug: str, field: FieldDef, measures: Collection[Measure], language: Language) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": f"{object_slug}.{field.slug}",
        "label": field.label or field.slug,
        "type": field.type.value,
        "measures": [one.name for one in measures if one.field is field],
        "measures_note": MESSAGES[FIELD_USES[field.type].measures_text].render(language, {}),
    }
    if field.description:
        shown["description"] = field.description
    if field.options:
        shown["options"] = [{"value": one.value, "label": one.label or one.value} for one in field.options]
    if granularities := granularities_of(field.type):
        shown["granularities"] = [one.value for one in granularities]
    return shown | _format(field)


def _measure(measure: Measure, explore: Explore, language: Language) -> dict[str, Any]:
    field = measure.field
    label = (field.label or field.slug) if field is not None else explore.definition.labels.plural
    text = MESSAGES[f"measure.{measure.aggregate}"].render(language, {"label": label})
    shown = {"name": measure.name, "label": text, "type": measure.type.value}
    return shown | (_format(field) if field is not None and measure.type.value == field.type.value else {})


def _format(field: FieldDef) -> dict[str, Any]:
    """How its values are to be shown, as far as the schema says."""
    said = {"scale": field.scale, "currency": field.currency}
    return {name: value for name, value in said.items() if value is not None}
