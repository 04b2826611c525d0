"""Pictures that stand alone as files: SVG of what follows from rows, PNG of examples."""
