"""Notebooks: run from nothing, and shown as pages with what came out of each cell."""

from __future__ import annotations

import re
import tempfile
from typing import TYPE_CHECKING, Any, Final

import nbformat

if TYPE_CHECKING:
    from pathlib import Path

SECONDS: Final = 300  # for one cell


def executed(path: Path) -> Any:
    """The notebook as it comes out when it is run in an empty folder, by the Python that runs this."""
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
    for cell in notebook.cells:
        cell.metadata.clear()  # when each cell began and ended
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _passing(output)]
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return notebook


def _passing(output: Any) -> bool:
    """Whether an output is of the moment: a warning, or how far a run has come."""
    return output.get("name") == "stderr" or "<progress" in output.get("data", {}).get("text/html", "")


def shown(notebook: Any) -> list[str]:
    """What the cells gave, as text."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output["text"] if output.output_type == "stream" else output.data["text/plain"] for output in outputs]


def page(path: Path, beside: Path) -> str:
    """The notebook as Markdown; its pictures are written into the folder `beside`, where the page will lie."""
    parts = []
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        for place, output in enumerate(cell.outputs):
            picture = beside / f"{path.stem}-{number}-{place}.svg"
            parts.append(_output(output, picture))
    return "\n\n".join([*parts, ""])


def _output(output: Any, picture: Path) -> str:
    data = output.get("data", {})
    if "image/svg+xml" in data:
        picture.write_text(data["image/svg+xml"], encoding="utf-8")
        return f"![What the cell drew]({picture.name})"
    if "text/html" in data:
        html = re.sub(
            r'(?s)<style.*?</style>| border="1"| class="dataframe"| style="[^"]*"', "", data["text/html"]
        )  # the page has a style for tables
        lines = [line.strip() for line in html.splitlines() if line.strip()]  # an empty one would end it
        return f'<div class="output">{"".join(lines)}</div>'
    return f"```text\n{output.get('text') or data['text/plain']}\n```"
