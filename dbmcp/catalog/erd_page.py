"""A picture as a page: to move about in, to search, light or dark. It fetches nothing and runs its own script alone."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from dbmcp.catalog.erd_svg import DARK, LIGHT, SHAPES, drawing, escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Catalog, Relation

_STYLE = """\
html,body{margin:0;height:100%;overflow:hidden}
.erd{display:block;width:100vw;height:100vh;cursor:grab;touch-action:none;user-select:none}
.erd.moving{cursor:grabbing}
.erd g[id]{cursor:pointer}.dim{opacity:.18}.link.lit>*{stroke:#2563eb}.link.lit>.line{stroke-width:2}
.lit>.box{stroke:#2563eb;stroke-width:2}
.bar{position:fixed;top:12px;right:12px;display:flex;gap:6px;font:13px Inter,"Segoe UI",Helvetica,Arial,sans-serif}
.bar>*{font:inherit;height:32px;box-sizing:border-box;padding:0 10px;border:1px solid #94a3b8;border-radius:6px}
.bar>*{background:#fff;color:#0f172a}.bar output{display:flex;align-items:center;border:0;background:none;color:#64748b}
.bar :focus-visible{outline:2px solid #2563eb;outline-offset:1px}
"""
_STYLE_DARK = (
    ".bar>*{background:#182338;color:#f1f5f9;border-color:#3a4a63}.bar output{background:none;color:#93a3b8}\n"
)

_SCRIPT = """\
'use strict';
const svg = document.querySelector('svg'), search = document.querySelector('input');
const found = document.querySelector('output');
const whole = svg.viewBox.baseVal, {width, height} = whole, boxes = [...svg.querySelectorAll('g[id]')];
const lines = [...svg.querySelectorAll('.link')], dark = document.querySelector('#dark');
const name = box => box.querySelector('.title').textContent.toLowerCase();
const at = event => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
const show = (x, y, w, h) => svg.setAttribute('viewBox', `${x} ${y} ${w} ${h}`);
const fit = () => show(0, 0, width, height);
const zoom = (point, by) => {
  const v = svg.viewBox.baseVal, w = Math.min(Math.max(v.width * by, 120), width * 8), k = w / v.width;
  show(point.x - (point.x - v.x) * k, point.y - (point.y - v.y) * k, w, v.height * k);
};
const middle = () => { const v = svg.viewBox.baseVal; return {x: v.x + v.width / 2, y: v.y + v.height / 2}; };
let from = null, moved = false, chosen = null, turn = 0;
const wheel = event => { event.preventDefault(); zoom(at(event), 1.0016 ** event.deltaY); };
svg.addEventListener('wheel', wheel, {passive: false});
svg.addEventListener('pointerdown', event => { from = at(event); moved = false; });
svg.addEventListener('pointermove', event => {
  if (!from) return;
  const to = at(event), v = svg.viewBox.baseVal;
  if (!moved && Math.hypot(to.x - from.x, to.y - from.y) < v.width / 300) return;
  if (!moved) { moved = true; svg.setPointerCapture(event.pointerId); svg.classList.add('moving'); }
  show(v.x + from.x - to.x, v.y + from.y - to.y, v.width, v.height);
});
svg.addEventListener('pointerup', () => { from = null; svg.classList.remove('moving'); });
svg.addEventListener('pointercancel', () => { from = null; svg.classList.remove('moving'); });
const light = id => {
  chosen = id;
  const joined = new Set(id ? [id] : []);
  for (const line of lines) {
    const ends = line.dataset.joins.split(' '), lit = id !== null && ends.includes(id);
    line.classList.toggle('lit', lit);
    line.classList.toggle('dim', id !== null && !lit);
    if (lit) ends.forEach(end => joined.add(end));
  }
  for (const box of boxes) {
    box.classList.toggle('lit', box.id === id);
    box.classList.toggle('dim', id !== null && !joined.has(box.id));
  }
};
svg.addEventListener('click', event => {
  if (moved) return;
  const box = event.target.closest('g[id]');
  light(box && box.id !== chosen ? box.id : null);
});
const matches = () => {
  const text = search.value.trim().toLowerCase();
  return text ? boxes.filter(box => name(box).includes(text)) : [];
};
search.addEventListener('input', () => {
  light(null); turn = 0;
  const hits = matches(), any = search.value.trim() !== '';
  boxes.forEach(box => box.classList.toggle('dim', any && !hits.includes(box)));
  lines.forEach(line => line.classList.toggle('dim', any));
  found.textContent = any ? `${hits.length} of ${boxes.length}` : '';
});
search.addEventListener('keydown', event => {
  if (event.key === 'Escape') { search.value = ''; search.dispatchEvent(new Event('input')); search.blur(); }
  const hits = matches();
  if (event.key !== 'Enter' || !hits.length) return;
  const box = hits[turn++ % hits.length], size = box.getBBox();
  const {e: x, f: y} = box.transform.baseVal.consolidate().matrix;
  const w = Math.max(size.width * 4, size.height * 2.2, 700), h = w * innerHeight / innerWidth;
  show(x + size.width / 2 - w / 2, y + size.height / 2 - h / 2, w, h);
});
document.addEventListener('keydown', event => {
  if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') { event.preventDefault(); search.focus(); }
  if (event.key === '0') fit();
  if (event.key === '+' || event.key === '=') zoom(middle(), 0.8);
  if (event.key === '-') zoom(middle(), 1.25);
});
document.querySelector('#fit').addEventListener('click', fit);
document.querySelector('#theme').addEventListener('click', () => {
  dark.media = matchMedia(dark.media).matches ? 'not all' : 'all';
});
"""


def page(catalog: Catalog, relations: Sequence[Relation], title: str) -> str:
    """Return the page of these relations and the foreign keys among them."""
    style, dark = f"{SHAPES}{LIGHT}{_STYLE}", f"{DARK}{_STYLE_DARK}"
    styles = " ".join(map(_hash, (style, dark)))
    policy = f"default-src 'none'; style-src {styles}; script-src {_hash(_SCRIPT)}; base-uri 'none'; form-action 'none'"
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escaped(title)}</title>
<style>{style}</style>
<style id="dark" media="(prefers-color-scheme: dark)">{dark}</style>
</head>
<body>
{drawing(catalog, relations, "")}<div class="bar">
<output></output>
<input type="search" placeholder="Find a table ( / )" aria-label="Find a table">
<button id="fit" title="Show all (0)">Fit</button>
<button id="theme" title="Light or dark">Theme</button>
</div>
<script>{_SCRIPT}</script>
</body>
</html>
"""


def _hash(text: str) -> str:
    """Return what a content security policy knows a style or a script by."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
