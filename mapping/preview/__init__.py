"""Pictures that the server draws itself, for links that are shared: Pillow over the outlines that set-up makes."""

from mapping.preview.frame import Frame
from mapping.preview.marks import Look
from mapping.preview.outlines import OutlineFile
from mapping.preview.picture import Preview, draw_preview, map_frame

__all__ = ["Frame", "Look", "OutlineFile", "Preview", "draw_preview", "map_frame"]
