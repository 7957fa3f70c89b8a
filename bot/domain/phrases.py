"""Templates of sentences below the message catalogue, with named placeholders."""


def phrase(template: str, **values: object) -> str:
    """Return a sentence, or a part of one, with `values` in its named placeholders.

    Babel extracts the templates (`-k phrase`). Values are never read as templates: braces in a title stay braces.

    Args:
        template: the sentence; a literal.
        **values: one for each placeholder.

    Raises:
        KeyError: a placeholder has no value.
    """
    return template.format_map(values)
