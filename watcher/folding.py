"""Characters that mean the same become the same, without moving any offset.

Every character stays one character, so a place found in folded text is the same place in the stored text.
"""

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of what is never seen and so can fake or hide text: controls, bidi and zero-width characters,
surrogates, line separators."""

_NARROW = {0xFF01 + i: 0x21 + i for i in range(0x5E)} | {0x3000: 0x20, 0xA0: 0x20}
_LOWER = {upper: upper + 0x20 for upper in range(ord("A"), ord("Z") + 1)}
_FOLD = {source: _LOWER.get(target, target) for source, target in _NARROW.items()} | _LOWER


def narrow(text: str) -> str:
    """Full-width letters, digits and punctuation become ASCII: ``（３００５４６）`` is ``(300546)``."""
    return text.translate(_NARROW)


def fold(text: str) -> str:
    """As `narrow`, and Latin letters become lower case."""
    return text.translate(_FOLD)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is a word of its own where it begins or ends in a Latin letter or digit.

    ``mac`` does not stand alone in ``machine``, but does in ``苹果mac电脑``: Chinese neighbours do not join on.
    """
    return not (
        (start > 0 and _joins(text[start - 1]) and _joins(text[start]))
        or (end < len(text) and _joins(text[end - 1]) and _joins(text[end]))
    )


def _joins(character: str) -> bool:
    return character.isascii() and character.isalnum()
