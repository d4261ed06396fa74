"""Numbers as lists write them."""

_HAN = "〇一二三四五六七八九"


def letters(number: int) -> str:
    """a to z, then aa, bb and so on."""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)


def roman(number: int) -> str:
    signs = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
    text = ""
    rest = number % 4000
    for value, sign in (*signs, (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        times, rest = divmod(rest, value)
        text += sign * times
    return text


def han(number: int) -> str:
    """一 to 九十九 and 一百二十三, as lists and articles of law are counted."""
    if not 0 < number < 1000:
        return str(number)
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{_HAN[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_HAN[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_HAN[ones] if ones else "")


def circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 0 < number <= 20 else f"({number})"
