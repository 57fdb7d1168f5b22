import io

from PIL import Image


def png(width: int = 64, height: int = 48, colour: tuple[int, ...] = (200, 60, 40)) -> bytes:
    return picture("PNG", width, height, colour)


def picture(form: str, width: int = 64, height: int = 48, colour: tuple[int, ...] = (200, 60, 40)) -> bytes:
    out = io.BytesIO()
    mode = "RGBA" if len(colour) == 4 else "RGB"
    Image.new(mode, (width, height), colour).save(out, form)
    return out.getvalue()
