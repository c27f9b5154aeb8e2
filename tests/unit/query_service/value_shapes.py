"""Requests whose rows have values of their own: formulas, bins and groups."""

from typing import Any

VALUE_SHAPES: dict[str, dict[str, Any]] = {
    "formulas": {
        "object": "ticket",
        "formulas": [
            {"name": "gross", "expression": "ticket.amount * 1.2 + round(ticket.csat, 1)"},
            {"name": "age", "expression": "days_between(ticket.opened_at, '2026-11-01')"},
            {"name": "old", "expression": "if(age > 30, 'old', lower(ticket.status))"},
            {"name": "unused", "expression": "length(ticket.subject)"},
            {"name": "french", "expression": "contact.country = 'FR'"},
        ],
        "dimensions": ["old"],
        "measures": ["gross.sum", "age.avg"],
        "filters": {"and": [{"field": "french", "op": "eq", "values": [True]}]},
    },
    "bins_and_groups": {
        "object": "ticket",
        "dimensions": [
            {"field": "ticket.csat", "name": "band", "bins": [2, 4.5]},
            {"field": "ticket.csat", "name": "step", "width": 0.1},
            {"field": "ticket.amount", "name": "price", "width": "2.50"},
            {"field": "ticket.opened_at", "name": "half", "bins": ["2026-01-01", "2026-07-01"]},
            {
                "field": "ticket.tags",
                "name": "kind",
                "groups": [{"name": "Large", "values": ["vip", "key"]}],
                "others": "Rest",
            },
        ],
        "measures": ["ticket.count"],
        "filters": {
            "and": [
                {"field": "kind", "op": "any_of", "values": ["Large"]},
                {
                    "field": "ticket.status",
                    "groups": [{"name": "Open", "values": ["open"]}],
                    "op": "neq",
                    "values": ["Open"],
                },
            ]
        },
    },
}
