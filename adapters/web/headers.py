"""The headers of answers: what a browser, a cache and a search engine may do with them."""

from collections.abc import Mapping

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Everything comes from us, in files: no inline script or style, and no request to anybody else."""
SAFE: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}
PRIVATE: Mapping[str, str] = {
    **SAFE,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""For personal pages: no cache stores them, no search engine lists them, no other site learns their address."""
PUBLIC: Mapping[str, str] = {
    **SAFE,
    "Cache-Control": "public, max-age=60",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
STATIC: Mapping[str, str] = {
    **SAFE,
    "Cache-Control": "public, max-age=31536000, immutable",
    "Referrer-Policy": "no-referrer",
}
"""For files whose address changes with their content."""
NOBODY = "X-Hallway-Nobody"
"""The header that tells a page that its address is invalid, so that it deletes its data on the device."""
