"""Pseudonyms: short codes that people say and write down instead of a name or a long number."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another one


def pseudonym(number: str) -> str:
    """Return the short code that stands for a thing: a part of its random number (a UUID)."""
    bits = int(number.replace("-", ""), 16)
    code = "".join(_LETTERS[bits >> 5 * place & 31] for place in reversed(range(6)))
    return f"{code[:3]}-{code[3:]}"
