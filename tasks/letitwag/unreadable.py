"""Photographs that cannot be decoded: found once for each shard, and replaced by a dot so that they can be asked."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbench import sources
from genbench.errors import SourceFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from shards import Images

GREY_DOT: Final = bytes.fromhex(  # a PNG of one pixel
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a4944415478da6368000000820081da45083b0000000049454e44ae426082"
)


def unreadable(images: Images) -> dict[int, str]:
    """The rows whose images cannot be decoded: row -> `SHARD row N: why`.

    Each shard is looked at in a process of its own, as many at a time as there are cores, and once: what was found is
    kept in the cache under the shard's sha256. Raises `SourceFault` where a process fails.
    """
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        found = list(workers.map(lambda shard: _looked_at(shard, images.column), images.shards))
    start, told = 0, {}
    for shard, (faults, rows) in zip(images.shards, found, strict=True):
        told |= {start + int(row): f"{shard.name} row {row}: {why}" for row, why in faults.items()}
        start += rows
    return told


def _looked_at(shard: Path, column: str) -> tuple[dict[str, str], int]:
    """What is wrong with the images of a shard, by row, and how many rows it has."""
    import pyarrow.parquet as pq

    program = Path(__file__).with_name("look.py")
    with shard.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    version = hashlib.sha256(program.read_bytes()).hexdigest()[:8]
    kept = sources.cache_folder() / "letitwag" / "looked_at" / f"{digest}-{version}.json"
    rows = pq.read_metadata(shard).num_rows
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8")), rows
    sys.stderr.write(f"looking at the {rows:,} images of {shard.name}\n")
    # By this very interpreter; -P and -s, so that it imports what this one does and nothing from where it stands.
    ended = subprocess.run(
        [sys.executable, "-P", "-s", str(program), str(shard), column], capture_output=True, text=True, check=False
    )
    if ended.returncode:
        why = (ended.stderr.strip().splitlines() or [f"it ended with {ended.returncode}"])[-1]
        raise SourceFault(f"{shard.name}: its images cannot be looked at: {why[:300]}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_name(f"{kept.name}.{os.getpid()}.partial")
    partial.write_text(ended.stdout, encoding="utf-8")
    partial.replace(kept)
    return json.loads(ended.stdout), rows


def with_stand_ins(column: pa.ChunkedArray, rows: Mapping[int, str]) -> pa.ChunkedArray:
    """The images with a grey dot in place of those at `rows`, so that every question can be opened."""
    import pyarrow as pa

    chunks, start = [], 0
    for chunk in column.chunks:
        inside = [row - start for row in rows if start <= row < start + len(chunk)]
        if inside:
            content = chunk.to_pylist()
            for row in inside:
                content[row] = {"bytes": GREY_DOT, "path": None}
            chunk = pa.array(content, chunk.type)  # noqa: PLW2901  a chunk is some hundred images
        chunks.append(chunk)
        start += len(chunk)
    return pa.chunked_array(chunks, column.type)
