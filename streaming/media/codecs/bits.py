"""Reading single bits and Exp-Golomb numbers, as codec headers are written."""


class BitReader:
    """A cursor over big-endian bits. Reading past the end raises ValueError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def bits(self, count: int) -> int:
        """The next `count` bits as a number."""
        end = self._at + count
        if end > len(self._data) * 8:
            raise ValueError("codec header ends too early")
        value = 0
        for at in range(self._at, end):
            value = value << 1 | (self._data[at >> 3] >> (7 - (at & 7)) & 1)
        self._at = end
        return value

    def flag(self) -> bool:
        """The next bit."""
        return self.bits(1) == 1

    def unsigned(self) -> int:
        """ue(v), ITU-T H.264 §9.1."""
        zeros = 0
        while not self.bits(1):
            zeros += 1
            if zeros > 31:
                raise ValueError("Exp-Golomb number is too long")
        return (1 << zeros) - 1 + (self.bits(zeros) if zeros else 0)

    def signed(self) -> int:
        """se(v), ITU-T H.264 §9.1.1."""
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)
