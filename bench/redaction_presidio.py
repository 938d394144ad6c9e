"""Presidio's image redactor as a peer: one page a line in, one covered page out. Runs in an environment of its own:

    python -m venv peer && peer/bin/pip install presidio-image-redactor==0.0.62
    apt-get install tesseract-ocr tesseract-ocr-chi-sim
    python bench/redaction.py --peer peer/bin/python

Its patterns for cards, phones and so on run as they come, with one more for every run of digits, since "all numbers" is what is
measured; spaCy is left blank (its name models come from no registry), which changes nothing about digits.
"""

from __future__ import annotations

import json
import sys
import time

import spacy
from PIL import Image
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_image_redactor import ImageAnalyzerEngine, ImageRedactorEngine


class _Blank(SpacyNlpEngine):
    """Words without their kinds."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp = {"en": spacy.blank("en")}


def main() -> None:
    """Reads {"page", "out", "digits"} a line, writes {"wall"} a line."""
    analyzer = AnalyzerEngine(nlp_engine=_Blank(), supported_languages=["en"])
    engine = ImageRedactorEngine(ImageAnalyzerEngine(analyzer_engine=analyzer))
    digits = PatternRecognizer("DIGITS", patterns=[Pattern("digits", r"\d+", 0.9)])
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        begun = time.perf_counter()
        more = {"ad_hoc_recognizers": [digits]} if order["digits"] else {}
        with Image.open(order["page"]) as page:
            out = engine.redact(page.convert("RGB"), fill=(0, 0, 0), ocr_kwargs={"lang": "chi_sim+eng"}, **more)
        wall = time.perf_counter() - begun
        out.save(order["out"])
        print(json.dumps({"wall": wall}), flush=True)


if __name__ == "__main__":
    main()
