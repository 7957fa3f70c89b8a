"""Recognizes Slack's own addresses: answers and files are sent only there, even if a request contains others."""

import yarl

SLACK_DOMAINS = ("slack.com", "slack-gov.com")


def is_slack_url(url: str, api_url: str) -> bool:
    """Return whether `url` is on one of Slack's hosts, or on the configured host of the Web API."""
    try:
        parsed, api = yarl.URL(url), yarl.URL(api_url)
    except ValueError:
        return False
    if parsed.user or parsed.password or not parsed.host:
        return False
    if parsed.origin() == api.origin():
        return True
    host = parsed.host.casefold()
    return (
        parsed.scheme == "https"
        and parsed.explicit_port in (None, 443)
        and any(host == domain or host.endswith(f".{domain}") for domain in SLACK_DOMAINS)
    )
