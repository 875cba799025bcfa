"""How well a text stands out from its ground, as the Web Content Accessibility Guidelines 2.1 have it."""

LEAST_CONTRAST = 4.5  # success criterion 1.4.3, for text of ordinary size


def contrast(one, other):
    """WCAG's contrast ratio of two colours (red, green, blue) from 0 to 255, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    """WCAG's relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
