"""The whole sets: where they are kept, downloads, checksums."""

import gzip
import hashlib
import http.server
import io
import multiprocessing
import os
import pickle
import socket
import struct
import sys
import tarfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from tqdm import tqdm

from course_utils import data
from course_utils.data import whole_sets
from tests.course_utils.data.debian import DEBIAN, needs_debian

needs_fork = pytest.mark.skipif(sys.platform == "win32", reason="the test forks, which Windows cannot")


# Where the whole sets are kept


def test_default_root(monkeypatch, tmp_path):
    for variable in ("COURSE_DATA", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert data.default_root() == Path.home() / ".cache" / "convnet-course"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert data.default_root() == tmp_path / "xdg" / "convnet-course"
    monkeypatch.setattr(sys, "platform", "win32")
    assert data.default_root() == tmp_path / "local" / "convnet-course"
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "chosen"))
    assert data.default_root() == tmp_path / "chosen"


# The whole sets, from a server on this machine. MNIST and CIFAR-10 are replaced by sets of a few images in their
# own file formats, and torchvision's addresses and checksums by theirs; all else is torchvision's own code.


class Server:
    """Serves `files` (name to bytes) over HTTP, well or badly: see `mode`."""

    def __init__(self, files):
        self.files = files
        self.mode = "right"
        self.half_sent = threading.Event()  # set when a stalling answer has stopped
        self.release = threading.Event()  # ends stalling answers
        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.httpd.server_port}/"
        threading.Thread(target=self.httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def handler(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                content = server.files[self.path.lstrip("/")]
                half = len(content) // 2
                if server.mode == "missing":
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if server.mode == "right":
                    self.wfile.write(content)
                elif server.mode == "corrupt":
                    self.wfile.write(content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])
                elif server.mode == "truncated":
                    self.wfile.write(content[:half])
                elif server.mode == "stalling":
                    self.wfile.write(content[:half])
                    server.half_sent.set()
                    server.release.wait(30)

            def log_message(self, *args):
                pass

        return Handler

    def close(self):
        self.release.set()
        self.httpd.shutdown()
        self.httpd.server_close()


def md5(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def tiny_mnist(monkeypatch, images):
    """Three training and two test digits in MNIST's format; returns the packed files."""
    from torchvision import datasets

    unpacked = {}
    for stem, part in (("train", images[:3]), ("t10k", images[3:])):
        unpacked[f"{stem}-images-idx3-ubyte"] = struct.pack(">4i", 0x803, len(part), 28, 28) + part.tobytes()
        unpacked[f"{stem}-labels-idx1-ubyte"] = struct.pack(">2i", 0x801, len(part)) + bytes(range(len(part)))
    packed = {f"{file}.gz": gzip.compress(content, mtime=0) for file, content in unpacked.items()}
    monkeypatch.setattr(datasets.MNIST, "resources", [(file, md5(content)) for file, content in packed.items()])
    monkeypatch.setitem(whole_sets._UNPACKED_MD5, "MNIST", {file: md5(content) for file, content in unpacked.items()})
    return packed


def tiny_cifar(monkeypatch, images):
    """Three training and two test pictures in CIFAR-10's format; returns the packed file."""
    from torchvision import datasets

    unpacked = {"batches.meta": pickle.dumps({"label_names": ["airplane", "automobile"]})}
    for file, part in (("data_batch_1", images[:3]), ("test_batch", images[3:])):
        planes = part.transpose(0, 3, 1, 2).reshape(len(part), -1)
        unpacked[file] = pickle.dumps({"data": planes, "labels": list(range(len(part)))})
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for file, content in unpacked.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{file}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    sums = {file: md5(content) for file, content in unpacked.items()}
    monkeypatch.setattr(datasets.CIFAR10, "train_list", [["data_batch_1", sums["data_batch_1"]]])
    monkeypatch.setattr(datasets.CIFAR10, "test_list", [["test_batch", sums["test_batch"]]])
    monkeypatch.setattr(datasets.CIFAR10, "meta", {**datasets.CIFAR10.meta, "md5": sums["batches.meta"]})
    monkeypatch.setattr(datasets.CIFAR10, "tgz_md5", md5(buffer.getvalue()))
    return {datasets.CIFAR10.filename: buffer.getvalue()}


class Source:
    """A tiny whole set, the server that has it, and the images that must come out."""

    def __init__(self, monkeypatch, name):
        from torchvision import datasets

        rng = np.random.default_rng(0)
        self.name = name
        if name == "mnist":
            self.images = rng.integers(256, size=(5, 28, 28), dtype=np.uint8)
            self.packed = tiny_mnist(monkeypatch, self.images)
            self.server = Server(self.packed)
            monkeypatch.setattr(datasets.MNIST, "mirrors", [self.server.url])
            self.unpacked_file = Path("MNIST", "raw", "train-images-idx3-ubyte")
        else:
            self.images = rng.integers(256, size=(5, 32, 32, 3), dtype=np.uint8)
            self.packed = tiny_cifar(monkeypatch, self.images)
            self.server = Server(self.packed)
            monkeypatch.setattr(datasets.CIFAR10, "url", self.server.url + datasets.CIFAR10.filename)
            self.unpacked_file = Path("cifar-10-batches-py", "data_batch_1")

    def load_and_check(self, root):
        for split, images in (("train", self.images[:3]), ("test", self.images[3:])):
            whole = data.load(self.name, split, full=True, root=root)
            np.testing.assert_array_equal(whole.data, images)
            assert [target for _, target in whole] == list(range(len(images)))
            assert Path(whole.root) == root
            assert "whole" in whole.description


@pytest.fixture(params=["mnist", "cifar-10"])
def source(request, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(whole_sets, "TIMEOUT", 0.3)
    source = Source(monkeypatch, request.param)
    yield source
    source.server.close()


def test_download_is_kept(source, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "new" / "folder"))
    first = data.load(source.name, "test", full=True)
    np.testing.assert_array_equal(first.data, source.images[3:])
    source.server.mode = "missing"
    source.load_and_check(tmp_path / "new" / "folder")
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == [source.unpacked_file.parts[0]]


@pytest.mark.parametrize("mode", ["missing", "truncated", "corrupt", "stalling"])
def test_bad_download_is_never_taken_for_data(source, tmp_path, mode):
    source.server.mode = mode
    start = time.perf_counter()
    with pytest.raises(RuntimeError) as failure:
        data.load(source.name, "train", full=True, root=tmp_path)
    assert time.perf_counter() - start < 5
    assert "could not be downloaded" in str(failure.value)
    assert list(tmp_path.iterdir()) == []
    assert socket.getdefaulttimeout() is None
    source.server.mode = "right"
    source.load_and_check(tmp_path)


def test_unreachable_host_names_the_offline_way(source, tmp_path):
    source.server.close()
    with pytest.raises(RuntimeError) as failure:
        data.load(source.name, "train", full=True, root=tmp_path)
    for file in source.packed:
        assert file in str(failure.value)
    assert str(tmp_path / source.name) in str(failure.value)
    assert "full=False" in str(failure.value)

    # ... and the offline way works.
    (tmp_path / source.name).mkdir()
    for file, content in source.packed.items():
        (tmp_path / source.name / file).write_bytes(content)
    source.load_and_check(tmp_path)
    source.load_and_check(tmp_path / source.name)
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


def test_unreachable_host_names_debians_package(tmp_path, monkeypatch):
    from torchvision import datasets

    with socket.socket() as unused:  # bound and not listening: connections are refused
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [f"http://127.0.0.1:{unused.getsockname()[1]}/"])
        with pytest.raises(RuntimeError, match="apt install dataset-fashion-mnist"):
            data.load("fashion-mnist", "train", full=True, root=tmp_path)


@pytest.mark.parametrize("cut", [slice(None, 20), slice(None, -1), slice(0)], ids=["start", "all but 1", "nothing"])
def test_truncated_unpacked_file_is_fetched_again(source, tmp_path, cut):
    source.load_and_check(tmp_path)
    file = tmp_path / source.unpacked_file
    file.write_bytes(file.read_bytes()[cut])
    source.load_and_check(tmp_path)

    file.write_bytes(file.read_bytes()[cut])
    source.server.mode = "missing"
    with pytest.raises(RuntimeError, match="could not be downloaded"):
        data.load(source.name, "train", full=True, root=tmp_path)


@pytest.mark.parametrize("damage", ["truncated", "flipped bit", "not packed"])
def test_damaged_packed_file_is_named(source, tmp_path, damage):
    for file, content in source.packed.items():
        (tmp_path / file).write_bytes(content)
    damaged = tmp_path / next(iter(source.packed))
    content = bytearray(damaged.read_bytes())
    if damage == "truncated":
        del content[len(content) // 2 :]
    elif damage == "flipped bit":
        content[len(content) // 2] ^= 1
    else:
        content = b"<html>404</html>"
    damaged.write_bytes(content)
    with pytest.raises(RuntimeError, match=r"[Rr]eplace") as failure:
        data.load(source.name, "train", full=True, root=tmp_path)
    assert str(tmp_path) in str(failure.value)
    assert damaged.stem.removesuffix(".tar") in str(failure.value) or "data_batch_1" in str(failure.value)


@pytest.mark.parametrize("source", ["mnist"], indirect=True)
def test_files_of_another_set_are_not_taken(source, tmp_path):
    """MNIST's and FashionMNIST's files have the same names."""
    for file, content in source.packed.items():
        (tmp_path / file).write_bytes(content)
    with pytest.raises(RuntimeError, match="does not hold FashionMNIST"):
        data.load("fashion-mnist", "train", full=True, root=tmp_path)


@needs_fork
def test_two_processes_at_once(source, tmp_path):
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=source.load_and_check, args=(tmp_path,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    source.server.mode = "missing"
    source.load_and_check(tmp_path)


@needs_fork
def test_killed_download_leaves_nothing_that_is_taken_for_data(source, tmp_path, monkeypatch):
    monkeypatch.setattr(whole_sets, "TIMEOUT", 30)
    source.server.mode = "stalling"

    def load() -> None:
        tqdm.set_lock(threading.RLock())  # the one that forks share would stay locked where it is killed in that moment
        source.load_and_check(tmp_path)

    process = multiprocessing.get_context("fork").Process(target=load)
    process.start()
    assert source.server.half_sent.wait(20)
    os.kill(process.pid, 9)
    process.join(20)
    source.server.mode = "missing"
    with pytest.raises(RuntimeError, match="could not be downloaded"):
        data.load(source.name, "train", full=True, root=tmp_path)
    source.server.mode = "right"
    source.load_and_check(tmp_path)


@needs_debian
def test_real_fashion_mnist_by_torchvisions_own_checksums(tmp_path, monkeypatch):
    """Debian's files are the original ones less the name and time in the gzip header; with them put back,
    they have the checksums that torchvision asks for, so nothing is replaced here but the address."""
    from torchvision import datasets

    packed = {}
    for file, _ in datasets.FashionMNIST.resources:
        packed_at = 1504176606 if file.startswith("train") else 1504176627
        header = b"\x1f\x8b\x08\x08" + struct.pack("<I", packed_at) + b"\0\3" + file.removesuffix(".gz").encode()
        packed[file] = header + b"\0" + (DEBIAN / "fashion-mnist" / file).read_bytes()[10:]
    server = Server(packed)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [server.url])
    try:
        downloaded = data.load("fashion-mnist", "test", full=True, root=tmp_path)
    finally:
        server.close()
    kept = data.load("fashion-mnist", "test", full=True, root=tmp_path)
    offline = data.load("fashion-mnist", "test", full=True, root=DEBIAN)
    for whole in (downloaded, kept):
        assert torch.equal(whole.data, offline.data)
        assert torch.equal(whole.targets, offline.targets)
