"""The functions expressions may call, in one table."""

from collections.abc import Mapping
from types import MappingProxyType

from xlsform.xpath.calls import Function
from xlsform.xpath.functions import dates, digests, geo, logic, nodes, numbers, repeats, text

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        **nodes.FUNCTIONS,
        **repeats.FUNCTIONS,
        **digests.FUNCTIONS,
        **text.FUNCTIONS,
        **numbers.FUNCTIONS,
        **logic.FUNCTIONS,
        **dates.FUNCTIONS,
        **geo.FUNCTIONS,
    }
)
