"""One folder for each platform. Platforms translate messages, and decide nothing about conferences."""
