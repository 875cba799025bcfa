"""`second_device` itself: the checks run in a process of their own, as the device cannot be taken away again."""

import subprocess
import sys

import pytest

from tests.devices import second_device, second_device_checks


@pytest.mark.real_path
@pytest.mark.skipif(bool(second_device.missing()), reason=second_device.missing())
def test_the_device_does_what_it_says():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", second_device_checks.__file__]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300)
    assert ended.returncode == 0, ended.stdout + ended.stderr
