"""The charts' script: Vega, Vega-Lite and Vega-Embed as vl-convert brings them, in one file and made offline."""

from __future__ import annotations

from importlib import metadata

from genbench.data.sources.places import cache_folder


def version() -> str:
    """What the script is of; while that stays the same, so does the script."""
    return metadata.version("vl-convert-python")


def script() -> str:
    """The script, which sets `vegaEmbed`; kept in the cache, for making it takes over a second.

    It is wrapped in a function, for else its thousands of short names would be the page's.
    """
    kept = cache_folder() / f"charts-{version()}.js"
    try:
        return kept.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        pass
    import vl_convert

    text = "(function(){" + vl_convert.javascript_bundle("window.vegaEmbed=vegaEmbed;") + "})();\n"
    partial = kept.with_name(kept.name + ".partial")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        partial.replace(kept)
    except OSError:
        pass  # a cache that cannot be written costs a second each time, and nothing else
    return text
