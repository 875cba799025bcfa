"""Downloads as Moodle, Canvas, git and nbgrader make them, around the real released notebooks."""

import struct
import zipfile
from pathlib import Path

from autograder.course import units

UNIT, OTHER = "02-shapes", "01-convolution"
ROSTER = {
    "ada": {"first_name": "Ada", "last_name": "Lovelace", "lms_user_id": "101"},
    "zoe": {"first_name": "Zoë", "last_name": "van der Müller-Lüdenscheidt", "lms_user_id": "102"},
    "anna1": {"first_name": "Anna", "last_name": "Schmidt", "lms_user_id": "103"},
    "anna2": {"first_name": "Anna", "last_name": "Schmidt", "lms_user_id": "104"},
}


def released(unit: str = UNIT, remark: str = "") -> bytes:
    """The bytes of a released notebook; a remark makes them different."""
    content = (units.RELEASE / unit / f"{unit}.ipynb").read_bytes()
    return content.replace(b'"nbformat_minor": 5', b'"nbformat_minor": 5 ' + b" " * len(remark))


def write_zip(path: Path, files: dict[str, bytes], hours: dict[str, int] | None = None) -> Path:
    """A zip of these files; `hours` says at which hour of a day each was changed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (2026, 11, 20, (hours or {}).get(name, 12), 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def name_bytes(path: Path, encoding: str) -> None:
    """Rewrite the names of a zip in this encoding, without the bit that says UTF-8, as older programs do."""
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        names = [entry.filename for entry in archive.infolist()]
    for name in names:
        old, new = name.encode("utf-8"), name.encode(encoding)
        for signature, at in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
            k = content.find(old) if at == 26 else content.rfind(old)
            start = content.rfind(signature, 0, k)
            flags = at - 20
            header = bytearray(content[start:k])
            struct.pack_into("<H", header, at, len(new))
            struct.pack_into("<H", header, flags, struct.unpack_from("<H", header, flags)[0] & ~0x800)
            content = content[:start] + bytes(header) + new + content[k + len(old) :]
    # Sizes of the parts changed: the end of the archive says where its list begins.
    end = content.rfind(b"PK\x05\x06")
    first = content.find(b"PK\x01\x02")
    tail = bytearray(content[end:])
    struct.pack_into("<II", tail, 12, end - first, first)
    path.write_bytes(content[:end] + bytes(tail))
