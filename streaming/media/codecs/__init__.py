"""What the pipeline has to know about H.264 and AAC; nothing here decodes a picture or a sound."""
