"""Look at every image of one Parquet shard: which cannot be decoded, and why. A program, run in a process of its own.

    python look.py SHARD COLUMN

Prints one line of JSON, the number of each row whose image is broken with what is wrong. Decoding what strangers
uploaded is no work for the process that holds the targets: a decoder may crash, or take all memory there is.

A JPEG is decoded at an eighth of its size, which reads all its bytes in a third of the time.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 64  # read at once


def fault(content: bytes | None) -> str:
    """Why an image cannot be shown, "" where it can. One of more pixels than Pillow takes for safe is refused."""
    from PIL import Image, UnidentifiedImageError

    if not content:
        return "no bytes"
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return f"refused: more than {Image.MAX_IMAGE_PIXELS:,} pixels"
    except UnidentifiedImageError:
        return "no image that is known"
    except Exception as why:  # noqa: BLE001  a decoder may raise anything
        return (str(why).splitlines() or [type(why).__name__])[0][:120]
    return ""


def faults(shard: str, column: str) -> Iterator[tuple[int, str]]:
    """The rows of a shard whose images cannot be shown, and why."""
    import pyarrow.parquet as pq

    row = 0
    with pq.ParquetFile(shard) as file:
        for batch in file.iter_batches(ROWS, columns=[column]):
            for content in batch.column(0).field("bytes"):
                why = fault(content.as_py())
                if why:
                    yield row, why
                row += 1


if __name__ == "__main__":
    warnings.simplefilter("error")  # an image twice as large as is safe raises, one above that only warns
    sys.stdout.write(json.dumps(dict(faults(*sys.argv[1:3]))) + "\n")
