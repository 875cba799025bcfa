"""What can be seen and measured of an open notebook: what is too wide, and what axe-core finds."""

from axe_playwright_python.sync_playwright import Axe

# Axe looks at every cell but for these parts, which are JupyterLab's own and the same in every notebook.
NOT_OURS = {
    ".jp-CodeMirrorEditor": "the editor: CodeMirror gives its text box no name, and the theme colours the code",
    ".jp-RenderedMarkdown pre span": "code in a text, in the theme's colours for code",
    ".jp-Placeholder": "the first line of a collapsed cell, in the theme's colours for code",
    ".jp-InputArea-prompt": "the count in the margin: the theme's grey stands out too little",
    ".jp-OutputArea-prompt": "the same, at an output",
    ".jp-collapseHeadingButton": "the arrow at a heading, a button without a name",
}
# And by every rule but this one: the theme tells a link in a text by its colour alone, without a line beneath it.
RULES = {"link-in-text-block": {"enabled": False}}
# Each text, output, figure, formula or table that is wider than its place, with the cell's number.
TOO_WIDE = """() => {
  const right = element => element.getBoundingClientRect().right, found = [];
  const ours = ':is(.jp-RenderedHTMLCommon, .jp-OutputArea-output, mjx-container, table, img, pre)';
  for (const part of document.querySelectorAll(`.jp-Notebook ${ours}`)) {
    if (part.closest('.course-explorer figure')) continue; // it scrolls within its place
    const cell = part.closest('.jp-Cell');
    const hidden = part.clientWidth ? part.scrollWidth - part.clientWidth : 0;
    const beyond = Math.round(Math.max(hidden, right(part) - right(cell)));
    const place = +cell.dataset.windowedListIndex;
    if (beyond > 1) found.push([place, part.tagName.toLowerCase(), beyond, part.textContent.trim().slice(0, 40)]);
  }
  return found;
}"""
LONG_LINES = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .cm-scroller')]
  .filter(editor => editor.scrollWidth > editor.clientWidth + 1)
  .map(editor => [+editor.closest('.jp-Cell').dataset.windowedListIndex, editor.scrollWidth - editor.clientWidth])"""


def too_wide(page) -> list:
    """(cell, element, pixels too wide, how its text begins) of whatever does not fit."""
    return page.evaluate(TOO_WIDE)


def cut_code(page) -> list:
    """(cell, pixels) of the code cells in view that have to be scrolled to be read."""
    return page.evaluate(LONG_LINES)


def violations(page) -> list:
    """(rule, element) of what axe-core finds in the notebook's cells.

    Axe takes for hidden what lies outside of an ancestor that cuts it off, and asks nothing of a hidden text's colours.
    JupyterLab's body has no height, and its panels cut off all that is scrolled away. So the window is made as high as
    the notebook first.
    """
    page.add_style_tag(content="body { height: 100vh }")
    size = page.viewport_size
    beyond = page.evaluate("(e => e.scrollHeight - e.clientHeight)(document.querySelector('.jp-WindowedPanel-outer'))")
    page.set_viewport_size(size | {"height": size["height"] + beyond})
    context = {"include": [[".jp-Notebook .jp-Cell"]], "exclude": [[selector] for selector in NOT_OURS]}
    found = Axe().run(page, context, {"resultTypes": ["violations"], "rules": RULES}).response["violations"]
    page.set_viewport_size(size)
    # JupyterLab gives a picture without a text the text "Image", so that axe is content.
    nameless = page.locator('.jp-Notebook .jp-Cell img[alt="Image"]').count()
    faults = [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]]
    return [("image-alt", "<img>")] * nameless + faults
