"""One module per schedule format, each exporting `FORMAT`; detection, `--format` and its help are derived."""
