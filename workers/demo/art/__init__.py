"""The demo's pictures, drawn when they are first needed: products, anchors, covers, the moving scene.

One style: flat shapes with soft light from the upper left, warm paper behind, no text in the pictures.
"""
