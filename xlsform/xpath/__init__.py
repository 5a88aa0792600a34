"""Expressions of XForms: XPath 1.0 with the functions of ODK, compiled once to closures."""

from xlsform.values import NodeSet, Value
from xlsform.xpath.context import Context, Environment, ExpressionError
from xlsform.xpath.expression import Expression, compile_expression
from xlsform.xpath.lookups import Instances

__all__ = [
    "Context",
    "Environment",
    "Expression",
    "ExpressionError",
    "Instances",
    "NodeSet",
    "Value",
    "compile_expression",
]
