"""What ``itertools`` does by what it reads, written out: the compiler reads these, and no text calls them."""

# mypy: allow-untyped-defs


def compress(data, selectors):
    """Give those items of ``data`` beside which a selector is true."""
    for item, chosen in zip(data, selectors, strict=False):
        if chosen:
            yield item
