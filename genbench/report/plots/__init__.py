"""Charts as Vega-Lite: one specification for the site, which draws it when it is seen, and for files (vl-convert).

A `Plot` is a specification without data, its rows, and what is said of it; `looks` gives picked submissions their
colours, `rendering` makes SVG of it. The other files here make plots of what `analysis` found.
"""
