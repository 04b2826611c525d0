"""Charts of the page: standings along an axis and by training step, placed in per cent of a drawing's width and height.

A drawing so placed fits any screen while its letters and lines keep their size. What is drawn here, `parts.html` of the
page's folder puts into SVG.
"""
