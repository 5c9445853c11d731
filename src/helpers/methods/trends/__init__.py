"""What a series of figures tells: recent trend, monotone trend, break, and what chance alone would show."""

from helpers.methods.controlled import event_study
from helpers.methods.trends.bends import joinpoint
from helpers.methods.trends.breaks import interrupted
from helpers.methods.trends.chance import smallest_visible_change, xmr
from helpers.methods.trends.dependence import widening
from helpers.methods.trends.monotone import (
    average_annual_change,
    flow_of,
    mann_kendall,
    proportions_trend,
    sen_slope,
)
from helpers.methods.trends.published import published_trend
from helpers.methods.trends.recent import recent_trend

__all__ = [
    "average_annual_change",
    "event_study",
    "flow_of",
    "interrupted",
    "joinpoint",
    "mann_kendall",
    "proportions_trend",
    "published_trend",
    "recent_trend",
    "sen_slope",
    "smallest_visible_change",
    "widening",
    "xmr",
]
