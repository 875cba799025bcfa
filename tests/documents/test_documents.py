"""The written documents: every link inside the repository leads somewhere, every picture says what it shows."""

import re
import subprocess

import pytest

from autograder import ROOT

DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part == "work" for part in path.relative_to(ROOT).parts)
)
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
HTML_SOURCE = re.compile(r'src(?:set)?="([^"]+)"')
HTML_PICTURE = re.compile(r'<img src="([^"]+)" alt="([^"]+)">')


def anchors(text: str) -> set[str]:
    """The names under which a document's headings can be linked."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere_and_pictures_have_alt_text(path):
    text = path.read_text(encoding="utf-8")
    links = LINK.findall(text) + [("!", words, target) for target, words in HTML_PICTURE.findall(text)]
    assert all((path.parent / source).exists() for source in HTML_SOURCE.findall(text))
    for picture, words, target in links:
        if picture:
            assert len(words) > 15, f"{target}: say in the alt text what there is to see"
            assert not target.startswith("http"), f"{target}: ship the picture"
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / file) if file else path
        assert linked.exists(), f"{path.name} links to {target}, which is not there"
        if anchor:
            assert anchor in anchors(linked.read_text(encoding="utf-8")), f"{path.name}: {target} has no such heading"


def test_the_readme_names_every_make_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    promised = set(re.findall(r"`make ([\w-]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([\w-]+):", makefile, flags=re.MULTILINE))
    assert promised
    assert promised <= targets


def test_make_alone_lists_the_commands():
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make ([\w-]+)", listed, flags=re.MULTILINE)[:2] == ["lab", "grade"]
