"""Whole numbers in words, to read a large quantity back before it is believed (3,120: three thousand ...)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

LARGEST = 999_999_999

_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_AZ = "sıfır bir iki üç dörd beş altı yeddi səkkiz doqquz".split()
_AZ_TENS = "on iyirmi otuz qırx əlli altmış yetmiş səksən doxsan".split()
_RU = (
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
).split()
_RU_TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()
_RU_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()
_RU_THOUSAND = ("тысяча", "тысячи", "тысяч")
_RU_MILLION = ("миллион", "миллиона", "миллионов")


def in_words(quantity: object, language: str) -> str:
    """A whole number from 0 to ``LARGEST`` in words of ``language``; "" for everything else."""
    try:
        value = Decimal(str(quantity).replace(",", "."))
    except InvalidOperation:
        return ""
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= LARGEST:
        return ""
    say = {"az": _azerbaijani, "ru": _russian}.get(language, _english)
    return " ".join(say(int(value)))


def _english(number: int) -> list[str]:
    for size, word in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            joined = ["and"] if 0 < rest < 100 else []
            return [*_english(number // size), word, *joined, *(_english(rest) if rest else [])]
    if number < 20:
        return [_EN[number]]
    unit = f"-{_EN[number % 10]}" if number % 10 else ""
    return [_EN_TENS[number // 10 - 2] + unit]


def _azerbaijani(number: int) -> list[str]:
    for size, word in ((1_000_000, "milyon"), (1_000, "min"), (100, "yüz")):
        if number >= size:
            many, rest = divmod(number, size)
            # One thousand and one hundred are said without "one"; one million is not.
            count = [] if many == 1 and size < 1_000_000 else _azerbaijani(many)
            return [*count, word, *(_azerbaijani(rest) if rest else [])]
    if number < 10:
        return [_AZ[number]]
    return [_AZ_TENS[number // 10 - 1], *([_AZ[number % 10]] if number % 10 else [])]


def _russian(number: int, feminine: bool = False) -> list[str]:
    for size, words in ((1_000_000, _RU_MILLION), (1_000, _RU_THOUSAND)):
        if number >= size:
            many, rest = divmod(number, size)
            said = [*_russian(many, feminine=size == 1_000), _russian_plural(many, words)]
            return [*said, *(_russian(rest, feminine) if rest else [])]
    if number >= 100:
        rest = number % 100
        return [_RU_HUNDREDS[number // 100 - 1], *(_russian(rest, feminine) if rest else [])]
    if number >= 20:
        rest = number % 10
        return [_RU_TENS[number // 10 - 2], *(_russian(rest, feminine) if rest else [])]
    if feminine and number in (1, 2):
        return ["одна" if number == 1 else "две"]
    return [_RU[number]]


def _russian_plural(number: int, words: tuple[str, str, str]) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return words[0]
    return words[1] if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else words[2]
