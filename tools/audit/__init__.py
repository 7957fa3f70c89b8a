"""`make audit`: known vulnerabilities of the locked versions."""
