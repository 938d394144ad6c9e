"""Which points of the MediaPipe Face Mesh lie where: facts of the model, not ours.

Source: MediaPipe, canonical face model and `face_mesh_connections` (Apache-2.0). 478 points: 468 of the face, 10 of the irises.
"Right" is the person's right, so it stands left in the picture. Every list walks along its outline once.
"""

from __future__ import annotations

import numpy as np

from f2p.values.geometry import Points

FACE_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
FOREHEAD = (127, 162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389, 356)
"""The oval's upper edge from the right temple over the top (10) to the left temple."""
LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
RIGHT_EYE = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
LEFT_EYE = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249)
RIGHT_BROW = (46, 53, 52, 65, 55, 107, 66, 105, 63, 70)
LEFT_BROW = (276, 283, 282, 295, 285, 336, 296, 334, 293, 300)
NOSTRILS = ((98, 97, 20, 60, 75), (327, 326, 250, 290, 305))
CHEEKS = (50, 280, 101, 330, 118, 347, 36, 266, 195)
"""Bare on nearly every face: both cheeks under the eyes and the back of the nose."""
CHIN, TOP = 152, 10
_NOSE_TIP, _RIGHT_MOUTH, _LEFT_MOUTH = 4, 61, 291
RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS = (33, 133), (362, 263)


def inter_eye_px(mesh: Points) -> float:
    """Distance between the eyes' middles (mean of both corners) in px, the ruler of every radius on a face.

    mesh: (N >= 468, 2) float32 px.
    """
    right, left = mesh[list(RIGHT_EYE_CORNERS)].mean(axis=0), mesh[list(LEFT_EYE_CORNERS)].mean(axis=0)
    return float(np.hypot(*(left - right)))


def five_points(mesh: Points) -> Points:
    """(5, 2) px: right eye, left eye, nose tip, right and left mouth corner, as face recognition aligns by.

    mesh: (N >= 468, 2) float32 px.
    """
    right, left = mesh[list(RIGHT_EYE_CORNERS)].mean(axis=0), mesh[list(LEFT_EYE_CORNERS)].mean(axis=0)
    return np.stack([right, left, mesh[_NOSE_TIP], mesh[_RIGHT_MOUTH], mesh[_LEFT_MOUTH]]).astype(np.float32)
