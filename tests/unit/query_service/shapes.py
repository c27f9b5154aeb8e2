"""One request for each shape of SQL that the planner can make."""

from typing import Any

from services.query_service.domain.after_token import AfterToken, RowPosition
from tests.unit.query_service.value_shapes import VALUE_SHAPES

URGENT = {"field": "ticket.urgent", "op": "eq", "values": [True]}
FRENCH = {"field": "contact.country", "op": "eq", "values": ["FR"]}
SHAPES: dict[str, dict[str, Any]] = {
    **VALUE_SHAPES,
    "count": {"object": "ticket", "measures": ["ticket.count"]},
    "dimensions_only": {"object": "ticket", "dimensions": ["ticket.status", "ticket.tags"], "limit": 3},
    "granularities": {
        "object": "ticket",
        "dimensions": [
            *(
                {"field": "ticket.opened_at", "granularity": granularity}
                for granularity in ("hour", "day", "week", "day_of_week")
            ),
            {"field": "ticket.due_on", "granularity": "quarter"},
        ],
        "measures": ["ticket.opened_at.max"],
    },
    "filters_with_a_granularity": {
        "object": "ticket",
        "measures": ["ticket.count"],
        "filters": {
            "and": [
                {"field": "ticket.opened_at", "granularity": "hour_of_day", "op": "gte", "values": [18]},
                {"field": "ticket.opened_at", "granularity": "day_of_week", "op": "in", "values": [1, 7]},
                {"field": "ticket.opened_at", "granularity": "month", "op": "in_previous", "values": [3, "month"]},
                {"field": "ticket.due_on", "granularity": "quarter", "op": "eq", "values": ["2026-10-01"]},
                {"field": "ticket.opened_at", "granularity": "hour", "op": "neq", "values": ["2026-11-01T06:00:00Z"]},
            ]
        },
    },
    "weeks_from_sunday": {
        "object": "ticket",
        "dimensions": [
            {"field": "ticket.opened_at", "granularity": "week"},
            {"field": "ticket.opened_at", "granularity": "day_of_week"},
            {"field": "ticket.due_on", "granularity": "week"},
        ],
        "filters": {
            "and": [
                {"field": "ticket.opened_at", "op": "in_this", "values": ["week"]},
                {"field": "ticket.due_on", "op": "in_previous", "values": [2, "quarter"]},
                {"field": "ticket.due_on", "op": "to_date", "values": ["year"]},
            ]
        },
        "week_start": "sunday",
    },
    "measures": {
        "object": "ticket",
        "dimensions": ["ticket.urgent", "ticket.csat"],
        "measures": [
            *(f"ticket.csat.{aggregate}" for aggregate in ("sum", "avg", "median")),
            *(f"ticket.amount.{aggregate}" for aggregate in ("sum", "avg", "median", "min")),
            "ticket.status.count_distinct",
        ],
        "totals": True,
    },
    "percentiles_and_deviations": {
        "object": "ticket",
        "dimensions": ["ticket.tags"],
        "measures": [
            "ticket.csat.p90",
            "ticket.csat.stddev",
            "ticket.amount.p95",
            "ticket.amount.stddev",
            "ticket.tags.count_distinct",
        ],
    },
    "deviations_where_records_repeat": {
        "object": "booking",
        "relationship": "guests",
        "measures": ["booking.minutes.p95", "booking.minutes.stddev", "booking.price.stddev"],
    },
    "filtered_measures": {
        "object": "ticket",
        "dimensions": ["ticket.status"],
        "measures": [
            "ticket.count",
            {"measure": "ticket.count", "name": "urgent", "filters": URGENT},
            {"measure": "ticket.amount.sum", "name": "urgent_amount", "filters": URGENT},
            {
                "measure": "ticket.tags.count_distinct",
                "name": "recent_tags",
                "filters": {"field": "ticket.opened_at", "op": "in_last", "values": [7, "day"]},
            },
        ],
        "having": {"field": "urgent", "op": "gte", "values": [1]},
        "sort": [{"field": "urgent_amount", "direction": "desc"}],
        "totals": True,
    },
    "filtered_measures_where_records_repeat": {
        "object": "booking",
        "relationship": "guests",
        "measures": [
            {"measure": "booking.count", "name": "french", "filters": FRENCH},
            {"measure": "booking.price.sum", "name": "french_price", "filters": FRENCH},
            "booking.price.sum",
        ],
    },
    "filters": {
        "object": "ticket",
        "measures": ["ticket.count"],
        "filters": {
            "and": [
                {"field": "ticket.status", "op": "not_in", "values": ["open"]},
                {"field": "ticket.subject", "op": "contains", "values": ["refund"]},
                {"field": "ticket.tags", "op": "none_of", "values": ["vip"]},
                {"field": "ticket.opened_at", "op": "in_last", "values": [90, "day"]},
                {
                    "or": [
                        {"field": "ticket.opened_at", "op": "after", "values": ["2026-11-01"]},
                        {"field": "ticket.due_on", "op": "is_empty"},
                        {"field": "ticket.amount", "op": "between", "values": ["1.50", 20]},
                    ]
                },
            ]
        },
    },
    "having_and_sort": {
        "object": "ticket",
        "dimensions": ["ticket.status"],
        "measures": ["ticket.count", "ticket.amount.sum"],
        "having": {
            "or": [{"field": "ticket.count", "op": "gte", "values": [5]}, {"field": "ticket.status", "op": "is_empty"}]
        },
        "sort": [{"field": "ticket.amount.sum", "direction": "desc"}],
    },
    "contact_dimension": {
        "object": "ticket",
        "dimensions": ["contact.country"],
        "measures": ["ticket.count", "contact.count", "ticket.csat.avg"],
        "totals": True,
    },
    "contact_in_filters_only": {
        "object": "ticket",
        "dimensions": ["ticket.status"],
        "measures": ["ticket.amount.sum"],
        "filters": {
            "and": [
                {"field": "contact.country", "op": "eq", "values": ["FR"]},
                {"field": "ticket.status", "op": "is_not_empty"},
            ]
        },
    },
    "filter_across_the_join": {
        "object": "ticket",
        "measures": ["ticket.count"],
        "filters": {
            "or": [
                {"field": "contact.country", "op": "eq", "values": ["FR"]},
                {"field": "ticket.status", "op": "eq", "values": ["open"]},
            ]
        },
    },
    "many_to_many": {
        "object": "booking",
        "relationship": "guests",
        "dimensions": ["contact.country"],
        "measures": ["booking.count", "booking.price.sum", "booking.minutes.median", "contact.created_at.min"],
    },
    "pivot": {
        "object": "ticket",
        "dimensions": ["ticket.urgent"],
        "pivot": ["ticket.status", {"field": "ticket.opened_at", "granularity": "month"}],
        "measures": ["ticket.count", "ticket.amount.sum"],
        "having": {"field": "ticket.count|open|2026-11-01", "op": "gte", "values": [5]},
        "sort": [{"field": "ticket.count|open|2026-11-01", "direction": "desc"}],
        "limit": 10,
        "totals": True,
    },
    "compared_with_the_snapshot_before": {
        "object": "ticket",
        "dimensions": ["contact.country"],
        "measures": ["ticket.count", "ticket.csat.avg"],
        "filters": {"field": "ticket.opened_at", "op": "in_last", "values": [7, "day"]},
        "compare": "previous",
        "sort": [{"field": "ticket.count@delta", "direction": "desc"}],
    },
    "compared_with_the_month_before": {
        "object": "ticket",
        "dimensions": [{"field": "ticket.opened_at", "granularity": "day"}, "contact.country"],
        "measures": ["ticket.count", "ticket.opened_at.max"],
        "filters": {"field": "ticket.opened_at", "op": "to_date", "values": ["month"]},
        "compare": {"field": "ticket.opened_at", "shift": [1, "month"]},
    },
    "compared_with_several_periods": {
        "object": "ticket",
        "pivot": ["ticket.status"],
        "measures": ["ticket.count"],
        "filters": {"field": "ticket.due_on", "op": "in_this", "values": ["quarter"]},
        "compare": [
            {"field": "ticket.due_on", "shift": [1, "quarter"], "name": "last_quarter"},
            {"field": "ticket.due_on", "shift": [52, "week"], "name": "last_year"},
            {"field": "ticket._updated_at", "shift": [36, "hour"], "name": "earlier"},
        ],
        "totals": True,
    },
    "calculated_by_row": {
        "object": "ticket",
        "dimensions": ["ticket.status"],
        "measures": ["ticket.count", "ticket.amount.sum"],
        "calculations": [{"name": "share", "expression": "ticket.count / total(ticket.count)"}],
        "having": {"field": "ticket.count", "op": "gte", "values": [5]},
        "limit": 10,
    },
    "calculated_over_rows": {
        "object": "ticket",
        "dimensions": ["ticket.status"],
        "measures": ["ticket.count"],
        "calculations": [{"name": "place", "expression": "rank(ticket.count)"}],
        "having": {
            "and": [
                {"field": "ticket.count", "op": "gte", "values": [5]},
                {"field": "place", "op": "lte", "values": [3]},
            ]
        },
        "limit": 10,
    },
    "subtotals": {
        "object": "ticket",
        "dimensions": ["ticket.status", "ticket.urgent", "ticket.tags"],
        "measures": ["ticket.count"],
        "subtotals": True,
        "limit": 10,
    },
    "records_without_a_contact": {"object": "ticket", "measures": ["ticket.count"], "contacts": "without"},
    "contacts_without_a_record": {
        "object": "contact",
        "dimensions": ["contact.country"],
        "measures": ["contact.count"],
        "records": {"object": "ticket", "match": "without"},
    },
    "list": {
        "object": "ticket",
        "list": ["ticket._id", "ticket.subject", "ticket.csat", "ticket.tags", "ticket._updated_at"],
        "filters": {"field": "ticket.status", "op": "eq", "values": ["open"]},
        "sort": [{"field": "ticket.tags", "direction": "desc"}, {"field": "ticket.subject"}],
        "contacts": "with",
    },
    "list_after_a_row": {
        "object": "booking",
        "list": ["booking.price", "contact.email", "booking._id"],
        "relationship": "guests",
        "filters": {"field": "booking.minutes", "op": "gt", "values": [5]},
        "sort": [{"field": "booking.price", "direction": "desc"}, {"field": "contact.email"}],
        "after": AfterToken("s1", "q", RowPosition("b1", "ann")).encode(),
    },
    "list_of_pairs": {"object": "booking", "list": ["contact.email", "booking.price"], "relationship": "guests"},
    "list_filtered_by_contact": {
        "object": "booking",
        "list": ["booking.price"],
        "relationship": "guests",
        "filters": {
            "and": [
                {"field": "contact.country", "op": "eq", "values": ["FR"]},
                {"field": "contact.email", "op": "is_not_empty"},
                {"field": "booking.minutes", "op": "gt", "values": [5]},
            ]
        },
    },
    "list_filtered_across_the_join": {
        "object": "booking",
        "list": ["booking.price"],
        "relationship": "guests",
        "filters": {
            "and": [
                {"field": "booking.minutes", "op": "gt", "values": [5]},
                {
                    "or": [
                        {"field": "contact.country", "op": "eq", "values": ["FR"]},
                        {"field": "booking.price", "op": "is_empty"},
                    ]
                },
            ]
        },
    },
    "list_of_contacts": {
        "object": "contact",
        "list": ["contact.email"],
        "records": {"object": "ticket", "match": "without"},
        "sort": [{"field": "contact.email", "direction": "desc"}],
    },
}
