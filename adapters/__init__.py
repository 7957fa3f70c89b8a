"""The platforms, one folder each: they translate, and decide nothing about conferences."""
