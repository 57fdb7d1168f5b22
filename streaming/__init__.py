"""The live side: media plane, room, replay."""
