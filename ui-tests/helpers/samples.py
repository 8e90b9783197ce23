"""Write samples of every kind that can be shown, the awkward ones too: `python samples.py FOLDER`.

Each folder or file is one dataset. What each holds is named in `screenshots/samples.spec.ts`.
"""

from __future__ import annotations

import json
import math
import struct
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

SENTENCE = "The coat arrived late and its lining was torn but the seller sent another one. "

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}">'
    '<rect x="2" y="2" width="40%" height="80%" fill="steelblue"/>'
    '<circle cx="70%" cy="50%" r="20%" fill="none" stroke="black" stroke-width="3"/>'
    '<text x="50%" y="95%" font-size="14" text-anchor="middle">a drawing</text></svg>'
)

MARKDOWN = """# A question

How does one *differentiate* $f(x) = x^2 e^{-x}$? The **product rule** says

$$f'(x) = 2x e^{-x} - x^2 e^{-x}$$

| step | by |
| --- | --- |
| one | product rule |
| two | chain rule |

```python
def f(x):
    return x**2 * math.exp(-x)
```

> A quotation, and [a link](https://example.org).

1. first
2. second
   - nested
"""


def prose(n_characters: int) -> str:
    """Return text of that length in sentences and paragraphs."""
    paragraph = SENTENCE * 6 + "\n\n"
    return (paragraph * (n_characters // len(paragraph) + 1))[:n_characters]


def tables(folder: Path) -> None:
    """Write tables of texts, Markdown, markup, rows and series."""
    table = "".join(
        f"<tr>{''.join(f'<td>cell {i} {j}</td>' for j in range(14))}</tr>" for i in range(40)
    )
    markup: list[Any] = [
        "<h2>A heading</h2><p>Words with <b>bold</b>, <i>slanted</i> and <code>code</code> in "
        "them, and <a href='https://example.org'>a link</a>.</p><ul><li>one<li>two</ul>",
        f"<table><thead><tr><th>name</th><th>of a wide table</th></tr></thead>{table}</table>",
        "<div style='background:white;color:black;padding:1em'>Black on white by its own "
        "style.</div><p style='color:black'>Black on nothing.</p>",
        f"<p>{prose(6000)}</p>",
        "<div dir='rtl'><p>مرحبا بالعالم، هذه جملة.</p></div>",
        {"image/svg+xml": SVG.format(320, 200)},
        {"image/svg+xml": SVG.format(2400, 120)},
        {"application/json": {"name": "a", "of": [1, 2, {"deep": [True, None, "x" * 300]}]}},
        {"text/latex": r"$$\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}$$"},
        {"text/markdown": MARKDOWN},
        {"text/plain": "\n".join(f"{i:4d} | {'-' * (i * 7 % 90)}" for i in range(60))},
        {
            "application/vnd.vegalite.v5+json": {
                "data": {"values": [{"a": kind, "b": i * i} for i, kind in enumerate("CDE", 2)]},
                "mark": "bar",
                "encoding": {
                    "x": {"field": "a", "type": "nominal"},
                    "y": {"field": "b", "type": "quantitative"},
                },
            }
        },
    ]
    lines(folder / "markup.jsonl", [{"cell": each} for each in markup])
    lines(
        folder / "markdown.jsonl",
        [{"text": each} for each in (MARKDOWN, "Only *one* line.", prose(6000))],
    )
    texts = [
        prose(20000),
        "Short.",
        "x" * 3000,
        "هذا المعطف دافئ وقد وصل في الموعد. سأشتري منهم مرة أخرى (ربما 2 أو 3).",
        "המעיל חם מאוד, and the seller was kind.",
        "这件外套很暖和，而且准时到了。下次还会再买。" * 8,
        "このコートはとても暖かいです。また買います。" * 3,
        "👩‍👩‍👧‍👦 🇪🇺 👍🏽 love it 🧥🧣 ❤️‍🔥",
        "def f(x):\n\treturn x ** 2\n\n\n    # four spaces\n" + "\t".join("columns"),
        "<b>markup</b> stays & as typed <script>alert(1)</script>",
        prose(100_000),
        " ",
        "",
    ]
    lines(folder / "texts.jsonl", [{"text": each} for each in texts])
    many = {f"measure_{i:02d}": round(math.sin(i) * 10 ** (i % 9 - 4), 8) for i in range(79)}
    rows: list[dict[str, Any]] = [
        {"title": "A coat", "price": 129.9, "sold": True, "on": "2026-03-04", "note": prose(5000)},
        {"title": None, "price": None, "sold": None, "on": None, "note": None},
        {"title": "معطف", "price": -1e-9, "sold": False, "on": "", "note": "外套" * 80},
        {"title": "y" * 400, "price": 123456789012.25, "sold": True, "on": "x", "note": "-"},
    ]
    lines(folder / "rows.jsonl", rows)
    lines(
        folder / "wide-rows.jsonl",
        [
            many | {"a name that is a good deal longer than names of columns should be": k}
            for k in range(2)
        ],
    )
    lines(
        folder / "nested-rows.jsonl",
        [
            {
                "title": "A coat",
                "colors": ["red", "blue"],
                "size": {"chest": 96, "sleeve": [61, 62]},
            },
            {"title": "A scarf", "colors": [], "size": None},
        ],
    )
    rng = np.random.default_rng(0)
    walk = np.cumsum(rng.normal(size=10_000))
    gaps: list[float | None] = np.round(np.sin(np.arange(200) / 9), 4).tolist()
    gaps[:10] = [None] * 10
    gaps[50:90] = [None] * 40
    gaps[120], gaps[122] = None, None
    series: list[list[float | None]] = [
        [1, 3, 2, 5, 4, 7, 6, 8],
        np.round(walk, 4).tolist(),
        [3.25] * 100,
        gaps,
        (-np.abs(np.round(np.sin(np.arange(300) / 20) * 50, 3))).tolist(),
        [42],
        [1e-9 * i * i for i in range(60)],
        [1.5e12 + 1e9 * (i % 7) for i in range(60)],
        [None] * 40,
        [0, 0, 0, 1e6, 0, 0, 0, 0],
    ]
    lines(folder / "series.jsonl", [{"signal": each} for each in series])


def lines(file: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as JSON Lines."""
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def pictures(folder: Path) -> None:
    """Write a folder of image files of all shapes and depths."""
    folder.mkdir()

    def striped(width: int, height: int, mode: str = "RGB") -> Image.Image:
        image = Image.new(mode, (width, height), "white" if mode != "RGBA" else (0, 0, 0, 0))
        draw = ImageDraw.Draw(image)
        step = max(min(width, height) // 8, 1)
        for n, at in enumerate(range(0, max(width, height), step * 2)):
            color = ("crimson", "teal", "gold", "navy")[n % 4]
            draw.ellipse((at % width, at % height, at % width + step, at % height + step), color)
        return image

    frames = [striped(160, 120).rotate(15 * k, fillcolor="white") for k in range(8)]
    frames[0].save(
        folder / "animated.gif", save_all=True, append_images=frames[1:], duration=150, loop=0
    )
    striped(200, 5000).save(folder / "tall.png")
    striped(5000, 200).save(folder / "wide.png")
    striped(8, 8).save(folder / "tiny.png")
    striped(1, 1).save(folder / "dot.png")
    striped(300, 200, "RGBA").save(folder / "transparent.png")
    fade = np.zeros((120, 256, 4), dtype=np.uint8)
    fade[..., 3] = np.arange(256)
    Image.fromarray(fade).save(folder / "black-fading.png")
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (128, 1))
    Image.fromarray(ramp).save(folder / "sixteen-bits.png")
    Image.fromarray((ramp / 16).astype(np.uint16)).save(folder / "twelve-bits.tiff")
    striped(300, 200).convert("CMYK").save(folder / "cmyk.jpg")
    striped(300, 200).quantize(8).save(folder / "palette.png", transparency=0)
    striped(300, 200).convert("L").save(folder / "gray.webp")
    striped(4000, 3000).save(folder / "large.jpg")
    striped(8000, 6000).save(folder / "very-large.jpg")
    turned = striped(400, 200)
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(folder / "turned.jpg", exif=exif)


def arrays(folder: Path) -> None:
    """Write arrays of images of several depths, and of series."""
    y, x = np.mgrid[0:16, 0:16]
    waves = np.stack([np.sin(x / (k + 2)) + np.cos(y / (k + 1)) for k in range(2)])
    np.save(folder / "float-images.npy", waves.astype(np.float32))
    np.save(folder / "sixteen-bit-images.npy", ((waves + 2) * 1000).astype(np.uint16))
    color = np.stack([waves, -waves, waves**2], axis=1)
    np.save(folder / "channels-first.npy", color.astype(np.float64))
    alpha = np.zeros((2, 24, 24, 4), dtype=np.uint8)
    alpha[:, 4:20, 4:20] = (200, 30, 60, 160)
    np.save(folder / "rgba-images.npy", alpha)
    np.save(folder / "array-series.npy", np.cumsum(np.ones((2, 500)), axis=1) % 97)
    np.save(folder / "array-rows.npy", np.round(waves.reshape(4, -1)[:, :12], 5))


def sounds(folder: Path) -> None:
    """Write a folder of sounds: a tone that swells, silence, a click, a long one."""
    folder.mkdir()
    rate = 16000
    at = np.arange(rate * 3) / rate
    swelling = np.sin(2 * np.pi * 440 * at) * at / 3
    click = np.zeros(400)
    click[40] = 1
    long = np.sin(2 * np.pi * 220 * np.arange(rate * 95) / rate)
    long *= np.abs(np.sin(np.arange(rate * 95) / rate / 7))
    for name, samples in {
        "swelling": swelling,
        "silence": np.zeros(rate * 2),
        "click": click,
        "long": long,
    }.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            values = (samples * 32000).astype(np.int16)
            file.writeframes(struct.pack(f"<{len(values)}h", *values.tolist()))


def main(folder: Path) -> None:
    """Write everything."""
    folder.mkdir(parents=True, exist_ok=True)
    tables(folder)
    pictures(folder / "pictures")
    arrays(folder)
    sounds(folder / "sounds")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
