"""The description of an exported split in Croissant 1.0 (MLCommons), which search engines and loaders of data read."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME: Final = "croissant.json"


def library() -> Any:
    """The module mlcroissant. Raises `BadValue` where it is not installed."""
    try:
        import mlcroissant
    except ImportError:
        raise BadValue("--croissant needs mlcroissant: pip install 'genbench[croissant]'") from None
    return mlcroissant


def write(folder: Path, about: Mapping[str, Any]) -> Path:
    """Describe the Parquet files of a folder, each as a record set; `about` is what `split.json` tells of them."""
    lib = library()
    files = [*about["training"], *about["questions"]]
    parts = [_file(lib, folder / f"{name}.parquet") for name in files]
    sets = [_records(lib, folder / f"{name}.parquet", name) for name in files]
    made = lib.Metadata(
        name=f"genbench {about['task']}/{about['split']}",
        description=about["about"],
        license=[about["license"]],
        url=about["source"],
        cite_as=about["bibtex"],
        distribution=parts,
        record_sets=sets,
    )
    path = folder / NAME
    path.write_text(json.dumps(made.to_json(), indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    return path


def _file(lib: Any, path: Path) -> Any:
    return lib.FileObject(
        id=path.name,
        name=path.name,
        content_url=path.name,
        encoding_formats=["application/x-parquet"],
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _records(lib: Any, path: Path, name: str) -> Any:
    schema = pq.read_schema(path)
    return lib.RecordSet(id=name, name=name, fields=[_field(lib, path.name, name, one) for one in schema])


def _field(lib: Any, file: str, name: str, column: Any) -> Any:
    kind, lists = column.type, 0
    while pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        kind, lists = kind.value_type, lists + 1
    image = pa.types.is_struct(kind)
    source = lib.Source(
        file_object=file,
        extract=lib.Extract(column=column.name),
        transforms=[lib.Transform(json_path="bytes")] if image else [],
    )
    more = {"is_array": True, "array_shape": ",".join(["-1"] * lists)} if lists else {}
    return lib.Field(id=f"{name}/{column.name}", name=column.name, data_types=[_type(lib, kind)], source=source, **more)


def _type(lib: Any, kind: Any) -> Any:
    types = lib.DataType
    if pa.types.is_struct(kind):
        return types.IMAGE_OBJECT
    if pa.types.is_boolean(kind):
        return types.BOOL
    if pa.types.is_integer(kind):
        return types.INTEGER
    return types.FLOAT if pa.types.is_floating(kind) else types.TEXT
