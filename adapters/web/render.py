"""Renders the templates; every value is escaped, unless one of these templates says otherwise."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from adapters.web.template_values import pieces
from bot.app.text.visible import visible

FOLDER = Path(str(files("adapters.web")))
TEMPLATES, STATIC = FOLDER / "templates", FOLDER / "static"


@cache
def environment(folder: str = "") -> Environment:
    """Return the templates; those in `folder` replace ours."""
    own = [FileSystemLoader(folder)] if folder else []
    templates = Environment(
        loader=ChoiceLoader([*own, FileSystemLoader(TEMPLATES)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.globals["static"] = static_url
    templates.filters |= {"pieces": pieces, "visible": visible}
    return templates


def page(template: str, *, folder: str = "", **values: object) -> str:
    """Return a page; `root` leads from it to the root of the site."""
    return environment(folder).get_template(template).render(values)


@cache
def version() -> str:
    """Return a hash of all static files; it is in their addresses, so that a browser may keep them for ever."""
    digest = sha256()
    for file in sorted(STATIC.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:10]


def static_url(name: str, root: str) -> str:
    """Return the address of a static file, as seen from a page; `root` leads from there to the root of the site."""
    return f"{root}static/{version()}/{name}"
