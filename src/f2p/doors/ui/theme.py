"""Colours, sizes and fonts of the page's own parts; what they are for stands in looks/page.css."""

from __future__ import annotations

import gradio as gr

from f2p.doors.ui.looks import FONTS


def theme() -> gr.themes.Base:
    """Quiet: one blue, greys, system fonts."""
    return gr.themes.Base(
        primary_hue="blue", neutral_hue="slate", radius_size="sm", font=list(FONTS), font_mono=["ui-monospace", "monospace"]
    ).set(
        body_background_fill="#f4f5f7", body_text_color="#1d2530", block_background_fill="#ffffff",
        block_border_color="#d9dee5", button_primary_background_fill="#1f4e79", button_primary_text_color="#ffffff",
        button_primary_background_fill_hover="#173c5e", input_background_fill="#ffffff", input_border_color="#8a94a1",
        block_label_text_color="#1d2530", block_title_text_color="#1d2530",
    )  # fmt: skip
