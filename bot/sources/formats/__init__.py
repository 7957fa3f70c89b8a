"""One file per schedule format, each exporting `FORMAT`; sniffing, `--format` and its help follow from them."""
