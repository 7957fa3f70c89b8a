"""Which addresses are Slack's own: an answer is posted to no other, whatever a request says."""

import yarl

SLACKS = ("slack.com", "slack-gov.com")


def is_slacks(url: str, api_url: str) -> bool:
    """Whether `url` is on one of Slack's hosts, or on the one that the Web API was configured to be on."""
    try:
        asked, own = yarl.URL(url), yarl.URL(api_url)
    except ValueError:
        return False
    if asked.user or asked.password or not asked.host:
        return False
    if asked.origin() == own.origin():
        return True
    host = asked.host.casefold()
    return (
        asked.scheme == "https"
        and asked.explicit_port in (None, 443)
        and any(host == known or host.endswith(f".{known}") for known in SLACKS)
    )
