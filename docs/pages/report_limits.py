"""The limits of a report request."""

from crosslook.contracts.expression_tokens import EXPRESSION_MAX
from services.query_service.domain.column_parsing import MAX_COLUMNS, MAX_FILTERED, MAX_FORMULAS, MAX_PIVOT
from services.query_service.domain.comparison_parsing import COMPARISONS_MAX
from services.query_service.domain.condition_parsing import FILTER_DEPTH_MAX, MAX_CONDITIONS, MAX_VALUES
from services.query_service.domain.formula_syntax import FORMULA_DEPTH_MAX, MAX_NESTING
from services.query_service.domain.groupings import EDGES_MAX, GROUPED_VALUES_MAX
from services.query_service.domain.parsing import MAX_SORT
from services.query_service.domain.plan import MOST_GROUPS
from services.query_service.domain.report import PIVOT_COLUMNS
from services.query_service.domain.row_formulas import OPERATIONS_MAX

REPORT_LIMITS = (
    ("Periods that a report is compared with", COMPARISONS_MAX),
    ("Dimensions, measures and calculations in total", MAX_COLUMNS),
    ("Filtered measures", MAX_FILTERED),
    ("Dimensions of a pivot", MAX_PIVOT),
    ("Columns that a pivot makes", PIVOT_COLUMNS),
    ("Columns to sort by", MAX_SORT),
    ("Conditions; also groups of them under `and` or `or`", MAX_CONDITIONS),
    ("Levels of conditions", FILTER_DEPTH_MAX),
    ("Values of a condition", MAX_VALUES),
    ("Groups, if the report needs the whole result", MOST_GROUPS),
    ("Characters of an expression", EXPRESSION_MAX),
    ("Levels of an expression", FORMULA_DEPTH_MAX),
    ("Levels of parentheses", MAX_NESTING),
    ("Edges of bins; groups", EDGES_MAX),
    ("Values of all groups of a dimension", GROUPED_VALUES_MAX),
    ("Formulas", MAX_FORMULAS),
    ("Operations of all formulas; rounding a number counts as 4", OPERATIONS_MAX),
)
