"""PNG files whose pixels are stored as they are: their bytes depend on no compressor's version, and are soon written.

Noise does not compress, and a library takes longer to write an image than `scenes.Painter` to paint it. Images of one
call have one size and are written together.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from genbench.data.tables import ARROW
from genbench.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jaxtyping import UInt8

    Lines = UInt8[np.ndarray, "image height byte"]
    Files = UInt8[np.ndarray, "image byte"]

MOST: Final = 65_535  # bytes that one stored block holds
GREY, RGB, PALETTE = 0, 2, 3  # types of colour


def rgb(images: UInt8[np.ndarray, "image 3 height width"]) -> Files:
    """The files of coloured images."""
    count, _, height, width = images.shape
    lines = np.empty((count, height, 3 * width), np.uint8)
    for channel in range(3):
        lines[:, :, channel::3] = images[:, channel]
    return _written(lines, (width, height), 8, RGB)


def grey(images: UInt8[np.ndarray, "image height width"]) -> Files:
    """The files of images in shades of grey: 0 black, 255 white."""
    return _written(images, (images.shape[2], images.shape[1]), 8, GREY)


def indexed(images: UInt8[np.ndarray, "image height width"], palette: UInt8[np.ndarray, "colour 3"]) -> Files:
    """The files of images whose pixels are places in a palette of 16 colours at most, four bits each."""
    count, height, width = images.shape
    lines = np.zeros((count, height, (width + 1) // 2), np.uint8)
    lines |= images[:, :, ::2] << 4
    lines[:, :, : width // 2] |= images[:, :, 1::2]
    return _written(lines, (width, height), 4, PALETTE, _chunk(b"PLTE", palette.tobytes()))


def column(files: Iterable[Files]) -> pa.Array:
    """Files as a column of the type `image`, those of all batches one after another."""
    batches = [batch for batch in files if len(batch)]
    whole = np.concatenate(batches) if batches else np.empty((0, 0), np.uint8)
    offsets = np.arange(len(whole) + 1, dtype=np.int32) * whole.shape[1]
    blob = pa.Array.from_buffers(pa.binary(), len(whole), [None, pa.py_buffer(offsets), pa.py_buffer(whole)])
    return pa.StructArray.from_arrays([blob, pa.nulls(len(whole), pa.string())], fields=list(ARROW["image"]))


def _written(lines: Lines, size: tuple[int, int], bits: int, colour: int, palette: bytes = b"") -> Files:
    """Raises `BadData` for images that one stored block does not hold."""
    count, height, width = lines.shape
    line = 1 + width
    stored = height * line
    if stored > MOST:
        raise BadData(f"images of {size[0]} x {size[1]} pixels take {stored:,} bytes each; a file holds {MOST:,}")
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", *size, bits, colour, 0, 0, 0))
    block = b"\x78\x01\x01" + struct.pack("<HH", stored, stored ^ 0xFFFF)
    head = b"\x89PNG\r\n\x1a\n" + header + palette + struct.pack(">I", len(block) + stored + 4) + b"IDAT" + block
    tail = _chunk(b"IEND", b"")
    sums = len(head) + stored
    file = np.empty((count, sums + 4 + 4 + len(tail)), np.uint8)
    file[:, : len(head)] = np.frombuffer(head, np.uint8)
    file[:, sums + 8 :] = np.frombuffer(tail, np.uint8)
    rows = file[:, len(head) : sums].reshape(count, height, line)
    rows[:, :, 0] = 0  # no filter
    rows[:, :, 1:] = lines
    # The checksum of a chunk begins with its name, 11 bytes before the pixels, and ends with the sum of the latter.
    flat, begins = memoryview(file.data).cast("B") if count else memoryview(b""), range(0, file.size, file.shape[1])
    added = [zlib.adler32(flat[at + len(head) : at + sums]) for at in begins]
    file[:, sums : sums + 4] = np.array(added, ">u4").view(np.uint8).reshape(-1, 4)
    checks = [zlib.crc32(flat[at + len(head) - 11 : at + sums + 4]) for at in begins]
    file[:, sums + 4 : sums + 8] = np.array(checks, ">u4").view(np.uint8).reshape(-1, 4)
    return file


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
