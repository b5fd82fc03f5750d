"""Charts for the stand: a score said shortly, and read back again."""

from drumscribe.notation.chart.expanding import expand, in_order
from drumscribe.notation.chart.writing import chart_of

__all__ = ["chart_of", "expand", "in_order"]
