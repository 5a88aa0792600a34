"""The functions expressions may call, in one table."""

from collections.abc import Mapping
from types import MappingProxyType

from xlsform.xpath.calls import Function
from xlsform.xpath.functions import dates, geo, logic, nodes, numbers, text

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        **nodes.FUNCTIONS,
        **text.FUNCTIONS,
        **numbers.FUNCTIONS,
        **logic.FUNCTIONS,
        **dates.FUNCTIONS,
        **geo.FUNCTIONS,
    }
)
